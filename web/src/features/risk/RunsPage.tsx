import { Button } from "antd";
import { Link } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { EmptyState, ErrorState, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { RiskTabs, runName, runOrigin, RunProgress, RunTag } from "./parts";
import type { Run } from "./types";

/** Re-scans, newest first, with their progress. */
export default function RunsPage() {
  const can = useCan();
  const toast = useToast();
  const rescan = useSend("POST", "/api/v1/risk/rescans", ["/api/v1/risk/"]);
  const got = useRuns();
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const list = got.data?.items.filter((r) => r.kind === "rescan");
  return (
    <Page
      title={t("runsTitle")}
      lead={t("runsLead")}
      actions={
        can("risk.write") ? (
          <Button type="primary" loading={rescan.isPending} onClick={() => rescan.mutate({}, { onSuccess: () => toast.done(t("rescanStarted")), onError: toast.failed })}>
            {t("rescanNow")}
          </Button>
        ) : undefined
      }
    >
      <RiskTabs />
      {list?.length === 0 && <EmptyState title={t("runsNone")} text={t("runsNoneText")} />}
      {list?.map((r) => <RunCard key={r.id} run={r} />)}
    </Page>
  );
}

/** The newest runs, read again while one is under way. */
export function useRuns() {
  const got = useGet<{ items: Run[] }>("/api/v1/risk/runs", undefined, { keep: true, every: 3_000 });
  return got;
}

/** One run as a card. */
export function RunCard({ run: r }: { run: Run }) {
  return (
    <Section title={<Link to={`/content/risk/runs/${r.id}`}>{runName(r)}</Link>} extra={<RunTag run={r} />}>
      <RunProgress run={r} />
      <p className="k-muted" style={{ marginBottom: 0 }}>{runOrigin(r)}</p>
      <RunMoves run={r} />
    </Section>
  );
}

/** Pauses, resumes and cancels a run. */
export function RunMoves({ run: r }: { run: Run }) {
  const can = useCan();
  const toast = useToast();
  const send = useSend("POST", "/api/v1/risk/runs/{id}/move", ["/api/v1/risk/"]);
  if (!can("risk.write") || !["running", "paused", "failed"].includes(r.state)) return null;
  const move = (to: string) => send.mutate({ path: { id: r.id }, body: { move: to } }, { onSuccess: () => toast.done(t("moved")), onError: toast.failed });
  return (
    <div className="k-actions" style={{ marginTop: 8 }}>
      {r.state === "running" ? <Button onClick={() => move("pause")}>{t("pause")}</Button> : <Button type="primary" onClick={() => move("resume")}>{t("resume")}</Button>}
      <Button onClick={() => move("cancel")}>{t("stop")}</Button>
    </div>
  );
}
