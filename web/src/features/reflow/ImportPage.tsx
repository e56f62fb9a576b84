import { Alert, App, Button, Progress } from "antd";
import { useEffect, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { ErrorState, Facts, Page, Section, useToast } from "@/ui";
import { Answers } from "./Answers";
import { Faults } from "./Faults";
import { accountText } from "./Imports";
import { t } from "./i18n";
import { KindName, StateTag } from "./parts";
import { running, type Import } from "./types";
import { brandedIn, UnderstoodView } from "./Understood";

/** One file: what was understood, what importing would do, its progress, its result, taking it back. */
export default function ImportPage() {
  const { id = "" } = useParams();
  const path = `/api/v1/reflow/imports/${id}`;
  const [busy, setBusy] = useState(false);
  const got = useGet<Import>(path, undefined, { every: busy ? 700 : undefined, stale: 0 });
  const state = got.data?.state;
  useEffect(() => setBusy(state !== undefined && running(state)), [state]);
  const i = got.data;
  if (got.error && !i) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!i) return null;
  const open = i.state === "waiting" || i.state === "ready";
  return (
    <Page title={i.file_name} tab={t("title")} back="/data/imports" lead={sentence(i)} actions={<Actions of={i} />}>
      {i.message && <Alert type={i.state === "failed" ? "error" : "warning"} showIcon title={i.message} style={{ marginBottom: 12 }} />}
      {running(i.state) && <Running of={i} />}
      {open ? <Answers key={`${i.account}/${i.as_of}/${i.mapping}`} of={i} /> : <Told of={i} />}
      {i.understood && <UnderstoodView of={i.understood} />}
      <Faults key={`${i.state}/${i.errors}/${i.warnings}`} path={path} errors={i.errors} warnings={i.warnings} />
    </Page>
  );
}

function sentence(i: Import): string {
  const p = { kind: t.slug("kind", i.kind), rows: i.rows, inserted: i.inserted, updated: i.updated, unchanged: i.unchanged };
  if (i.state === "ready") return t("sentence", p);
  if (i.state === "undone") return t("sentenceUndone", p);
  return t(i.state === "done" ? "sentenceDone" : "sentenceWaiting", p);
}

function Running({ of: i }: { of: Import }) {
  const percent = i.total ? Math.floor((100 * i.done) / i.total) : 0;
  return (
    <Section>
      <Progress percent={i.state === "applying" ? percent : 100} status="active" showInfo={i.state === "applying"} aria-label={t("progress", { done: i.done, total: i.total })} />
      <span className="k-muted">{i.state === "applying" ? t("progress", { done: i.done, total: i.total }) : t("undoing")}</span>
    </Section>
  );
}

function Told({ of: i }: { of: Import }) {
  return (
    <Section>
      <Facts
        items={[
          { label: t("state"), value: <StateTag state={i.state} /> },
          { label: t("kindCol"), value: <KindName kind={i.kind} platform={i.platform} /> },
          { label: t("account"), value: i.account ? accountText(i.account) : t("accountFrom") },
          { label: t("asOf"), value: `${timeText(i.as_of)} · ${t.slug("asOf", i.as_of_source)}` },
          { label: t("by"), value: i.source === "command" ? t("byCommand") : i.user },
          { label: t("at"), value: timeText(i.ended_at ?? i.created_at) },
        ]}
      />
    </Section>
  );
}

function Actions({ of: i }: { of: Import }) {
  const can = useCan();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const toast = useToast();
  const path = `/api/v1/reflow/imports/${i.id}`;
  // Figures of every room change with an import.
  const drops = ["/api/v1/reflow/", "/api/v1/post/", "/api/v1/insight/", "/api/v1/account/"];
  const apply = useSend<Import>("POST", `${path}/apply`, ["/api/v1/reflow/"]);
  const undo = useSend<Import>("POST", `${path}/undo`, drops);
  const discard = useSend("DELETE", path, ["/api/v1/reflow/imports"]);
  if (!can("reflow.import")) return null;
  const branded = i.understood ? brandedIn(i.understood).length : 0;
  if (i.state === "done") {
    const to = i.kind === "roster" ? "/matrix/accounts" : "/content/posts";
    return (
      <>
        <Button danger onClick={() => void modal.confirm({ title: t("undo"), content: t("undoSure"), okText: t("undo"), okButtonProps: { danger: true }, onOk: () => undo.mutateAsync({}).catch(toast.failed) })}>
          {t("undo")}
        </Button>
        {branded > 0 && (
          <Link to="/matrix/unofficial?state=found">
            <Button>{t("toRegister", { n: branded })}</Button>
          </Link>
        )}
        <Link to="/">
          <Button>{t("toOverview")}</Button>
        </Link>
        <Link to={to}>
          <Button type="primary">{t(i.kind === "roster" ? "toAccounts" : "toPosts")}</Button>
        </Link>
      </>
    );
  }
  if (i.state !== "ready" && i.state !== "waiting") return null;
  const throwAway = () =>
    discard.mutate({}, { onSuccess: () => { toast.done(t("discarded", { name: i.file_name })); void navigate("/data/imports"); }, onError: toast.failed });
  return (
    <>
      <Button onClick={throwAway} loading={discard.isPending}>
        {t("discard")}
      </Button>
      <Button
        type="primary"
        disabled={i.state !== "ready" || i.total + branded === 0}
        loading={apply.isPending}
        onClick={() => apply.mutate({}, { onSuccess: () => toast.done(t("started")), onError: toast.failed })}
      >
        {i.state === "waiting" ? t("applyLater") : i.total > 0 ? t("apply", { n: i.total }) : branded > 0 ? t("applyBranded", { n: branded }) : t("applyNone")}
      </Button>
    </>
  );
}
