import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { Link, Navigate, NavLink, Route, Routes } from "react-router";
import { useGet } from "@/api";
import { allows, personName, SessionContext, useMe, useSession } from "@/app/session";
import { t } from "./i18n";
import { keepOnlyOf } from "./keep";
import { Failed, Waiting } from "./kit";
import { Login } from "./Login";
import { outbox, useOutbox } from "./outbox";
import { PARTS, TABS, type Part, type Tab } from "./routes";

/** The phone: login, then tabs. */
export function Frame() {
  const session = useSession();
  const me = session.data;
  const owner = me ? `${me.brand.id}/${me.user.id}` : "";
  const client = useQueryClient();
  useEffect(() => {
    outbox.setOwner(owner);
    if (me) keepOnlyOf(client, me);
  }, [client, me, owner]);
  if (session.isPending) return <Waiting />;
  if (session.error?.status === 401) return <Entrance onDone={() => void session.refetch()} />;
  if (!me) return <Failed error={session.error} onRetry={() => void session.refetch()} />;
  return (
    <SessionContext value={me}>
      <Tabs />
    </SessionContext>
  );
}

function Entrance({ onDone }: { onDone: () => void }) {
  const setup = useGet<{ needed: boolean }>("/api/v1/identity/setup", undefined, { stale: 0 });
  if (setup.data?.needed) return <main className="p-center">{t("setup")}</main>;
  return <Login onDone={onDone} />;
}

function Tabs() {
  const me = useMe();
  const parts = PARTS.filter((p) => allows(me, p.permission));
  const tabs = TABS.filter((tab) => parts.some((p) => p.tab === tab));
  return (
    <div className="p-frame">
      <Strip />
      <main className="p-main">
        <Suspense fallback={<Waiting />}>
          <Routes>
            {tabs.map((tab) => (
              <Route key={tab} path={`/${tab}`} element={<TabPage tab={tab} parts={parts.filter((p) => p.tab === tab)} />} />
            ))}
            {parts.map((p) => p.path && <Route key={p.path} path={p.path} element={p.element} />)}
            <Route path="/" element={<Navigate to={`/${tabs[0] ?? "me"}`} replace />} />
            <Route path="*" element={<NoPage />} />
          </Routes>
        </Suspense>
      </main>
      <nav className="p-bar" aria-label={t("tabs")}>
        <ul>
          {tabs.map((tab) => (
            <li key={tab}>
              <NavLink to={`/${tab}`}>
                <TabIcon tab={tab} />
                {t(`tab.${tab}`)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

function TabPage({ tab, parts }: { tab: Tab; parts: Part[] }) {
  const me = useMe();
  const title = tab === "today" ? t("hello", { name: personName(me) }) : tab === "me" ? personName(me) : t(`tab.${tab}`);
  useEffect(() => {
    document.title = `${t(`tab.${tab}`)} · Kosmos`;
  }, [tab]);
  return (
    <>
      <h1>{title}</h1>
      {parts.map((p, i) => (
        <Suspense key={i} fallback={<Waiting />}>
          {p.element}
        </Suspense>
      ))}
    </>
  );
}

function NoPage() {
  return (
    <div className="p-center">
      <p>
        {t("none")} <Link to="/">{t("back")}</Link>
      </p>
    </div>
  );
}

/** Says what waits for the network and what was not accepted. */
function Strip() {
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine, () => true);
  const rows = useOutbox();
  const [open, setOpen] = useState(false);
  const refused = rows.filter((w) => w.refused);
  const waiting = rows.length - refused.length;
  return (
    <div role="status">
      {!online && <div className="p-strip">{t("offline")}</div>}
      {waiting > 0 && <div className="p-strip">{t("waiting", { n: waiting })}</div>}
      {refused.length > 0 && (
        <div className="p-strip">
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t("refused", { n: refused.length })}
          </button>
          {open &&
            refused.map((w) => (
              <div key={w.id}>
                {w.label} <span className="k-bad">{t("refusedWhy", { why: w.refused })}</span>
                <button type="button" onClick={() => void outbox.again(w.id)}>
                  {t("again")}
                </button>
                <button type="button" onClick={() => void outbox.drop(w.id)}>
                  {t("drop")}
                </button>
              </div>
            ))}
        </div>
      )}
    </div>
  );
}

function watchOnline(fn: () => void): () => void {
  addEventListener("online", fn);
  addEventListener("offline", fn);
  return () => {
    removeEventListener("online", fn);
    removeEventListener("offline", fn);
  };
}

const ICONS: Record<Tab, string> = {
  today: "M4 5h16v15H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
  library: "M4 5h10v14H4zM14 7l6 2-4 12-5-2M7 9h4M7 13h4",
  inbox: "M4 5h16v11H10l-5 4v-4H4zM8 10h8",
  leads: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20c0-4 2.500-6 6-6s6 2 6 6M18 8v6M15 11h6",
  me: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.5-4.500 3.500-7 8-7s7.500 2.500 8 7",
};

function TabIcon({ tab }: { tab: Tab }) {
  return (
    <svg width={24} height={24} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.6} strokeLinecap="round" strokeLinejoin="round" aria-hidden>
      <path d={ICONS[tab]} />
    </svg>
  );
}
