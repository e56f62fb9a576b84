import { PlusOutlined, StarFilled } from "@ant-design/icons";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { request, useGet, useRefresh } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { DataTable, Day, EmptyState, Num, Page, PlatformGlyph, PLATFORMS, platformName, RelTime, useToast, type Bulk, type Column } from "@/ui";
import { EnterDialog } from "./EnterDialog";
import { HitDrawer } from "./HitDrawer";
import { t } from "./i18n";
import { API, KINDS, METRICS, type Count, type Hit } from "./types";
import { KindTag, timesText, whyText } from "./Why";
import "./hit.css";

/** Who published it: the account, or the author as it was entered. */
const whose = (h: Hit): string => h.account?.name || h.account?.handle || h.author || "—";

const columns = (): Column<Hit>[] => [
  {
    key: "title",
    title: t("post"),
    fixed: true,
    render: (h) => (
      <span className="ht-name">
        <PlatformGlyph platform={h.platform} bare />
        <span>
          <b>
            {h.star_at && <StarFilled className="ht-star" aria-label={t("starred")} />} {h.title || t("untitled")}
          </b>
          <small className="k-muted">{whyText(h.signals[0]) || h.note || t(`origin.${h.origin}`)}</small>
        </span>
      </span>
    ),
    plain: (h) => h.title,
  },
  { key: "kind", title: t("kind"), width: 90, render: (h) => <KindTag hit={h} />, plain: (h) => t(`kind.${h.kind}`) },
  { key: "times", title: t("timesUsual"), width: 110, align: "right", sort: "strength", sortFirst: "desc", render: (h) => (h.signals[0] ? <b>{timesText(h.signals[0].own_times)}</b> : "—"), plain: (h) => h.signals[0]?.own_times ?? "" },
  { key: "views", title: t("metric.views"), width: 90, align: "right", sort: "views", sortFirst: "desc", render: (h) => <Num value={h.views} />, plain: (h) => h.views },
  { key: "interactions", title: t("metric.interactions"), width: 90, align: "right", sort: "interactions", sortFirst: "desc", render: (h) => <Num value={h.interactions} />, plain: (h) => h.interactions },
  { key: "account", title: t("account"), width: 150, render: whose, plain: whose },
  { key: "unit", title: t("unit"), width: 160, hidden: true, render: (h) => h.account?.unit || "—", plain: (h) => h.account?.unit ?? "" },
  { key: "platform", title: t("platform"), width: 90, hidden: true, render: (h) => platformName(h.platform), plain: (h) => platformName(h.platform) },
  { key: "published", title: t("published"), width: 110, sort: "published", sortFirst: "desc", render: (h) => <Day value={h.published_day} />, plain: (h) => h.published_day },
  { key: "template", title: t("template"), width: 90, render: (h) => (h.template_id ? <Link to={`/content/library/${h.template_id}`}>{t("seeTemplate")}</Link> : "—"), plain: (h) => (h.template_id ? t("seeTemplate") : "") },
  { key: "found", title: t("foundAt"), width: 110, sort: "found", sortFirst: "desc", render: (h) => <RelTime value={h.found_at} />, plain: (h) => h.found_at },
];

