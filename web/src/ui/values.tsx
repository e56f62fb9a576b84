/** Single values as people read them: the short form on screen, the exact one on hover. */
import { Tooltip } from "antd";
import type { ReactNode } from "react";
import {
  change,
  dayText,
  fullNumber,
  MISSING,
  money,
  percent,
  relativeTime,
  shortNumber,
  signedNumber,
  signedPercent,
  timeText,
  type Money as MoneyValue,
  type Ratio,
} from "@/i18n/format";
import { t } from "./i18n";

type Maybe<T> = T | null | undefined;

/** A count; `sign` shows + or −. */
export function Num({ value, sign }: { value: Maybe<number>; sign?: boolean }) {
  const text = sign ? signedNumber(value) : shortNumber(value);
  const full = fullNumber(value);
  const tone = sign && value ? (value > 0 ? " k-good" : " k-bad") : "";
  if (text === MISSING) return <span className="k-muted">{MISSING}</span>;
  return (
    <span className={`k-num${tone}`} title={text.replace(/^[+\u2212]/, "") === full ? undefined : full}>
      {text}
    </span>
  );
}

/** A share; takes a fraction or {num, den}, whose parts show on hover. */
export function Percent({ value }: { value: Maybe<number | Ratio> }) {
  const title = typeof value === "object" && value ? `${fullNumber(value.num)} / ${fullNumber(value.den)}` : undefined;
  return (
    <span className="k-num" title={title}>
      {percent(value)}
    </span>
  );
}

/** Change against an earlier value, coloured and with an arrow; `lessIsBetter` turns the colours. Of a handful no percentage is told but how many more. */
export function Change(props: { now: Maybe<number>; before: Maybe<number>; lessIsBetter?: boolean }) {
  const c = change(props.now, props.before);
  if (c === null) return <span className="k-muted">{MISSING}</span>;
  const good = props.lessIsBetter ? c < 0 : c > 0;
  const tone = c === 0 ? "k-muted" : good ? "k-good" : "k-bad";
  const arrow = c > 0 ? "▲ " : c < 0 ? "▼ " : "";
  return (
    <span className={`k-num ${tone}`}>
      <span aria-hidden>{arrow}</span>
      {handful(props.before) ? (c === 0 ? t("same") : signedNumber((props.now ?? 0) - (props.before ?? 0))) : signedPercent(c)}
    </span>
  );
}

/** Whole and under ten: from 1 to 11 is "+10", not "+1000 %". */
const handful = (n: Maybe<number>) => typeof n === "number" && Number.isInteger(n) && Math.abs(n) < 10;

/** ¥1,234.50 */
export function Money({ value }: { value: Maybe<MoneyValue> }) {
  return <span className="k-num">{money(value)}</span>;
}

/** A day; the full date on hover. */
export function Day({ value }: { value: Maybe<string> }) {
  if (!value) return <span className="k-muted">{MISSING}</span>;
  return (
    <time className="k-num" dateTime={value} title={value}>
      {dayText(value)}
    </time>
  );
}

/** A moment as "3 minutes ago"; the exact one on hover. */
export function RelTime({ value }: { value: Maybe<string | number> }) {
  if (!value) return <span className="k-muted">{MISSING}</span>;
  return (
    <Tooltip title={timeText(value)}>
      <time className="k-num">{relativeTime(value)}</time>
    </Tooltip>
  );
}

/** A moment to the minute. */
export function Time({ value }: { value: Maybe<string | number> }) {
  return <time className="k-num">{timeText(value)}</time>;
}

/** Text or the sign for a missing one. */
export function Text({ value, children }: { value?: Maybe<string>; children?: ReactNode }) {
  const v = value ?? children;
  return v ? <>{v}</> : <span className="k-muted">{MISSING}</span>;
}
