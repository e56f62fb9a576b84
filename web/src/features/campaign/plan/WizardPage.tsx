import { Alert, Button, Skeleton, Steps } from "antd";
import { useCallback } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useGet } from "@/api";
import { useUrlState } from "@/app/scope";
import { ErrorState, Page } from "@/ui";
import type { Campaign } from "../run/types";
import { API } from "../types";
import { t } from "./i18n";
import { StepAudience } from "./StepAudience";
import { StepBriefs } from "./StepBriefs";
import { StepCheck } from "./StepCheck";
import { StepGoal } from "./StepGoal";
import { StepMaterials } from "./StepMaterials";
import { STEPS, type Step, type StepProps } from "./steps";
import { StepTasks } from "./StepTasks";
import { StepTime } from "./StepTime";
import { usePlan } from "./usePlan";
import "../console.css";

/** Writing a campaign: seven steps in any order, saved as they are typed. */
export default function WizardPage() {
  const { id = "" } = useParams();
  const got = useGet<Campaign>(`${API}/campaigns/${id}`, undefined, { stale: Infinity });
  if (!got.data) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  return <Wizard key={id} campaign={got.data} />;
}

const DRAW: Record<Exclude<Step, "check">, (p: StepProps) => React.ReactNode> = {
  goal: StepGoal,
  audience: StepAudience,
  tasks: StepTasks,
  briefs: StepBriefs,
  materials: StepMaterials,
  time: StepTime,
};

function Wizard({ campaign }: { campaign: Campaign }) {
  const { plan, saved: now, set, save, adopt, state, problem } = usePlan(campaign);
  const [step, setStep] = useUrlState("step", "goal");
  const go = useNavigate();
  const at = Math.max(0, STEPS.indexOf(step as Step));
  const shown = STEPS[at] ?? "goal";
  const fault = useCallback(
    (field: string) => problem?.fields.find((f) => { const place = f.location.replace(/^body\./, ""); return place === field || place.startsWith(`${field}[`) || place.startsWith(`${field}.`); })?.message,
    [problem],
  );
  const to = (s: Step) => {
    setStep(s);
    void save();
    scrollTo(0, 0);
  };
  const out = campaign.version > 0;
  const next = STEPS[at + 1];
  const Draw = shown === "check" ? null : DRAW[shown];
  return (
    <Page
      title={plan.title || t("untitled")}
      back={campaign.state === "draft" ? "/content/campaigns" : `/content/campaigns/${campaign.id}`}
      lead={
        <span role="status">
          {t(state === "failed" ? "notSaved" : state === "kept" ? "saved" : "saving")} {out && t("editRunning")}
        </span>
      }
      actions={
        <Button
          onClick={() => {
            void save().then((ok) => ok && go(out ? `/content/campaigns/${campaign.id}` : "/content/campaigns"));
          }}
        >
          {t("leave")}
        </Button>
      }
    >
      <div className="c-steps">
        <Steps size="small" current={at} onChange={(i) => to(STEPS[i] ?? "goal")} items={STEPS.map((s) => ({ title: t(`step.${s}`) }))} />
      </div>
      {!campaign.editable && <Alert type="info" showIcon style={{ marginBottom: 12 }} title={t("fixed")} action={<Link to={`/content/campaigns/${campaign.id}`}>{t("toPage")}</Link>} />}
      {campaign.note && now.state === "draft" && <Alert type="warning" showIcon style={{ marginBottom: 12 }} title={t("returned", { note: campaign.note })} />}
      {problem && (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 12 }}
          title={problem.status === 412 ? t("changedElsewhere") : problem.message}
          description={problem.fields.map((f) => <div key={f.location + f.message}>{f.message}</div>)}
          action={problem.status === 412 && <Button size="small" onClick={() => location.reload()}>{t("reload")}</Button>}
        />
      )}
      {Draw ? <Draw id={campaign.id} plan={plan} set={set} fault={fault} /> : <StepCheck campaign={now} plan={plan} save={save} onStep={to} onChecked={adopt} />}
      <div className="c-actions c-end">
        {at > 0 && <Button onClick={() => to(STEPS[at - 1] ?? "goal")}>{t("previous")}</Button>}
        {next && (
          <Button type="primary" onClick={() => to(next)}>
            {t("next", { step: t(`step.${next}`) })}
          </Button>
        )}
      </div>
    </Page>
  );
}
