/** Sentences about tasks that more than one page says. */
import { money, relativeTime, shortNumber, timeText } from "@/i18n/format";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import type { MyTask, Reward, Step } from "./types";

const SOON = 48 * 3_600_000;

/** "in 3 hours (11-28 18:00)", "by 12-05 18:00", "late since yesterday". */
export function dueText(due: string | null, now: number = Date.now()): { text: string; late: boolean } {
  if (!due) return { text: t("dueNone"), late: false };
  const left = new Date(due).getTime() - now;
  const at = timeText(due).slice(5).replace("-", "\u2011").replace(" ", "\u00a0"); // stays in one piece
  if (left < 0) return { text: t("late", { at }), late: true };
  return { text: left < SOON ? t("dueIn", { when: relativeTime(due, now), at }) : t("dueAt", { at }), late: false };
}

/** What is promised, in words; "" when nothing is. */
export function rewardText(r: Reward): string {
  return [r.text, r.points > 0 && t("points", { n: shortNumber(r.points) }), r.fen > 0 && money({ fen: r.fen, currency: "CNY" })].filter(Boolean).join(" + ");
}

/** Platform, minutes and reward in one line; what is not known is left out. */
export function aboutText(task: Pick<MyTask, "minutes" | "reward" | "platform" | "account">): string {
  const reward = rewardText(task.reward);
  return [task.platform && platformName(task.platform), task.account, task.minutes > 0 && t("minutes", { n: task.minutes }), reward && t("reward", { what: reward })].filter(Boolean).join(" · ");
}

/** Good, bad or quiet: how a state is coloured. */
export function stateTone(s: Step): "good" | "warn" | "bad" | "off" | "plain" {
  if (s === "passed" || s === "settled") return "good";
  if (s === "rejected" || s === "denied") return "bad";
  if (s === "given" || s === "look" || s === "appealed") return "warn";
  return s === "declined" || s === "gone" ? "off" : "plain";
}

/** A hashtag with one sign, whatever was written. */
export const tagText = (h: string): string => `#${h.replace(/^#|#$/g, "")}`;
