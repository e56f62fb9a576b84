import { Drawer as AntDrawer, Skeleton } from "antd";
import type { ReactNode } from "react";
import { t } from "./i18n";
import { ErrorState } from "./States";

/** Props of Drawer. */
export interface DrawerProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  extra?: ReactNode;
  footer?: ReactNode;
  width?: number;
  loading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  children: ReactNode;
}

/** Details at the right of a list; Escape closes it. */
export function Drawer(p: DrawerProps) {
  return (
    <AntDrawer
      open={p.open}
      onClose={p.onClose}
      title={p.title}
      extra={p.extra}
      footer={p.footer}
      size={Math.min(p.width ?? 640, innerWidth - 24)}
      destroyOnHidden
      closable={{ "aria-label": t("close") }}
    >
      {p.loading ? (
        <Skeleton active paragraph={{ rows: 10 }} />
      ) : p.error ? (
        <ErrorState error={p.error} onRetry={p.onRetry} />
      ) : (
        <div className="k-drawer" tabIndex={0} role="group" aria-label={t("details")}>
          {p.children}
        </div>
      )}
    </AntDrawer>
  );
}
