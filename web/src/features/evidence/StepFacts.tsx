import type { ReactNode } from "react";
import { dayText, fullNumber } from "@/i18n/format";
import { Facts, platformName } from "@/ui";
import { t } from "./i18n";

type Body = Record<string, unknown>;

/** Our inner numbers say nothing to a reader; texts are shown beside. */
const HIDDEN = new Set(["account", "sha256", "shipped", "weights"]);

/** What a step recorded, in words; without our inner numbers and without what is empty. */
export function StepFacts({ body }: { body: Body }) {
  const items = Object.entries(body).flatMap(([key, v]) => {
    if (HIDDEN.has(key) || empty(v) || inner(v)) return [];
    return [{ key, label: t.slug("fact", key, key), value: <Value name={key} value={v} /> }];
  });
  return items.length ? <Facts items={items} /> : <p className="k-muted">{t("factsNone")}</p>;
}

function Value({ name, value: v }: { name: string; value: unknown }): ReactNode {
  if (Array.isArray(v)) return <List name={name} list={v} />;
  if (v !== null && typeof v === "object") return <StepFacts body={v as Body} />;
  return <span style={{ overflowWrap: "anywhere" }}>{word(name, v)}</span>;
}

function List({ name, list }: { name: string; list: unknown[] }) {
  if (list.some(inner)) return <>{fullNumber(list.length)}</>; // objects of ours: how many
  if (name === "pictures") return <>{list.map((x) => <code key={String(x)} style={{ display: "block", overflowWrap: "anywhere" }}>{String(x)}</code>)}</>;
  if (list.every((x) => typeof x !== "object")) return <span style={{ overflowWrap: "anywhere" }}>{list.map((x) => word(name, x)).join(t("and"))}</span>;
  return (
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {list.map((x, i) => (
        <li key={i} style={{ overflowWrap: "anywhere" }}>{line(x as Body, i, name)}</li>
      ))}
    </ul>
  );
}

/** One finding, one reviewer's word or one level of the settings in a line. */
function line(x: Body, i: number, name: string): string {
  const head = name === "levels" ? [t.slug("level", ["none", "low", "medium", "high"][i])] : [];
  if ("start" in x && "end" in x) {
    return [word("field", x.field), word("severity", x.severity), String(x.rule), t("places", { from: Number(x.start) + 1, to: Number(x.end) })].join(" · ");
  }
  if ("start" in x && "right" in x) {
    return [word("field", x.field), String(x.rule), t("place", { at: Number(x.start) + 1 }), t(x.right ? "word.right" : "word.false_alarm")].join(" · ");
  }
  return [...head, ...Object.entries(x).filter(([, v]) => !empty(v)).map(([k, v]) => `${t.slug("fact", k, k)} ${word(k, v)}`)].join(" · ");
}

const empty = (v: unknown) => v === "" || v === null || v === undefined || v === "0" || (Array.isArray(v) && v.length === 0);

const inner = (v: unknown) => typeof v === "string" && /^\d{15,}$/.test(v);

/** A single value as people read it. */
function word(name: string, v: unknown): string {
  if (typeof v === "boolean") return t(v ? "yes" : "no");
  if (name === "opens" || name === "closes") return clock(Number(v));
  if (name === "weekdays") return t.slug("weekday", String(v));
  if (typeof v === "number") return fullNumber(v);
  const s = String(v);
  if (name === "platform") return platformName(s);
  if (/^\d{4}-\d\d-\d\d$/.test(s)) return dayText(s);
  return t.slug("word", s, s.replaceAll("|", t("and")));
}

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** What a text of a step is. */
export const textName = (name: string) => (name.startsWith("text_") ? t.slug("word", name.slice(5), t("text.text")) : name.startsWith("suggestion_") ? t("text.suggestion") : t.slug("text", name, t("text.text")));
