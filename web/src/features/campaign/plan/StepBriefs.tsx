import { Button, Input, Radio, Segmented } from "antd";
import { useState } from "react";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { PLATFORMS, platformName, Section } from "@/ui";
import { t } from "./i18n";
import { Field, Lines } from "./parts";
import type { StepProps } from "./steps";
import { NO_QUESTION, type Brief } from "./types";

const EMPTY = (platform: string): Brief => ({ platform, text: "", standard: "", right: [], wrong: [], question: NO_QUESTION });

/** What headquarters wants, for all platforms and, where it differs, for one. */
export function StepBriefs({ plan, set, fault }: StepProps) {
  const briefs = plan.briefs ?? [];
  const [tab, setTab] = useState("");
  const at = briefs.findIndex((b) => b.platform === tab);
  const brief = briefs[at] ?? EMPTY(tab);
  const change = (c: Partial<Brief>) => {
    const next = { ...brief, ...c };
    set({ briefs: at < 0 ? [...briefs, next] : briefs.map((b, i) => (i === at ? next : b)) });
  };
  const wrong = (field: string) => (at < 0 ? undefined : fault(`briefs[${at}].${field}`));
  const asked = PLATFORMS.filter((p) => !plan.audience.platforms?.length || plan.audience.platforms.includes(p) || briefs.some((b) => b.platform === p));
  const common = briefs.find((b) => b.platform === "");
  return (
    <Section title={t("step.briefs")}>
      <p className="k-muted">{t("briefsText")}</p>
      <div style={{ overflowX: "auto", marginBottom: 12 }}>
        <Segmented
          aria-label={t("step.briefs")}
          value={tab}
          onChange={setTab}
          options={["", ...asked].map((p) => ({ value: p, label: (p ? platformName(p) : t("briefAll")) + (briefs.some((b) => b.platform === p) ? " •" : "") }))}
        />
      </div>
      {tab !== "" && at < 0 ? (
        <p>
          {t("briefSame", { platform: platformName(tab) })}{" "}
          <Button onClick={() => set({ briefs: [...briefs, { ...(common ?? EMPTY("")), platform: tab }] })}>{t("briefOwn", { platform: platformName(tab) })}</Button>
        </p>
      ) : (
        <div className="c-form c-narrow" key={tab}>
          <Text field="text" label={t("brief")} hint={t("briefHint")} value={brief.text} rows={5} max={4000} platform={tab} fault={wrong("text")} onChange={(text) => change({ text })} />
          <Text field="standard" label={t("standard")} hint={t("standardHint")} value={brief.standard} rows={3} max={2000} platform={tab} fault={wrong("standard")} onChange={(standard) => change({ standard })} />
          <Field label={t("right")} hint={t("rightHint")} fault={wrong("right")} group>
            <Lines label={t("right")} max={10} value={brief.right} onChange={(right) => change({ right })} draw={(p) => <CheckedText {...p} field="right" kind="post" platform={tab || undefined} rows={1} maxLength={500} />} />
          </Field>
          <Field label={t("wrong")} hint={t("wrongHint")} fault={wrong("wrong")} group>
            <Lines label={t("wrong")} max={10} value={brief.wrong} onChange={(list) => change({ wrong: list })} draw={(p) => <Input aria-label={p.label} value={p.value} maxLength={500} onChange={(e) => p.onChange(e.target.value)} />} />
          </Field>
          <Asked brief={brief} onChange={change} fault={wrong("question")} />
          {tab !== "" && (
            <span>
              <Button danger type="text" onClick={() => set({ briefs: briefs.filter((b) => b.platform !== tab) })}>
                {t("briefDrop", { platform: platformName(tab) })}
              </Button>
            </span>
          )}
        </div>
      )}
    </Section>
  );
}

function Text(p: { field: string; label: string; hint: string; value: string; rows: number; max: number; platform: string; fault?: string; onChange: (v: string) => void }) {
  return (
    <Field label={p.label} hint={p.hint} fault={p.fault} group>
      <CheckedText value={p.value} onChange={p.onChange} field={p.field} kind="post" platform={p.platform || undefined} label={p.label} rows={p.rows} maxLength={p.max} />
    </Field>
  );
}

/** The one question, with its right answer. */
function Asked({ brief, onChange, fault }: { brief: Brief; onChange: (c: Partial<Brief>) => void; fault?: string }) {
  const q = brief.question;
  const options = q.options ?? [];
  const set = (c: Partial<Brief["question"]>) => onChange({ question: { ...q, ...c } });
  return (
    <Field label={t("question")} hint={t("questionHint")} fault={fault} group>
      <Input aria-label={t("question")} value={q.text} maxLength={200} placeholder={t("questionPlace")} onChange={(e) => set({ text: e.target.value })} />
      {(q.text || options.length > 0) && (
        <Radio.Group className="c-lines" value={q.right} onChange={(e) => set({ right: e.target.value as number })}>
          {(options.length < 6 ? [...options, ""] : options).map((o, i) => (
            <div key={i} className="c-option">
              <Radio value={i} disabled={!o.trim()} aria-label={t("questionRight", { n: i + 1 })} />
              <Input aria-label={t("nth", { what: t("questionOption"), n: i + 1 })} placeholder={t("questionOption")} value={o} maxLength={100} onChange={(e) => set({ options: replaced(options, i, e.target.value) })} />
            </div>
          ))}
        </Radio.Group>
      )}
    </Field>
  );
}

function replaced(list: string[], i: number, v: string): string[] {
  const next = [...list];
  next[i] = v;
  while (next.at(-1) === "") next.pop();
  return next;
}
