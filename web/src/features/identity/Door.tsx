import { Button } from "antd";
import { useEffect, type ReactNode } from "react";
import { lang, setLang } from "@/i18n";
import { t } from "./i18n";
import "./door.css";

/** A page before the console: logo, title, one sentence, a form. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Kosmos`;
  }, [title]);
  return (
    <main className="i-door">
      <div className="i-door-card">
        <img src="/kosmos.svg" width={44} height={44} alt="" />
        <h1>{title}</h1>
        {lead && <p className="k-muted">{lead}</p>}
        {children}
      </div>
      <Button type="text" onClick={() => setLang(lang() === "zh" ? "en" : "zh")}>
        {t("language")}
      </Button>
    </main>
  );
}
