import { Skeleton } from "antd";
import { Link } from "react-router";
import { useGet, type PageOf } from "@/api";
import { useScope, useScopedLink } from "@/app/scope";
import { ErrorState, Num } from "@/ui";
import { t } from "./i18n";
import { counterName, PostTitle } from "./parts";
import { published } from "./PostList";
import type { Post } from "./types";

/** The newest posts of one account, with the way to all of them. */
export function AccountPosts({ accountId }: { accountId: string }) {
  const { from, to } = useScope();
  const link = useScopedLink();
  const got = useGet<PageOf<Post>>("/api/v1/post/posts", { account: accountId, from, to, sort: "-published_at", limit: 8 }, { keep: true });
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!got.data) return <Skeleton active title={false} paragraph={{ rows: 5 }} />;
  const rows = got.data.items ?? [];
  if (!rows.length) return <p className="k-muted">{t("noneDays")}</p>;
  return (
    <>
      <div className="p-snaps p-short" tabIndex={0} role="region" aria-label={t("accountPosts")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("titleCol")}</th>
              <th scope="col">{t("published")}</th>
              <th scope="col">{t("kind")}</th>
              <th scope="col">{counterName("views")}</th>
              <th scope="col">{t("interactions")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((p) => (
              <tr key={p.id}>
                <th scope="row">
                  <PostTitle post={p} to={link(`/content/posts/${p.id}`)} />
                </th>
                <td>{published(p)}</td>
                <td>{t.slug("kind", p.kind)}</td>
                <td>
                  <Num value={p.views} />
                </td>
                <td>
                  <Num value={p.interactions} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p style={{ margin: "12px 0 0" }}>
        <Link to={link("/content/posts", { account: accountId, published: `${from}..${to}` })}>{t("accountAll")}</Link>
      </p>
    </>
  );
}
