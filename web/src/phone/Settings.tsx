import { Button, Dialog } from "antd-mobile";
import { request } from "@/api";
import { chooseLang, useMe } from "@/app/session";
import { lang } from "@/i18n";
import { t } from "./i18n";
import { forgetAnswers } from "./keep";
import { Card } from "./kit";
import { outbox } from "./outbox";
import { canOpenOffline } from "./worker";

/** Language, the desktop version, signing out. */
export default function Settings() {
  const me = useMe();
  const leave = async () => {
    const waiting = (await outbox.list()).length;
    if (waiting) {
      const sure = await Dialog.confirm({ content: t("signOutAsk", { n: waiting }), confirmText: t("leave"), cancelText: t("stay") });
      if (!sure) return;
    }
    await request("POST", "/api/v1/identity/logout").catch(() => {}); // an ended session is signed out as well
    forgetAnswers();
    location.assign("/m");
  };
  return (
    <Card title={t("settings")}>
      <ul className="p-rows">
        <li style={{ display: "flex" }}>
          <span style={{ flex: 1 }}>{t("brand")}</span>
          <span className="k-muted">{me.brand.name}</span>
        </li>
        <li style={{ display: "flex", alignItems: "center" }}>
          <span style={{ flex: 1 }}>{t("languageLabel")}</span>
          <Button size="small" onClick={() => void chooseLang(lang() === "zh" ? "en" : "zh")}>
            {t("language")}
          </Button>
        </li>
        <li style={{ display: "flex", gap: 12 }}>
          <span style={{ flex: 1 }}>{t("offlineOpen")}</span>
          <span className="k-muted">{t(canOpenOffline() ? "offlineYes" : "offlineNo")}</span>
        </li>
        <li>
          <a href="/">{t("console")}</a>
        </li>
      </ul>
      <Button block onClick={() => void leave()}>
        {t("signOut")}
      </Button>
    </Card>
  );
}
