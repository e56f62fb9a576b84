import { dict } from "@/i18n";
export const t = dict("demo", { zh: { title: "总览", lead: "本周 312 个账号中 41 个沉睡，比上周少 6 个。", name: "名称" }, en: { title: "Overview", lead: "41 of 312 accounts are asleep, 6 fewer than last week.", name: "Name" } });
