import { t } from "./i18n";
import type { ItemPage } from "./types";

/** What the owner is asked to do. */
export function askText({ item, recall }: ItemPage): string {
  if (item.kind === "profile") return t("doProfile");
  return t(recall.action === "edit" ? "doEdit" : "doTakeDown");
}

/** Why nothing is left to do, or null when something is. */
export function endText({ item, recall }: ItemPage): string | null {
  if (item.state === "done") return t("doneText");
  if (item.state === "harmless") return t("harmlessText");
  if (recall.state === "closed") return t("endedText");
  if (item.state === "proved") return t("waitingCheck");
  return null;
}
