import { Alert, Button } from "antd";
import { useEffect } from "react";
import { Link } from "react-router";
import { useGet, useRefresh } from "@/api";
import { useScope, useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import {
  accountKindName, ACCOUNT_KINDS, DataTable, EmptyState, ErrorState, Num, options, Page, PlatformGlyph, platformName, PLATFORMS, Section, StatusTag, UnitPath, type Column, type Tone,
} from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import { PillarName, pillarOptions, tenths } from "./parts";
import { STANDINGS, usePillars, type Gap, type MixView, type Pillar } from "./types";

/** How the scope shares its posts among the pillars, and which accounts are short of what. */
export default function PillarsPage() {
  const can = useCan();
  const link = useScopedLink();
  const { query } = useScope();
  const set = usePillars();
  const mix = useGet<MixView>(`${API}/mix`, { unit: query.unit }, { keep: true, every: set.data?.left ? 2_000 : undefined });
  const refresh = useRefresh();
  const left = mix.data?.left ?? false;
  useEffect(() => {
    if (!left) refresh(`${API}/gaps`, `${API}/pillars`); // what was changed is counted now
  }, [left, refresh]);
  const failed = set.error ?? mix.error;
  if (failed) return <ErrorState error={failed} onRetry={() => void Promise.all([set.refetch(), mix.refetch()])} />;
  const list = set.data?.items ?? [];
  const may = can("library.pillars") && (list.length > 0 || set.data?.may_set);
  const setup = may && (
    <Link to={link("/content/library/pillars/edit")}>
      <Button type={list.length ? "default" : "primary"}>{t(list.length ? "setup" : "start")}</Button>
    </Link>
  );
  const m = mix.data;
  return (
    <Page
      back="/content/library"
      title={t("title")}
      lead={m && set.data && (list.length ? t("lead", { days: set.data.days, posts: m.posts, judged: m.judged, lacking: m.lacking }) : t("leadEmpty"))}
      actions={
        list.length > 0 && (
          <>
            <Link to={link("/content/library/pillars/posts")}>
              <Button>{t("posts")}</Button>
            </Link>
            {setup}
          </>
        )
      }
    >
      {left && <Alert type="info" showIcon title={t("sorting")} style={{ marginBottom: 16 }} />}
      {set.data && !list.length ? (
        <EmptyState title={t("emptyTitle")} text={t(may ? "emptyText" : "emptyReader")} action={setup || undefined} />
      ) : (
        m && (
          <>
            <Section title={t("mix")} extra={<span className="k-muted">{t("mixSpan", { from: dayText(m.from), to: dayText(m.to) })}</span>}>
              {m.posts ? <Mix mix={m} pillars={list} /> : <EmptyState title={t("noPosts")} text={t("noPostsText")} />}
            </Section>
            <h2>{t("accounts")}</h2>
            <Accounts pillars={list} least={m.least} unit={query.unit} />
          </>
        )
      )}
    </Page>
  );
}

/** One line a pillar: its share as a bar, the target as a stroke. */
function Mix({ mix, pillars }: { mix: MixView; pillars: Pillar[] }) {
  const link = useScopedLink();
  const can = useCan();
  const part = (id: string | null) => mix.parts.find((p) => p.pillar_id === id);
  const rows = [...pillars.filter((p) => p.active || part(p.id)), undefined];
  const share = (v: number | null | undefined) => (mix.posts ? (v ?? 0) : null);
  const most = Math.max(1, ...mix.parts.flatMap((p) => [p.share ?? 0, p.target ?? 0]));
  return (
    <ul className="lp-mix">
      {rows.map((p) => {
        const x = part(p?.id ?? null);
        if (!p && !x) return null;
        const target = x?.target ?? null;
        const says = target === null ? t("shareOnly", { share: tenths(share(x?.share)) }) : t("shareOf", { share: tenths(share(x?.share)), target: tenths(target) });
        return (
          <li key={p?.id ?? "none"}>
            <Link to={link("/content/library/pillars/posts", p ? { pillar: p.id } : { none: "true" })}>
              <PillarName pillar={p} />
            </Link>
            <span className="lp-bar" role="img" aria-label={t("barSays", { name: p?.name ?? t("none"), share: tenths(share(x?.share)), target: target === null ? t("noTarget") : tenths(target) })}>
              <i style={{ width: `${((share(x?.share) ?? 0) * 100) / most}%`, background: p?.color ?? "#9aa0a6" }} />
              {target !== null && <b style={{ left: `calc(${(target * 100) / most}% - 1px)` }} />}
            </span>
            <span>{says}</span>
            <span>
              {!p && can("library.write") ? (
                <Link to={link("/content/library/pillars/posts", { none: "true" })}>{t("sortThem")}</Link>
              ) : x?.short ? (
                <span className="k-bad">{t("shortN", { n: x.short })}</span>
              ) : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const TONES: Record<Gap["standing"], Tone> = { short: "bad", fine: "good", few: "plain", none: "off" };

function Accounts({ pillars, least, unit }: { pillars: Pillar[]; least: number; unit?: string }) {
  const link = useScopedLink();
  const of = (id: string | null) => pillars.find((p) => p.id === id);
  const name = (g: Gap) => g.account.name || g.account.handle;
  const columns: Column<Gap>[] = [
    {
      key: "account", title: t("account"), fixed: true, width: 240, plain: name,
      render: (g) => <span className="lp-name"><PlatformGlyph platform={g.account.platform} bare /> {name(g)}</span>,
    },
    { key: "standing", title: t("standing"), width: 110, render: (g) => <span title={g.standing === "few" ? t("fewHint", { n: least }) : undefined}><StatusTag tone={TONES[g.standing]}>{t(`standing.${g.standing}`)}</StatusTag></span>, plain: (g) => t(`standing.${g.standing}`) },
    { key: "short", title: t("short"), width: 90, align: "right", render: (g) => <Num value={g.short} />, plain: (g) => g.short },
    { key: "worst", title: t("worst"), width: 130, render: (g) => (g.worst_id ? <PillarName pillar={of(g.worst_id)} /> : "—"), plain: (g) => of(g.worst_id)?.name ?? "" },
    { key: "posts", title: t("postsN"), width: 80, align: "right", render: (g) => <Num value={g.posts} />, plain: (g) => g.posts },
    { key: "spread", title: t("spread"), width: 190, render: (g) => <Spread gap={g} pillars={pillars} />, plain: (g) => says(g, pillars) },
    { key: "kind", title: t("kind"), width: 110, hidden: true, render: (g) => accountKindName(g.account.kind), plain: (g) => accountKindName(g.account.kind) },
    { key: "member", title: t("member"), width: 110, render: (g) => g.account.member || "—", plain: (g) => g.account.member },
    { key: "unit", title: t("unit"), render: (g) => <UnitPath unit={g.account.unit_id} short />, plain: (g) => g.account.unit },
  ];
  return (
    <DataTable<Gap>
      id="library.gaps"
      path={`${API}/gaps`}
      xlsx={`${API}/gaps.xlsx`}
      exportName={t("sheet")}
      params={{ unit }}
      columns={columns}
      rowKey={(g) => g.account.id}
      href={(g) => link("/content/library/pillars/posts", { account: g.account.id })}
      filters={[
        { key: "standing", type: "select", label: t("standing"), options: STANDINGS.map((value) => ({ value, label: t(`standing.${value}`) })) },
        { key: "pillar", type: "select", label: t("shortOf"), options: pillarOptions(pillars) },
        { key: "platform", type: "select", label: t("platform"), options: options(PLATFORMS, platformName) },
        { key: "kind", type: "select", label: t("kind"), options: options(ACCOUNT_KINDS, accountKindName) },
      ]}
      empty={<EmptyState title={t("noPosts")} text={t("noPostsText")} />}
    />
  );
}

/** An account's posts by pillar, in words. */
const says = (g: Gap, pillars: Pillar[]): string =>
  g.parts.filter((p) => p.posts > 0).map((p) => `${pillars.find((x) => x.id === p.pillar_id)?.name ?? t("none")} ${p.posts}`).join(" · ");

function Spread({ gap, pillars }: { gap: Gap; pillars: Pillar[] }) {
  const text = says(gap, pillars);
  return (
    <span className="lp-strip" role="img" aria-label={text} title={text}>
      {gap.parts.map((p) => (
        <i key={p.pillar_id ?? "none"} style={{ width: `${(p.posts * 100) / Math.max(1, gap.posts)}%`, background: pillars.find((x) => x.id === p.pillar_id)?.color ?? "transparent" }} />
      ))}
    </span>
  );
}
