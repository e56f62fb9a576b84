import { Button, Empty, Skeleton } from "antd";
import { Link } from "react-router";
import { useGet, useSend, type PageOf } from "@/api";
import { relativeTime, timeText } from "@/i18n/format";
import { t } from "./i18n";

interface Notice {
  id: string;
  title: string;
  body?: string | null;
  link?: string | null;
  at: string;
  read: boolean;
}

/** The last ten notifications; opening one reads it. */
export default function NoticeList({ page, onDone }: { page?: string; onDone: () => void }) {
  const list = useGet<PageOf<Notice>>("/api/v1/notify/notices", { limit: 10 });
  const read = useSend("POST", "/api/v1/notify/read", ["/api/v1/notify/"]);
  if (list.isPending) return <Skeleton active />;
  const items = list.data?.items ?? [];
  if (!items.length) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("noNotices")}>{t("noNoticesText")}</Empty>;
  }
  return (
    <>
      <ul className="k-picklist">
        {items.map((n) => (
          <li key={n.id}>
            <Link
              to={n.link || page || "#"}
              onClick={() => {
                if (!n.read) read.mutate({ body: { ids: [n.id] } });
                onDone();
              }}
            >
              <span style={{ fontWeight: n.read ? 400 : 600 }}>{n.title}</span>
              {n.body && <span className="k-muted">{n.body}</span>}
              <small className="k-muted" title={timeText(n.at)}>
                {relativeTime(n.at)}
              </small>
            </Link>
          </li>
        ))}
      </ul>
      <div style={{ display: "flex", justifyContent: "space-between", marginTop: 8 }}>
        <Button type="link" size="small" loading={read.isPending} onClick={() => read.mutate({ body: {} })}>
          {t("readAll")}
        </Button>
        {page && (
          <Link to={page} onClick={onDone}>
            {t("allNotices")}
          </Link>
        )}
      </div>
    </>
  );
}
