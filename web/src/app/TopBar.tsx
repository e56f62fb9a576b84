import { GlobalOutlined, MoonOutlined, SearchOutlined, SunOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { matchPath, useLocation } from "react-router";
import { lang } from "@/i18n";
import { NoticeBell, TodoBell } from "./Bells";
import { BrandSwitch } from "./BrandSwitch";
import { t } from "./i18n";
import { PeriodPicker } from "./PeriodPicker";
import type { Entry } from "./routes";
import { ScopeSwitch } from "./ScopeSwitch";
import { chooseLang } from "./session";
import { setMode, useMode } from "./theme";
import { UserMenu } from "./UserMenu";

const Palette = lazy(() => import("./Palette"));

/** Brand, scope, period, search, to-dos, notifications, language, look, person. */
export function TopBar({ entries }: { entries: Entry[] }) {
  const { pathname } = useLocation();
  const entry = entries.find((e) => matchPath(e.path, pathname));
  const [palette, setPalette] = useState(false);
  const look = useMode();

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === "k") {
        e.preventDefault();
        setPalette((open) => !open);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <header className="k-top">
      <BrandSwitch />
      {entry?.scope !== false && <ScopeSwitch />}
      {entry?.period !== false && <PeriodPicker />}
      <div className="k-gap" />
      <button type="button" className="k-searchbtn" onClick={() => setPalette(true)} aria-label={t("search")}>
        <SearchOutlined />
        <span>{t("search")}</span>
        <kbd>{shortcut()}</kbd>
      </button>
      <TodoBell entries={entries} />
      <NoticeBell entries={entries} />
      <Tooltip title={t("languageLabel")}>
        <Button
          type="text"
          className="k-hide-phone"
          icon={<GlobalOutlined />}
          aria-label={t("languageLabel")}
          onClick={() => void chooseLang(lang() === "zh" ? "en" : "zh")}
        >
          <span className="k-hide-narrow">{t("language")}</span>
        </Button>
      </Tooltip>
      <Tooltip title={t("theme")}>
        <Button
          type="text"
          className="k-hide-narrow"
          icon={look === "dark" ? <SunOutlined /> : <MoonOutlined />}
          aria-label={t("theme")}
          onClick={() => setMode(look === "dark" ? "light" : "dark")}
        />
      </Tooltip>
      <UserMenu entries={entries} />
      {palette && (
        <Suspense fallback={null}>
          <Palette entries={entries} onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </header>
  );
}

function shortcut(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K";
}
