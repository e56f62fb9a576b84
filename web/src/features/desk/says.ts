import { t } from "./i18n";

/** Why a picture was not read, or not wholly. */
export function unreadText(missing: string): string {
  const names = missing.split(",").filter(Boolean);
  const known = names.flatMap((n) => (t.has(`unread.${n}`) ? [t.slug("unread", n)] : []));
  const programs = names.filter((n) => !t.has(`unread.${n}`));
  return [...(programs.length ? [t("unread", { names: programs.join(t("and")) })] : []), ...known].join(" ");
}
