import { Button, Tag } from "antd";
import { useNavigate } from "react-router";
import { useGet, type Query } from "@/api";
import { useScope, useScopedLink, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { dayText, fullNumber, timeText } from "@/i18n/format";
import { DataTable, EmptyState, Fresh, Num, options, originName, Page, Percent, platformName, PLATFORMS, type Column, type View } from "@/ui";
import { t } from "./i18n";
import { PostAccount, PostTitle, rate } from "./parts";
import { KINDS, type Post } from "./types";

/** All posts of the scope, narrowed by the days they were published on and more. */
export default function PostList() {
  const { unit } = useScope();
  const [params, set] = useUrlStates();
  const link = useScopedLink();
  const navigate = useNavigate();
  const can = useCan();
  const account = params.get("account") ?? "";
  const query: Query = { unit, account };
  const narrowed = Object.fromEntries(["published", "platform", "kind", "status", "fell", "q"].map((k) => [k, params.get(k)]));
  const got = useGet<{ count: number; over: boolean }>("/api/v1/post/count", { ...query, ...narrowed }, { keep: true });
  const count = got.data && (got.data.over ? t("countOver") : t("count", { n: fullNumber(got.data.count) }));
  const views: View[] = [
    { key: "latest", label: t("viewLatest"), query: {} },
    { key: "top", label: t("viewTop"), query: { sort: "-views" } },
    { key: "fell", label: t("viewFell"), query: { fell: "true" } },
    { key: "deleted", label: t("viewDeleted"), query: { status: "deleted" } },
  ];
  return (
    <Page
      title={t("title")}
      lead={count ? lead(params.get("published") ?? "", count) : " "}
    >
      <DataTable<Post>
        id="post.posts"
        path="/api/v1/post/posts"
        params={query}
        columns={columns(link)}
        rowKey={(p) => p.id}
        views={views}
        defaultSort="-published_at"
        filters={[
          { key: "q", type: "search", label: t("search"), width: 160 },
          { key: "published", type: "days", label: t("published") },
          { key: "platform", type: "select", label: t("platform"), width: 96, options: options(PLATFORMS, platformName) },
          { key: "kind", type: "select", label: t("kind"), width: 88, options: options(KINDS, (k) => t.slug("kind", k)) },
          { key: "status", type: "select", label: t("status"), width: 88, options: options(["live", "deleted"], (k) => t.slug("status", k)) },
          { key: "fell", type: "select", label: t("fell"), width: 104, options: [{ value: "true", label: t("fellYes") }] },
        ]}
        extra={account && <OnlyAccount account={account} onClear={() => set({ account: "" })} />}
        total={got.data && (got.data.over ? null : got.data.count)}
        href={(p) => link(`/content/posts/${p.id}`)}
        xlsx="/api/v1/post/posts.xlsx"
        exportName={t("title")}
        empty={
          <EmptyState
            title={t("none")}
            text={t("noneText")}
            action={
              can("reflow.import") && (
                <Button type="primary" onClick={() => void navigate("/data/imports")}>
                  {t("import")}
                </Button>
              )
            }
          />
        }
      />
    </Page>
  );
}

/** "1,204 posts, published November 1 to November 22". */
function lead(published: string, count: string): string {
  const [from = "", to = ""] = published.split("..");
  if (from && to) return t("leadDays", { from: dayText(from), to: dayText(to), count });
  if (from) return t("leadFrom", { from: dayText(from), count });
  if (to) return t("leadTo", { to: dayText(to), count });
  return t("lead", { count });
}

function OnlyAccount({ account, onClear }: { account: string; onClear: () => void }) {
  const got = useGet<{ name?: string; handle?: string }>(`/api/v1/account/accounts/${account}`);
  return (
    <Tag closable onClose={onClear} closeIcon aria-label={t("clear")}>
      {t("onlyAccount", { name: got.data?.name || got.data?.handle || "…" })}
    </Tag>
  );
}

/** The columns of a list of posts. */
export function columns(link: (path: string) => string): Column<Post>[] {
  const count = (key: "views" | "likes" | "comments" | "saves" | "shares", sort?: string): Column<Post> => ({
    key,
    hidden: key !== "views",
    title: t(`counter.${key}`),
    sort,
    sortFirst: "desc",
    align: "right",
    width: 104,
    render: (p) => <Num value={p[key]} />,
    plain: (p) => p[key] ?? "",
  });
  return [
    { key: "title", title: t("titleCol"), fixed: true, width: 290, render: (p) => <PostTitle post={p} to={link(`/content/posts/${p.id}`)} />, plain: (p) => p.title },
    { key: "account", title: t("account"), width: 176, render: (p) => <PostAccount post={p} />, plain: (p) => p.account.name || p.account.handle },
    { key: "kind", title: t("kind"), width: 76, render: (p) => t.slug("kind", p.kind), plain: (p) => t.slug("kind", p.kind, "") },
    {
      key: "published",
      title: t("published"),
      sort: "published_at",
      sortFirst: "desc",
      width: 150,
      render: (p) => <span className="k-num">{published(p)}</span>,
      plain: published,
    },
    count("views", "views"),
    count("likes", "likes"),
    count("comments"),
    count("saves"),
    count("shares"),
    { key: "interactions", title: t("interactions"), sort: "interactions", sortFirst: "desc", align: "right", width: 96, render: (p) => <Num value={p.interactions} />, plain: (p) => p.interactions ?? "" },
    { key: "engagement", title: t("engagement"), align: "right", width: 90, render: (p) => <Percent value={rate(p)} /> },
    { key: "platform", title: t("platform"), hidden: true, width: 110, render: (p) => platformName(p.platform), plain: (p) => platformName(p.platform) },
    { key: "unit", title: t("unit"), hidden: true, width: 160, render: (p) => p.account.unit_name || "—", plain: (p) => p.account.unit_path },
    { key: "member", title: t("member"), hidden: true, width: 110, render: (p) => p.account.member || "—", plain: (p) => p.account.member },
    { key: "source", title: t("source"), width: 150, render: (p) => <Fresh at={p.as_of} origins={[p.origin]} />, plain: (p) => `${originName(p.origin)} ${timeText(p.as_of)}` },
  ];
}

/** When a post came out: the day alone where the source tells no time. */
export function published(p: Post): string {
  const text = timeText(p.published_at);
  return p.day_only ? text.slice(0, 10) : text;
}
