import { BellOutlined, CheckSquareOutlined } from "@ant-design/icons";
import { Badge, Button, Popover, Tooltip } from "antd";
import { lazy, Suspense, useCallback, useState } from "react";
import { Link } from "react-router";
import { useEvents, useGet, useRefresh } from "@/api";
import { t } from "./i18n";
import type { Entry } from "./routes";

const NoticeList = lazy(() => import("./NoticeList"));

/** How many to-dos wait; shown once there is a to-do page. */
export function TodoBell({ entries }: { entries: Entry[] }) {
  const page = entries.find((e) => e.label === "todo");
  const summary = useGet<{ open: number; overdue: number }>(page ? "/api/v1/todo/summary" : null);
  const refresh = useRefresh();
  useEvents("todo", useCallback(() => refresh("/api/v1/todo/"), [refresh]));
  if (!page) return null;
  const label = t("todosCount", { n: summary.data?.open ?? 0 });
  return (
    <Tooltip title={label}>
      <Link to={page.path} aria-label={label}>
        <Badge count={summary.data?.open ?? 0} size="small" offset={[-6, 6]} color={summary.data?.overdue ? undefined : "var(--k-accent)"}>
          <Button type="text" tabIndex={-1} icon={<CheckSquareOutlined />} aria-hidden />
        </Badge>
      </Link>
    </Tooltip>
  );
}

/** Unread notifications, newest first, in a small window. */
export function NoticeBell({ entries }: { entries: Entry[] }) {
  const [open, setOpen] = useState(false);
  const unread = useGet<{ unread: number }>("/api/v1/notify/unread");
  const refresh = useRefresh();
  useEvents("notice", useCallback(() => refresh("/api/v1/notify/"), [refresh]));
  if (unread.error) return null; // no notification service for this person
  const label = t("noticesCount", { n: unread.data?.unread ?? 0 });
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <div style={{ width: 360 }}>
          <Suspense fallback={null}>
            <NoticeList page={entries.find((e) => e.label === "notices")?.path} onDone={() => setOpen(false)} />
          </Suspense>
        </div>
      }
    >
      <Badge count={unread.data?.unread ?? 0} size="small" offset={[-6, 6]}>
        <Button type="text" icon={<BellOutlined />} aria-label={label} title={label} />
      </Badge>
    </Popover>
  );
}
