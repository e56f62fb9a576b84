import { Alert, Button, Popover, Progress, Select, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useSend } from "@/api";
import { lang } from "@/i18n";
import { dayText, timeText } from "@/i18n/format";
import { PlatformGlyph, platformName, roleName, Section, StatusTag, unitKindName, useToast, type Tone } from "@/ui";
import { t } from "./i18n";
import { API, DROPS, type Fit, type Pack } from "./types";
import { wordOf } from "./words";
import "./org.css";

const TONES: Record<string, Tone> = { ready: "good", partly: "warn", not_ready: "bad" };

/** What the guide proposes, with reasons, and the button that creates the units. */
export function GuideResult({ fit, pack, onAgain }: { fit: Fit; pack: Pack; onAgain: () => void }) {
  const { result } = fit;
  const goal = pack.goals.find((g) => g.key === fit.goal);
  const missing = pack.conditions.filter((c) => result.missing.includes(c.key));
  const zh = lang() === "zh";
  const [layout, setLayout] = useState(fit.layout);
  const [structure, setStructure] = useState(fit.structure);
  const fixed = !!fit.applied_at;
  return (
    <>
      <Section title={t.slug("verdict", result.verdict)} extra={<Button onClick={onAgain}>{t("again")}</Button>}>
        <StatusTag tone={TONES[result.verdict] ?? "plain"}>{t("held", { n: pack.conditions.length - missing.length })}</StatusTag>
        {goal && <p>{`${wordOf(goal)} · ${t("kpis", { list: (zh ? goal.kpis_zh : goal.kpis_en).join(zh ? "、" : ", ") })}`}</p>}
        {missing.length > 0 && (
          <>
            <p>{t("advice")}</p>
            <ul className="o-reasons">
              {missing.map((c) => (
                <li key={c.key}>
                  <strong>{wordOf(c)}</strong> {zh ? c.advice_zh : c.advice_en}
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
      <Section title={t("platforms")} extra={<span className="k-muted">{t("guideDay", { day: dayText(fit.pack_day) })}</span>}>
        {result.platforms.map((r) => {
          const p = pack.platforms.find((x) => x.slug === r.platform);
          return (
            <div className="o-rank" key={r.platform}>
              <span style={{ display: "inline-flex", gap: 8, alignItems: "center" }}>
                <PlatformGlyph platform={r.platform} />
              </span>
              <Progress percent={r.score} size="small" format={(n) => t("score", { n: n ?? 0 })} aria-label={platformName(r.platform)} />
              <span>
                {p && (zh ? p.strength_zh : p.strength_en)}
                <span style={{ display: "flex", flexWrap: "wrap", gap: 4, marginTop: 4 }}>
                  {r.reasons.filter((x) => x.for).map((x) => (
                    <Tag key={x.key}>{t.slug("reason", x.key)}</Tag>
                  ))}
                  {p && (
                    <Popover content={t("source", { source: p.source })}>
                      <Button type="link" size="small">{t("sourceShort")}</Button>
                    </Popover>
                  )}
                </span>
              </span>
            </div>
          );
        })}
      </Section>
      <div className="o-two">
        <Shape title={t("layout")} choice={result.layout} of={pack.layouts} note={(x) => (zh ? x.shape_zh : x.shape_en)} value={layout} onChange={fixed ? undefined : setLayout} />
        <Shape title={t("structure")} choice={result.structure} of={pack.structures} note={(x) => (zh ? x.when_zh : x.when_en)} value={structure} onChange={fixed ? undefined : setStructure} />
      </div>
      <Apply fit={fit} layout={layout} structure={structure} />
    </>
  );
}

interface Sides {
  key: string;
  zh: string;
  en: string;
  pros_zh: string[];
  pros_en: string[];
  cons_zh: string[];
  cons_en: string[];
}

interface ShapeProps<T> {
  title: string;
  choice: Fit["result"]["layout"];
  of: T[];
  note: (x: T) => string;
  value: string;
  /** Missing once the units are in place. */
  onChange?: (key: string) => void;
}

function Shape<T extends Sides>(p: ShapeProps<T>) {
  const x = p.of.find((o) => o.key === p.value);
  if (!x) return null;
  const zh = lang() === "zh";
  const list = p.of.map((o) => ({ value: o.key, label: o.key === p.choice.key ? `${wordOf(o)} (${t("proposed")})` : wordOf(o) }));
  return (
    <Section title={p.title} extra={<Select aria-label={p.title} value={p.value} options={list} disabled={!p.onChange} onChange={p.onChange} style={{ minWidth: 240 }} />}>
      <p>{p.note(x)}</p>
      {x.key === p.choice.key && (
        <div style={{ display: "flex", flexWrap: "wrap", gap: 4, marginBottom: 12 }}>
          {p.choice.reasons.filter((r) => r.for).map((r) => (
            <Tag key={r.key}>{t.slug("reason", r.key)}</Tag>
          ))}
        </div>
      )}
      <strong>{t("pros")}</strong>
      <ul className="o-reasons">
        {(zh ? x.pros_zh : x.pros_en).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <strong>{t("cons")}</strong>
      <ul className="o-reasons">
        {(zh ? x.cons_zh : x.cons_en).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Section>
  );
}

function Apply({ fit, layout, structure }: { fit: Fit; layout: string; structure: string }) {
  const units = fit.result.units[structure] ?? [];
  const toast = useToast();
  const navigate = useNavigate();
  const apply = useSend<{ items: unknown[] }, { layout: string; structure: string }>("POST", `${API}/fit/{id}/apply`, DROPS);
  const done = fit.applied_at || apply.data;
  return (
    <Section title={t("unitsToCreate")}>
      <ul className="o-reasons">
        {units.map((u) => (
          <li key={u.path}>
            <b>{u.path}</b> <span className="k-muted">{`${unitKindName(u.kind)} · ${t("leader", { role: roleName(u.role) })}`}</span>
          </li>
        ))}
      </ul>
      <div className="o-actions" style={{ margin: "16px 0 0" }}>
        {done ? (
          <>
            {fit.applied_at && <Alert type="success" showIcon title={t("appliedAt", { time: timeText(fit.applied_at) })} />}
            <Button type="primary" onClick={() => void navigate("/settings/users")}>{t("goInvite")}</Button>
            <Button onClick={() => void navigate("/matrix/units")}>{t("goUnits")}</Button>
          </>
        ) : (
          <Button
            type="primary"
            disabled={!units.length}
            loading={apply.isPending}
            onClick={() => apply.mutate({ path: { id: fit.id }, body: { layout, structure } }, { onSuccess: (r) => toast.done(t("applied", { n: r.items.length })), onError: toast.failed })}
          >
            {t("apply")}
          </Button>
        )}
      </div>
    </Section>
  );
}
