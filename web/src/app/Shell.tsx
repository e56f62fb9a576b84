import { Result, Skeleton } from "antd";
import { Suspense, useEffect, useRef, useState } from "react";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { Crash } from "./Crash";
import { t } from "./i18n";
import { pageOf } from "./pages";
import { ENTRIES } from "./routes";
import { useCan } from "./session";
import { SideMenu } from "./SideMenu";
import { TopBar } from "./TopBar";

const FOLD = "kosmos.menu.folded";

/** Menu, top bar and the page of the address. */
export function Shell() {
  const { pathname } = useLocation();
  const can = useCan();
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLD) === "1");
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    // After a change of page the reader starts at its top.
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [pathname]);

  const fold = () => {
    localStorage.setItem(FOLD, folded ? "0" : "1");
    setFolded(!folded);
  };
  const open = ENTRIES.filter((e) => !e.public && can(e.permission));
  const home = open.find((e) => e.group && !e.path.includes(":"));
  return (
    <div className="k-shell" data-collapsed={folded}>
      <a className="k-skip" href="#main">
        {t("skip")}
      </a>
      <SideMenu entries={open} folded={folded} onFold={fold} />
      <div className="k-body">
        <TopBar entries={open} />
        <main id="main" className="k-main" ref={main} tabIndex={-1}>
          <Crash resetKey={pathname}>
            <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>
              <Routes>
                {open.map((e) => (
                  <Route key={e.path} path={e.path} element={pageOf(e)} />
                ))}
                {home && !open.some((e) => e.path === "/") && (
                  <Route path="/" element={<Navigate to={home.path} replace />} />
                )}
                <Route path="*" element={<NoPage />} />
              </Routes>
            </Suspense>
          </Crash>
        </main>
      </div>
    </div>
  );
}

function NoPage() {
  return (
    <Result status="404" title={t("noPage")} subTitle={t("noPageText")} extra={<Link to="/">{t("toOverview")}</Link>} />
  );
}
