import { Skeleton } from "antd";
import { Link } from "react-router";
import { useScopedLink } from "@/app/scope";
import { accountKindName, ACCOUNT_KINDS, Change, Num, Percent, PlatformGlyph, PLATFORMS } from "@/ui";
import { t } from "./i18n";
import { nameOf } from "./parts";
import type { Part } from "./types";

/** The overview cut by platform or by kind of account: a table, as names and several figures go together. counted = the accounts of the period's last day are known. */
export function PartTable({ by, parts, counted = true }: { by: "platform" | "kind"; parts?: Part[] | null; counted?: boolean }) {
  const link = useScopedLink();
  if (parts === undefined) return <Skeleton active title={false} paragraph={{ rows: 7 }} />;
  const order: readonly string[] = by === "platform" ? PLATFORMS : ACCOUNT_KINDS;
  const rows = [...(parts ?? [])].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  const most = Math.max(1, ...rows.map((p) => p.values.views ?? 0));
  return (
    <div className="i-parts" tabIndex={0} role="region" aria-label={t(by === "platform" ? "byPlatform" : "byKind")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(by)}</th>
            <th scope="col">{t("accounts")}</th>
            <th scope="col">{t("active")}</th>
            <th scope="col">{nameOf("posts")}</th>
            <th scope="col">{nameOf("views")}</th>
            <th scope="col">{t("change")}</th>
            <th scope="col" title={t("engagementHelp")}>
              {t("engaged")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((p) => {
            const to = (metric: string) => link("/insight/rows", { metric, [by]: p.key });
            return (
              <tr key={p.key}>
                <th scope="row">{by === "platform" ? <PlatformGlyph platform={p.key} /> : accountKindName(p.key)}</th>
                <td>
                  {counted ? (
                    <Link to={to("accounts")}>
                      <Num value={p.accounts} />
                    </Link>
                  ) : (
                    "—"
                  )}
                </td>
                <td>
                  <Percent value={counted ? { num: p.active, den: p.accounts } : null} />
                </td>
                <td>
                  <Link to={to("posts")}>
                    <Num value={p.values.posts ?? 0} />
                  </Link>
                </td>
                <td>
                  <Link to={to("views")}>
                    <Num value={p.values.views ?? 0} />
                  </Link>
                  <span className="i-bar" aria-hidden>
                    <i style={{ width: `${(100 * (p.values.views ?? 0)) / most}%` }} />
                  </span>
                </td>
                <td>
                  <Change now={p.values.views ?? 0} before={p.previous.views ?? 0} />
                </td>
                <td>
                  <Percent value={p.values.views ? { num: p.values.interactions ?? 0, den: p.values.views } : null} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
