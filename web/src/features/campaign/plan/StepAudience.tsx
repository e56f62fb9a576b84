import { InputNumber, Radio, Select, Skeleton } from "antd";
import { useDeferredValue, useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import { asProblem, request } from "@/api";
import { fullNumber } from "@/i18n/format";
import { ACCOUNT_KINDS, accountKindName, options, PLATFORMS, platformName, roleName, ROLES, Section } from "@/ui";
import { t } from "./i18n";
import { Field, Words } from "./parts";
import { MembersPick, UnitsPick } from "./picks";
import type { StepProps } from "./steps";
import { useRested } from "./useRested";
import type { Count, Filter } from "./types";
import { API } from "../types";

const LEVELS = ["junior", "middle", "senior"] as const;
const ASKED = ROLES.filter((r) => ["kos", "store_manager", "region_manager", "koc"].includes(r));

/** Who the campaign is for; the count follows while it is edited. */
export function StepAudience({ plan, set, fault }: StepProps) {
  const f = plan.audience;
  const change = (c: Partial<Filter>) => set({ audience: { ...f, ...c } });
  const many = (key: "roles" | "platforms" | "kinds" | "levels", list: { value: string; label: string }[]) => (
    <Select mode="multiple" allowClear showSearch={{ optionFilterProp: "label" }} aria-label={t(`audience.${key}`)} placeholder={t("anyOf")} value={f[key] ?? []} onChange={(v: string[]) => change({ [key]: v })} options={list} style={{ width: "100%" }} />
  );
  return (
    <div className="c-split">
      <div>
        <Section title={t("who")}>
          <div className="c-form">
            <Field label={t("audience.units")} fault={fault("units")} group>
              <UnitsPick label={t("audience.units")} value={f.units} onChange={(units) => change({ units })} />
            </Field>
            <Field label={t("audience.roles")} group>{many("roles", options(ASKED, roleName))}</Field>
            <Field label={t("audience.tags")} group>
              <Words label={t("audience.tags")} value={f.tags} max={30} onChange={(tags) => change({ tags })} placeholder={t("tagsHint")} />
            </Field>
            <Pair label={t("audience.tenure")} unit={t("days")} from={f.tenure_min || null} to={f.tenure_max || null} max={3650} onChange={(a, b) => change({ tenure_min: a ?? 0, tenure_max: b ?? 0 })} />
            <Pair label={t("audience.done")} hint={t("audience.doneHint")} unit="%" from={f.done_min} to={f.done_max} max={100} onChange={(a, b) => change({ done_min: a, done_max: b })} />
          </div>
        </Section>
        <Section title={t("which")}>
          <div className="c-form">
            <Field label={t("audience.platforms")} group>{many("platforms", options(PLATFORMS, platformName))}</Field>
            <Field label={t("audience.kinds")} group>{many("kinds", options(ACCOUNT_KINDS, accountKindName))}</Field>
            <Field label={t("audience.levels")} group>{many("levels", options(LEVELS, (k) => t.slug("level", k)))}</Field>
            <Field label={t("audience.ownership")} hint={t("audience.ownershipHint")} group>
              <Radio.Group value={f.ownership} onChange={(e) => change({ ownership: e.target.value as Filter["ownership"] })} options={(["", "company", "personal"] as const).map((value) => ({ value, label: t(`owner.${value || "any"}`) }))} />
            </Field>
            <Pair label={t("audience.followers")} from={f.followers_min} to={f.followers_max} onChange={(a, b) => change({ followers_min: a, followers_max: b })} />
          </div>
        </Section>
        <Section title={t("without")}>
          <div className="c-form">
            <Field label={t("audience.not_units")} group>
              <UnitsPick label={t("audience.not_units")} value={f.not_units} onChange={(not_units) => change({ not_units })} />
            </Field>
            <Field label={t("audience.not_members")} group>
              <MembersPick label={t("audience.not_members")} value={f.not_members} onChange={(not_members) => change({ not_members })} />
            </Field>
            <Field label={t("audience.not_tags")} group>
              <Words label={t("audience.not_tags")} value={f.not_tags} max={30} onChange={(not_tags) => change({ not_tags })} placeholder={t("tagsHint")} />
            </Field>
          </div>
        </Section>
      </div>
      <aside className="c-aside" aria-live="polite">
        <Counted filter={f} />
      </aside>
    </div>
  );
}

function Pair(p: { label: string; hint?: string; unit?: string; from: number | null; to: number | null; max?: number; onChange: (from: number | null, to: number | null) => void }) {
  return (
    <Field label={p.label} hint={p.hint} group>
      <div className="c-inline">
        <InputNumber aria-label={t("from", { what: p.label })} placeholder={t("atLeast")} min={0} max={p.max} precision={0} value={p.from} onChange={(v) => p.onChange(v, p.to)} suffix={p.unit} />
        <span aria-hidden>–</span>
        <InputNumber aria-label={t("upTo", { what: p.label })} placeholder={t("atMost")} min={0} max={p.max} precision={0} value={p.to} onChange={(v) => p.onChange(p.from, v)} suffix={p.unit} />
      </div>
    </Field>
  );
}

/** How many are meant, and who is left out for which reason. */
export function Counted({ filter }: { filter: Filter }) {
  const key = useMemo(() => JSON.stringify(filter), [filter]);
  const rested = useRested(useDeferredValue(key), 350);
  const got = useQuery({
    queryKey: [`${API}/audience`, rested],
    queryFn: ({ signal }) => request<Count>("POST", `${API}/audience`, { body: { filter: JSON.parse(rested) as Filter }, signal }),
    placeholderData: (prev) => prev,
    staleTime: 30_000,
  });
  const c = got.data;
  if (!c) return <Section title={t("counted")}>{got.error ? <p className="k-bad">{asProblem(got.error).message}</p> : <Skeleton active paragraph={{ rows: 4 }} />}</Section>;
  const left = (["unasked", "no_account"] as const).filter((k) => c[k] > 0);
  return (
    <Section title={t("counted")}>
      <p className="c-figure" data-old={got.isPlaceholderData || rested !== key}>
        {t("countedPeople", { n: fullNumber(c.people) })}
      </p>
      <p>{t("countedMore", { accounts: fullNumber(c.accounts), units: fullNumber(c.units) })}</p>
      <p className="k-muted">{t("countedOwn", { company: fullNumber(c.company), personal: fullNumber(c.personal) })}</p>
      {left.length > 0 && (
        <>
          <b>{t("leftOut")}</b>
          <ul className="c-plain">
            {left.map((k) => (
              <li key={k}>{t(`left.${k}`, { n: fullNumber(c[k]) })}</li>
            ))}
          </ul>
        </>
      )}
      {c.people === 0 && <p className="k-warn">{t("countedNone")}</p>}
      <p className="k-muted">{t("countedLive")}</p>
    </Section>
  );
}
