import { Button } from "antd-mobile";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useGet, useSend, type PageOf } from "@/api";
import { allows, useMe } from "@/app/session";
import { Ago, Card, Failed, Waiting } from "@/phone/kit";
import { targetOf } from "@/phone/open";
import { t } from "./i18n";
import "./notify.css";
import type { Notice } from "./types";

/** The last notifications; a tap opens what one is about. */
export default function PhoneNotices() {
  const list = useGet<PageOf<Notice>>("/api/v1/notify/notices", { limit: 10 });
  const read = useSend("POST", "/api/v1/notify/read", ["/api/v1/notify/"]);
  if (list.isPending) return <Waiting />;
  if (!list.data) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  const rows = list.data.items ?? [];
  const unread = rows.some((n) => !n.read);
  return (
    <Card
      title={t("phoneTitle")}
      extra={
        unread && (
          <Button size="mini" fill="none" color="primary" loading={read.isPending} onClick={() => read.mutate({ body: {} })}>
            {t("phoneRead")}
          </Button>
        )
      }
    >
      {rows.length === 0 && <p className="k-muted">{t("empty")}</p>}
      <ul className="p-rows">
        {rows.map((n) => (
          <li key={n.id}>
            <Opens notice={n} onOpen={() => !n.read && read.mutate({ body: { ids: [n.id] } })}>
              <div style={{ fontWeight: n.read ? 400 : 600 }}>{n.title}</div>
              {n.body && <div className="k-muted">{n.body}</div>}
              <small>
                <Ago value={n.at} />
              </small>
            </Opens>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The whole row is the link: to the phone's page, or to the console where the phone has none. */
function Opens({ notice: n, onOpen, children }: { notice: Notice; onOpen: () => void; children: ReactNode }) {
  const me = useMe();
  if (!n.link) return <>{children}</>;
  const target = targetOf(n.link, (permission) => allows(me, permission));
  const row = (
    <>
      <div>{children}</div>
      <i aria-hidden>›</i>
    </>
  );
  return target.to ? (
    <Link to={target.to} className="n-row" onClick={onOpen}>
      {row}
    </Link>
  ) : (
    <a href={target.href} className="n-row" onClick={onOpen}>
      {row}
    </a>
  );
}
