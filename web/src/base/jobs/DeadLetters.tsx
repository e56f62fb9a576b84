import { Button } from "antd";
import { useState } from "react";
import { request, useRefresh, useSend } from "@/api";
import { DataTable, Drawer, EmptyState, Facts, Page, RelTime, Time, useToast, type Column } from "@/ui";
import { t } from "./i18n";

interface Letter {
  id: string;
  kind: string;
  args: unknown;
  error: string;
  tries: number;
  created_at: string;
  died_at: string;
}

const columns: Column<Letter>[] = [
  { key: "kind", title: t("kind"), fixed: true, width: 240, render: (l) => <code>{l.kind}</code>, plain: (l) => l.kind },
  { key: "error", title: t("error"), render: (l) => firstLine(l.error), plain: (l) => l.error },
  { key: "tries", title: t("tries"), width: 100, align: "right", render: (l) => l.tries, plain: (l) => l.tries },
  { key: "died", title: t("died"), width: 140, render: (l) => <RelTime value={l.died_at} />, plain: (l) => l.died_at },
];

function firstLine(s: string): string {
  const line = s.split("\n")[0] ?? "";
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/** Jobs that failed for good, and driving them again. */
export default function DeadLetters() {
  const [open, setOpen] = useState<Letter | null>(null);
  const all = useSend<{ retried: number }>("POST", "/api/v1/jobs/dead/retry", ["/api/v1/jobs/"]);
  const refresh = useRefresh();
  const toast = useToast();
  const again = async (rows: Letter[]) => {
    for (const l of rows) await request("POST", `/api/v1/jobs/dead/${l.id}/retry`);
    refresh("/api/v1/jobs/");
    toast.done(t("retried", { n: rows.length }));
    setOpen(null);
  };
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <Button
          loading={all.isPending}
          onClick={() => all.mutate({}, { onSuccess: (r) => toast.done(t("retried", { n: r.retried })), onError: toast.failed })}
        >
          {t("retryAll")}
        </Button>
      }
    >
      <DataTable<Letter>
        id="jobs.dead"
        path="/api/v1/jobs/dead"
        columns={columns}
        rowKey={(l) => l.id}
        onOpen={setOpen}
        bulk={[{ key: "again", label: t("retry"), run: again }]}
        empty={<EmptyState title={t("empty")} text={t("emptyText")} />}
      />
      <Drawer
        open={open !== null}
        onClose={() => setOpen(null)}
        title={t("detail")}
        extra={
          open && (
            <Button type="primary" onClick={() => void again([open]).catch(toast.failed)}>
              {t("retry")}
            </Button>
          )
        }
      >
        {open && (
          <>
            <Facts
              items={[
                { label: t("kind"), value: <code>{open.kind}</code> },
                { label: t("tries"), value: open.tries },
                { label: t("created"), value: <Time value={open.created_at} /> },
                { label: t("died"), value: <Time value={open.died_at} /> },
              ]}
            />
            <h3>{t("error")}</h3>
            <pre className="k-pre">{open.error}</pre>
            <h3>{t("args")}</h3>
            <pre className="k-pre">{JSON.stringify(open.args, null, 2)}</pre>
          </>
        )}
      </Drawer>
    </Page>
  );
}
