import { Alert, Radio, Skeleton } from "antd";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { ErrorState, Page, Section, useToast } from "@/ui";
import { Field } from "../plan/parts";
import { API } from "../types";
import { t } from "./i18n";
import { Limits } from "./Limits";
import { Thresholds } from "./Thresholds";
import { APPROVALS, PLANNED, SUBMITTED, type Choices, type Settings } from "./types";
import "../console.css";

const PATH = `${API}/settings`;

/** Who approves, how alike is too much alike, what platforms bear. */
export default function SettingsPage() {
  const got = useGet<Settings>(PATH, undefined, { stale: 0 });
  const s = got.data;
  const can = useCan();
  const toast = useToast();
  const send = useSend("PUT", PATH, [`${API}/`]);
  if (!s) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 12 }} />;
  const may = can("campaign.settings");
  /** Saves one change; resolves to whether it was taken. */
  const save = async (change: Partial<Choices>): Promise<boolean> => {
    const body: Choices = { approval: s.approval, planned: s.planned, submitted: s.submitted, thresholds: s.thresholds ?? [], limits: s.limits ?? [], ...change };
    try {
      await send.mutateAsync({ body, ifMatch: `"${s.rev}"` });
      toast.done(t("saved"));
      return true;
    } catch (err) {
      toast.failed(err);
      void got.refetch();
      return false;
    }
  };
  return (
    <Page title={t("settings")} back="/content/campaigns" lead={[t("settingsLead"), s.at ? t("lastSaved", { by: s.by, at: timeText(s.at) }) : ""].filter(Boolean).join(" ")}>
      {!may && <Alert type="info" showIcon style={{ marginBottom: 12 }} title={t("readOnly")} />}
      <Section title={t("approval")}>
        <div className="c-form c-narrow">
          <Field label={t("approval")} hint={t("approvalHint")} group>
            <Radio.Group className="c-lines" disabled={!may} value={s.approval} onChange={(e) => void save({ approval: e.target.value as Choices["approval"] })} options={APPROVALS.map((value) => ({ value, label: t(`approval.${value}`) }))} />
          </Field>
        </div>
      </Section>
      <Section title={t("alike")}>
        <div className="c-form c-narrow">
          <Field label={t("planned")} group>
            <Radio.Group disabled={!may} value={s.planned} onChange={(e) => void save({ planned: e.target.value as Choices["planned"] })} options={PLANNED.map((value) => ({ value, label: t(`planned.${value}`) }))} />
          </Field>
          <Field label={t("submitted")} group>
            <Radio.Group disabled={!may} value={s.submitted} onChange={(e) => void save({ submitted: e.target.value as Choices["submitted"] })} options={SUBMITTED.map((value) => ({ value, label: t(`submitted.${value}`) }))} />
          </Field>
        </div>
      </Section>
      <Thresholds settings={s} may={may} save={save} />
      <Limits settings={s} may={may} save={save} />
    </Page>
  );
}
