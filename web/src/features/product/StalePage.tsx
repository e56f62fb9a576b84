import { App, Input, Progress } from "antd";
import { Link } from "react-router";
import { request, useGet, useRefresh, type PageOf } from "@/api";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { money } from "@/i18n/format";
import { DataTable, EmptyState, Money, Page, PlatformGlyph, RelTime, Section, StatusTag, UnitPath, useToast, type Bulk, type Column } from "@/ui";
import { t } from "./i18n";
import { API, STALE_STATES, type Check, type Item, type Stale } from "./types";
import { Marked, Strip } from "./words";

const howText = (s: Stale) => [s.how && t.slug("how", s.how), s.decided_by, s.note].filter(Boolean).join(" · ");

const columns: Column<Stale>[] = [
  { key: "content", title: t("content"), fixed: true, width: 340, render: (s) => <Words s={s} />, plain: (s) => s.content },
  { key: "product", title: t("product"), width: 130, render: (s) => <Link to={`/content/products/${s.product_id}`}>{s.product}</Link>, plain: (s) => s.product },
  { key: "old", title: t("oldPrice"), width: 120, align: "right", render: (s) => <Money value={s.old} />, plain: (s) => s.old.fen / 100 },
  { key: "new", title: t("newPrice"), width: 120, align: "right", render: (s) => (s.new ? <Money value={s.new} /> : t("noPrice")), plain: (s) => (s.new ? s.new.fen / 100 : "") },
  {
    key: "account", title: t("account"), width: 170,
    render: (s) => (s.kind === "template" ? t("kind.template") : <span className="k-path"><PlatformGlyph platform={s.account.platform} bare /> {s.account.name || s.account.handle}</span>),
    plain: (s) => s.account.name || s.account.handle,
  },
  { key: "member", title: t("member"), width: 100, render: (s) => s.account.member || "—", plain: (s) => s.account.member },
  { key: "unit", title: t("where"), width: 160, render: (s) => <UnitPath unit={s.unit_id} short />, plain: (s) => s.account.unit },
  { key: "state", title: t("state"), width: 100, render: (s) => <StatusTag tone={s.state === "open" ? "warn" : s.state === "fixed" ? "good" : "off"}>{t(`stale.${s.state}`)}</StatusTag>, plain: (s) => t(`stale.${s.state}`) },
  { key: "how", title: t("howSettled"), width: 170, render: (s) => howText(s) || "—", plain: howText },
  { key: "found", title: t("foundAt"), width: 110, render: (s) => <RelTime value={s.found_at} />, plain: (s) => s.found_at },
];

function Words({ s }: { s: Stale }) {
  return (
    <span style={{ whiteSpace: "normal" }}>
      {s.url ? (
        <a href={s.url} target="_blank" rel="noopener noreferrer">
          <Marked text={s.content} span={s.span} />
        </a>
      ) : (
        <Marked text={s.content} span={s.span} />
      )}
    </span>
  );
}

/** What still shows an old price, by unit, and what became of it. */
export default function StalePage() {
  const { unit } = useScope();
  const can = useCan();
  const bulk = useDecide();
  const products = useGet<PageOf<Item>>(can("product.read") ? `${API}/products` : null, { limit: 200 });
  return (
    <Page title={t("stale")} lead={t("staleLead")}>
      <Strip />
      <Checks />
      <DataTable<Stale>
        id="product.stale"
        path={`${API}/stale`}
        params={{ unit }}
        columns={columns}
        rowKey={(s) => s.product_id + s.object_id}
        bulk={bulk}
        views={[{ key: "open", label: t("stale.open"), query: { state: "open" } }]}
        filters={[
          { key: "state", type: "select", label: t("state"), options: STALE_STATES.map((value) => ({ value, label: t(`stale.${value}`) })) },
          { key: "kind", type: "select", label: t("kind"), options: (["post", "template"] as const).map((value) => ({ value, label: t(`kind.${value}`) })) },
          { key: "product", type: "select", label: t("product"), options: (products.data?.items ?? []).map((p) => ({ value: p.id, label: p.name })) },
        ]}
        exportName={t("stale")}
        empty={<EmptyState title={t("staleNone")} text={t("staleNoneText")} />}
      />
      <ByUnit unit={unit} />
    </Page>
  );
}

