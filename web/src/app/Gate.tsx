import { useQueryClient } from "@tanstack/react-query";
import { Button, Result } from "antd";
import { Suspense, useEffect } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { onSignedOut, useGet } from "@/api";
import { t } from "./i18n";
import { Opening } from "./Opening";
import { pageOf } from "./pages";
import { ENTRIES } from "./routes";
import { SessionContext, useSession } from "./session";
import { Shell } from "./Shell";

/** Decides between public pages, set-up, login and the console. */
export function Gate() {
  return (
    <Suspense fallback={<Opening />}>
      <Routes>
        {ENTRIES.filter((e) => e.public).map((e) => (
          <Route key={e.path} path={e.path} element={<div className="k-bare">{pageOf(e)}</div>} />
        ))}
        <Route path="*" element={<Private />} />
      </Routes>
    </Suspense>
  );
}

function Private() {
  const session = useSession();
  const client = useQueryClient();
  const { pathname, search } = useLocation();
  const known = session.data !== undefined;
  useEffect(() => {
    if (!known) return; // the first look at the session answers for itself
    return onSignedOut(() => void client.resetQueries({ queryKey: ["/api/v1/identity/me"] }));
  }, [client, known]);

  if (session.isPending) return <Opening />;
  if (session.error?.status === 401) return <Entrance from={pathname + search} />;
  if (session.error && !session.data) {
    return (
      <Result
        status="warning"
        title={t("noServer")}
        subTitle={session.error.message}
        extra={
          <Button type="primary" onClick={() => void session.refetch()}>
            {t("retry")}
          </Button>
        }
      />
    );
  }
  return (
    <SessionContext value={session.data}>
      <Shell />
    </SessionContext>
  );
}

/** Signed out: to set-up on a new store, else to login, remembering where the person wanted to go. */
function Entrance({ from }: { from: string }) {
  const setup = useGet<{ needed: boolean }>("/api/v1/identity/setup", undefined, { stale: 0 });
  if (setup.isPending) return <Opening />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return <Navigate to={from === "/" ? "/login" : `/login?next=${encodeURIComponent(from)}`} replace />;
}
