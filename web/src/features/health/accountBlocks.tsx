import { t } from "./i18n";
import { HealthDetail } from "./parts";

/** What the health room shows on an account's page. */
export const accountBlocks = [{ key: "health", order: 15, title: () => t("title"), permission: "health.read", Body: HealthDetail }];