function Checks() {
  const got = useGet<PageOf<Check>>(`${API}/checks`, { limit: 5 }, { every: 4000 });
  const refresh = useRefresh();
  const rows = got.data?.items ?? [];
  const running = rows.find((c) => c.state === "searching");
  if (!rows.length) return null;
  return (
    <Section title={t("checks")} flush extra={running ? undefined : <button type="button" className="k-view" onClick={() => refresh(`${API}/`)}>{t("reload")}</button>}>
      <table className="pr-table">
        <tbody>
          {rows.map((c) => (
            <tr key={c.id}>
              <td>
                <b>{c.title}</b>
                <div className="k-muted">
                  {c.changes.slice(0, 3).map((x, i) => (
                    <span key={i}>{`${i ? "；" : ""}${x.old.map((m) => money(m)).join(" / ")} → ${x.new ? money(x.new) : t("noPrice")}`}</span>
                  ))}
                </div>
              </td>
              <td style={{ width: 240 }}>
                {c.state === "searching" ? (
                  <Progress percent={c.total ? Math.min(99, Math.floor((100 * c.looked) / c.total)) : 0} size="small" aria-label={t("checking")} />
                ) : (
                  t("checkDone", { looked: c.looked, found: c.found })
                )}
              </td>
              <td style={{ width: 140 }}>
                <RelTime value={c.started_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function ByUnit({ unit }: { unit: string }) {
  const got = useGet<{ items: { unit_id: string | null; counts: Partial<Record<Stale["state"], number>> }[] }>(`${API}/stale/units`, { unit });
  const rows = [...(got.data?.items ?? [])].sort((a, b) => (b.counts.open ?? 0) - (a.counts.open ?? 0));
  if (rows.length < 2) return null;
  return (
    <Section title={t("byUnit")} flush>
      <table className="pr-table">
        <thead>
          <tr>
            <th>{t("where")}</th>
            {STALE_STATES.map((s) => (
              <th key={s} className="pr-right">
                {t(`stale.${s}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 50).map((u) => (
            <tr key={u.unit_id ?? ""}>
              <td>{u.unit_id ? <Link to={`/content/products/stale?state=open&unit=${u.unit_id}`}><UnitPath unit={u.unit_id} /></Link> : t("templates")}</td>
              {STALE_STATES.map((s) => (
                <td key={s} className="pr-right">
                  {u.counts[s] ?? 0}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function useDecide(): Bulk<Stale>[] {
  const toast = useToast();
  const refresh = useRefresh();
  const { modal } = App.useApp();
  const send = async (verb: "fixed" | "fine" | "reopen", rows: Stale[], note: string) => {
    const got = await request<{ moved: number; skipped: number }>("POST", `${API}/stale/decide`, {
      body: { texts: rows.map((s) => ({ product_id: s.product_id, object_id: s.object_id })), verb, note },
    });
    refresh(`${API}/`);
    toast.done(t(`did.${verb}`, { n: got.moved }) + (got.skipped ? t("skipped", { n: got.skipped }) : ""));
  };
  const ask = (verb: "fine" | "reopen") => (rows: Stale[]) =>
    new Promise<unknown>((resolve, reject) => {
      let note = "";
      modal.confirm({
        title: t(`ask.${verb}`),
        content: <Input.TextArea autoFocus aria-label={t(`ask.${verb}`)} maxLength={300} onChange={(e) => (note = e.target.value)} />,
        okText: t(`verb.${verb}`),
        cancelText: t("cancel"),
        onOk: () => send(verb, rows, note).then(resolve, reject),
        onCancel: () => resolve(false),
      });
    });
  const only = (open: boolean) => (rows: Stale[]) => (rows.every((s) => (s.state === "open") === open) ? undefined : t(open ? "onlyOpen" : "onlySettled"));
  return [
    { key: "fixed", label: t("verb.fixed"), blocked: only(true), run: (rows) => send("fixed", rows, "") },
    { key: "fine", label: t("verb.fine"), blocked: only(true), run: ask("fine") },
    { key: "reopen", label: t("verb.reopen"), blocked: only(false), run: ask("reopen") },
  ];
}
