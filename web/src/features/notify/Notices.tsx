import { Button, Checkbox } from "antd";
import { Link } from "react-router";
import { request, useGet, useRefresh, useSend } from "@/api";
import { useUrlState } from "@/app/scope";
import { DataTable, Drawer, EmptyState, Page, RelTime, StatusTag, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { Preferences } from "./Preferences";
import type { Notice } from "./types";

const columns: Column<Notice>[] = [
  {
    key: "what",
    title: t("what"),
    fixed: true,
    render: (n) => (
      <>
        <div style={{ fontWeight: n.read ? 400 : 600 }}>{n.link ? <Link to={n.link}>{n.title}</Link> : n.title}</div>
        {n.body && <div className="k-muted">{n.body}</div>}
      </>
    ),
    plain: (n) => [n.title, n.body].filter(Boolean).join(" "),
  },
  { key: "new", title: t("isNew"), width: 100, render: (n) => !n.read && <StatusTag tone="warn">{t("isNew")}</StatusTag>, plain: (n) => (n.read ? "" : t("isNew")) },
  { key: "when", title: t("when"), width: 140, render: (n) => <RelTime value={n.at} />, plain: (n) => n.at },
];

/** All notifications of the person, and which kinds come. */
export default function Notices() {
  const [unread, setUnread] = useUrlState("unread");
  const [settings, setSettings] = useUrlState("settings");
  const count = useGet<{ unread: number }>("/api/v1/notify/unread");
  const read = useSend("POST", "/api/v1/notify/read", ["/api/v1/notify/"]);
  const refresh = useRefresh();
  const toast = useToast();
  const n = count.data?.unread ?? 0;
  return (
    <Page
      title={t("title")}
      lead={count.data && (n ? t("sentence", { n }) : t("sentenceNone"))}
      actions={
        <>
          <Button onClick={() => setSettings("1")}>{t("preferences")}</Button>
          <Button disabled={!n} loading={read.isPending} onClick={() => read.mutate({ body: {} }, { onSuccess: () => toast.done(t("readDone")), onError: toast.failed })}>
            {t("readAll")}
          </Button>
        </>
      }
    >
      <DataTable<Notice>
        id="notify.notices"
        path="/api/v1/notify/notices"
        params={{ unread: unread === "1" ? true : undefined }}
        columns={columns}
        rowKey={(x) => x.id}
        bulk={[
          {
            key: "read",
            label: t("read"),
            run: async (rows) => {
              await request("POST", "/api/v1/notify/read", { body: { ids: rows.slice(0, 200).map((x) => x.id) } });
              refresh("/api/v1/notify/");
              toast.done(t("readSome", { n: Math.min(200, rows.length) }));
            },
          },
        ]}
        extra={
          <Checkbox checked={unread === "1"} onChange={(e) => setUnread(e.target.checked ? "1" : "")}>
            {t("unread")}
          </Checkbox>
        }
        empty={<EmptyState title={t("empty")} text={t("emptyText")} />}
      />
      <Drawer open={settings === "1"} onClose={() => setSettings("")} title={t("preferences")} width={620}>
        <Preferences />
      </Drawer>
    </Page>
  );
}
