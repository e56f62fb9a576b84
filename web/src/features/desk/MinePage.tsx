import { Button } from "antd";
import { Link, useNavigate } from "react-router";
import { timeText } from "@/i18n/format";
import { DataTable, EmptyState, Page, RelTime, Time, type Column } from "@/ui";
import { t } from "./i18n";
import { StateTag, Target } from "./parts";
import { API, type Submission } from "./types";

const STATES = ["reading", "waiting", "changes", "rejected", "blocked", "approved", "published", "expired", "withdrawn"] as const;

/** What the person handed in, newest first. */
export default function MinePage() {
  const navigate = useNavigate();
  const add = <Link to="/desk/new"><Button type="primary">{t("send")}</Button></Link>;
  const columns: Column<Submission>[] = [
    { key: "content", title: t("content"), fixed: true, width: 320, render: (s) => <b style={{ fontWeight: 500 }}>{s.title}</b>, plain: (s) => s.title },
    { key: "kind", title: t("kind"), width: 100, render: (s) => t(`kind.${s.kind}`), plain: (s) => t(`kind.${s.kind}`) },
    { key: "account", title: t("account"), width: 180, render: (s) => <Target item={s} />, plain: (s) => s.account?.handle ?? "" },
    { key: "state", title: t("status"), width: 140, render: (s) => <StateTag state={s.state} />, plain: (s) => t(`state.${s.state}`) },
    { key: "submitted", title: t("submitted"), width: 140, render: (s) => <RelTime value={s.submitted_at} />, plain: (s) => timeText(s.submitted_at) },
    { key: "due", title: t("due"), width: 170, render: (s) => (s.state === "waiting" ? <Time value={s.due_at} /> : s.state === "approved" ? <Time value={s.expires_at} /> : "—"), plain: (s) => timeText(s.due_at) },
  ];
  return (
    <Page title={t("mineTitle")} actions={add}>
      <DataTable<Submission>
        id="desk.mine"
        path={`${API}/mine`}
        columns={columns}
        rowKey={(s) => s.id}
        filters={[{ key: "state", type: "select", label: t("status"), options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) }]}
        href={(s) => `/desk/mine/${s.id}`}
        onOpen={(s) => void navigate(`/desk/mine/${s.id}`)}
        empty={<EmptyState title={t("mineNone")} text={t("mineNoneText")} action={add} />}
      />
    </Page>
  );
}
