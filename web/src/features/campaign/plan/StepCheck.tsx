import { Alert, Button } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { asProblem, newKey, request, useRefresh, type Problem } from "@/api";
import { useCan } from "@/app/session";
import { FindingList } from "@/features/risk/checked/FindingList";
import { lang } from "@/i18n";
import { comma, fullNumber, timeText } from "@/i18n/format";
import { Facts, platformName, Section, useToast } from "@/ui";
import type { Campaign, Verb } from "../run/types";
import { API } from "../types";
import { t } from "./i18n";
import { Counted } from "./StepAudience";
import { stepOf, STEPS, type Step } from "./steps";
import type { Plan } from "./types";

/** Everything once more, what is missing, what the rules found, and the way on. */
export function StepCheck({ campaign, plan, save, onStep, onChecked }: { campaign: Campaign; plan: Plan; save: () => Promise<boolean>; onStep: (s: Step) => void; onChecked: (c: Campaign) => void }) {
  const [busy, setBusy] = useState<Verb | "">("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const toast = useToast();
  const refresh = useRefresh();
  const can = useCan();
  const go = useNavigate();
  const turn = async (verb: Verb) => {
    setBusy(verb);
    setProblem(null);
    try {
      if (!(await save())) return;
      const next = await request<Campaign>("POST", `${API}/campaigns/${campaign.id}/turn`, { body: { verb }, idempotencyKey: newKey() });
      onChecked(next);
      refresh(`${API}/`);
      if (verb === "submit") {
        toast.done(t("submitted", { title: plan.title }));
        void go(`/content/campaigns/${campaign.id}`);
      }
    } catch (err) {
      const p = asProblem(err);
      setProblem(p);
      if (!p.fields.length) toast.failed(err);
    } finally {
      setBusy("");
    }
  };
  const turns = campaign.turns ?? [];
  const findings = campaign.findings ?? [];
  return (
    <div className="c-split">
      <div>
        <Section title={t("summary")}>
          <Summary plan={plan} />
        </Section>
        {problem && problem.fields.length > 0 && <Missing problem={problem} onStep={onStep} />}
        {campaign.verdict !== "" && <Verdict campaign={campaign} onStep={onStep} />}
        <Section>
          <div className="c-actions">
            {(turns.includes("check") || campaign.editable) && (
              <Button type={turns.includes("submit") ? "default" : "primary"} loading={busy === "check"} onClick={() => void turn("check")}>
                {t("check")}
              </Button>
            )}
            {turns.includes("submit") && (
              <Button type="primary" loading={busy === "submit"} onClick={() => void turn("submit")}>
                {t("submit")}
              </Button>
            )}
            {campaign.state !== "draft" && (
              <Link to={`/content/campaigns/${campaign.id}`}>
                <Button>{t("toPage")}</Button>
              </Link>
            )}
          </div>
          <p className="k-muted">{t(turns.includes("submit") ? (findings.length ? "submitWarn" : "submitText") : campaign.state === "running" ? "checkRunning" : "checkText")}</p>
          {can("campaign.approve") && turns.includes("submit") && <p className="k-muted">{t("approveText")}</p>}
        </Section>
      </div>
      <aside className="c-aside">
        <Counted filter={plan.audience} />
      </aside>
    </div>
  );
}

function Summary({ plan }: { plan: Plan }) {
  const tags = plan.hashtags.all ?? [];
  const tasks = plan.tasks ?? [];
  return (
    <Facts
      items={[
        { label: t("title"), value: plan.title || "—" },
        { label: t("topic"), value: plan.topic || "—" },
        { label: t("hashtags"), value: tags.map((h) => `#${h}`).join(" ") || "—" },
        { label: t("window"), value: plan.starts_at || plan.ends_at ? `${timeText(plan.starts_at)} – ${timeText(plan.ends_at)}` : "—" },
        { label: t("mode"), value: t(`mode.${plan.mode || "spread"}`).split(/[：:]/)[0] },
        { label: t("step.tasks"), value: tasks.map((x) => x.title || t.slug("type", x.type)).join(comma()) || "—" },
        { label: t("audience.platforms"), value: plan.audience.platforms?.map(platformName).join(comma()) || t("anyOf") },
        { label: t("materialsAll"), value: t("itemsCount", { n: fullNumber(plan.materials?.length ?? 0) }) },
      ]}
    />
  );
}

function Missing({ problem, onStep }: { problem: Problem; onStep: (s: Step) => void }) {
  const steps = STEPS.filter((s) => problem.fields.some((f) => stepOf(f.location) === s));
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 16 }}
      title={t("missing")}
      description={steps.map((s) => (
        <div key={s}>
          <Button type="link" size="small" onClick={() => onStep(s)}>
            {t(`step.${s}`)}
          </Button>
          <ul className="c-plain">
            {problem.fields.filter((f) => stepOf(f.location) === s).map((f) => (
              <li key={f.location + f.message}>{f.message}</li>
            ))}
          </ul>
        </div>
      ))}
    />
  );
}

/** What the rules say, grouped by the step where it can be put right. */
export function Verdict({ campaign, onStep }: { campaign: Campaign; onStep?: (s: Step) => void }) {
  const findings = (campaign.findings ?? []).map((f) => ({ ...f, category: f.category ?? "", reason: lang() === "en" && f.reason_en ? f.reason_en : f.reason }));
  const steps = STEPS.filter((s) => findings.some((f) => stepOf(f.field) === s));
  return (
    <Section title={t("rules")}>
      <p className={campaign.verdict === "block" ? "k-bad" : campaign.verdict === "pass" ? "k-good" : "k-warn"}>{t.slug("verdict", campaign.verdict)}</p>
      {steps.map((s) => (
        <div key={s}>
          {onStep ? (
            <Button type="link" size="small" style={{ padding: 0 }} onClick={() => onStep(s)}>
              {t("fixIn", { step: t(`step.${s}`) })}
            </Button>
          ) : (
            <b>{t(`step.${s}`)}</b>
          )}
          <FindingList findings={findings.filter((f) => stepOf(f.field) === s)} />
        </div>
      ))}
    </Section>
  );
}
