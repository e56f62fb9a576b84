import { AccountCurve } from "./AccountCurve";
import { t } from "./i18n";

/** What the insight room shows on an account's page. */
export const accountBlocks = [{ key: "curve", order: 10, title: () => t("curve"), permission: "insight.read", Body: AccountCurve }];
