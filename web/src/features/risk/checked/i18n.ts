import { dict } from "@/i18n";

/** Words of the checked text box, on console and phone. */
export const t = dict("risk.checked", {
  zh: {
    "severity.high": "不能发",
    "severity.medium": "需审核",
    "severity.low": "提醒",
    article: "依据：{article}",
    advice: "建议：{rewrite}",
    replace: "换成“{to}”",
    drop: "删去“{text}”",
    clean: "没有发现问题",
    found: "发现 {n} 处问题",
    checking: "正在检查…",
    failed: "检查暂时不可用，不影响填写",
    list: "检查结果",
  },
  en: {
    "severity.high": "Blocked",
    "severity.medium": "Needs review",
    "severity.low": "Hint",
    article: "Basis: {article}",
    advice: "Advice: {rewrite}",
    replace: "Replace with “{to}”",
    drop: "Leave out “{text}”",
    clean: "Nothing found",
    found: "{n} {n|problem|problems} found",
    checking: "Checking…",
    failed: "The check is not available right now; you can go on writing",
    list: "Findings",
  },
});