/** Hits: what did far better than usual, and posts of others worth learning from. */
export default function Hits() {
  const can = useCan();
  const go = useNavigate();
  const scope = useScope();
  const [shown, setShown] = useState<Hit | null>(null);
  const [entering, setEntering] = useState(false);
  const count = useGet<Count>(`${API}/count`, { unit: scope.unit });
  const bulk = useTurn();
  const c = count.data;
  const lead = !c ? t("lead") : c.looked_at ? t("leadCount", { n: c.listed, week: c.week, star: c.starred, template: c.templated }) : t("leadNever");
  const enter = can("hit.write") ? (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEntering(true)}>
      {t("enter")}
    </Button>
  ) : undefined;
  return (
    <Page
      title={t("title")}
      lead={lead}
      actions={
        <>
          <Button onClick={() => void go("/content/hits/settings")}>{t("settings")}</Button>
          <Button onClick={() => void go("/content/hits/calendar")}>{t("calendar")}</Button>
          {can("hit.write") && <Button onClick={() => void go("/content/hits/import")}>{t("byFile")}</Button>}
          {enter}
        </>
      }
    >
      <DataTable<Hit>
        id="hit.hits"
        path={`${API}/hits`}
        params={{ unit: scope.unit }}
        columns={columns()}
        rowKey={(h) => h.id}
        href={(h) => `/content/hits/${h.id}`}
        onOpen={setShown}
        bulk={bulk}
        defaultSort="-found"
        filters={[
          { key: "q", type: "search", label: t("search"), width: 200 },
          { key: "published", type: "days", label: t("published") },
          { key: "kind", type: "select", label: t("kind"), options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
          { key: "platform", type: "select", label: t("platform"), options: PLATFORMS.map((value) => ({ value, label: platformName(value) })) },
          { key: "metric", type: "select", label: t("by"), options: METRICS.map((value) => ({ value, label: t(`metric.${value}`) })) },
          { key: "starred", type: "select", label: t("starred"), options: [{ value: "true", label: t("starredOnly") }] },
          { key: "templated", type: "select", label: t("template"), options: [{ value: "true", label: t("templatedOnly") }] },
          { key: "state", type: "select", label: t("state"), options: (["listed", "dismissed", "gone"] as const).map((value) => ({ value, label: t(`state.${value}`) })) },
        ]}
        exportName={t("title")}
        empty={<EmptyState title={t("none")} text={t("noneText")} action={enter} />}
      />
      {shown && <HitDrawer id={shown.id} onClose={() => setShown(null)} />}
      {entering && (
        <EnterDialog
          onClose={() => setEntering(false)}
          onEntered={(id) => {
            setEntering(false);
            void go(`/content/hits/${id}`);
          }}
        />
      )}
    </Page>
  );
}

/** What can be said of chosen hits. */
export function useTurn(): Bulk<Hit>[] {
  const can = useCan();
  const toast = useToast();
  const refresh = useRefresh();
  const { modal } = App.useApp();
  const send = async (verb: string, rows: Hit[], reason = "") => {
    const got = await request<{ changed: number }>("POST", `${API}/turn`, { body: { ids: rows.map((h) => h.id), verb, reason } });
    refresh(`${API}/`);
    toast.done(t("did", { n: got.changed }));
  };
  const dismiss = (rows: Hit[]) =>
    new Promise<unknown>((resolve, reject) => {
      let reason = "";
      modal.confirm({
        title: t("dismissAsk"),
        content: <Input.TextArea autoFocus aria-label={t("dismissAsk")} maxLength={500} onChange={(e) => (reason = e.target.value)} />,
        okText: t("dismiss"),
        cancelText: t("cancel"),
        onOk: () => send("dismiss", rows, reason).then(resolve, reject),
        onCancel: () => resolve(false),
      });
    });
  const unless = (ok: (h: Hit) => boolean, why: string) => (rows: Hit[]) => (rows.every(ok) ? undefined : why);
  return [
    ...(can("hit.star")
      ? [
          { key: "star", label: t("star"), blocked: unless((h) => !h.star_at && h.state === "listed", t("onlyUnstarred")), run: (rows: Hit[]) => send("star", rows) },
          { key: "unstar", label: t("unstar"), blocked: unless((h) => !!h.star_at, t("onlyStarred")), run: (rows: Hit[]) => send("unstar", rows) },
        ]
      : []),
    ...(can("hit.write")
      ? [
          { key: "dismiss", label: t("dismiss"), blocked: unless((h) => h.state === "listed", t("onlyListed")), run: dismiss },
          { key: "restore", label: t("restore"), blocked: unless((h) => h.state === "dismissed", t("onlyDismissed")), run: (rows: Hit[]) => send("restore", rows) },
        ]
      : []),
  ];
}
