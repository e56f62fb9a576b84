import { Link } from "react-router";
import { Card } from "@/phone/kit";
import { t } from "./i18n";

/** The way to the notification settings. */
export default function PhoneSettingsLink() {
  return (
    <Card>
      <Link to="/notices/settings" style={{ display: "flex", color: "inherit", textDecoration: "none", minHeight: 32, alignItems: "center" }}>
        <span style={{ flex: 1 }}>{t("phoneSettings")}</span>
        <span aria-hidden className="k-muted">
          ›
        </span>
      </Link>
    </Card>
  );
}
