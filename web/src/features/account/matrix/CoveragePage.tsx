import { Segmented, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { useScope, useScopedLink, useUrlState } from "@/app/scope";
import { fullNumber } from "@/i18n/format";
import { EmptyState, ErrorState, Figure, FigureRow, options, Page, PlatformGlyph, platformName, Section } from "@/ui";
import { ChinaMap } from "./ChinaMap";
import { GapsDrawer, type GapAsk } from "./GapsDrawer";
import { m } from "./i18n";
import { tierName } from "../parts";
import { API, CUTS, type Coverage, type CoverRow } from "../types";
import "./matrix.css";

/** Where the matrix is and where it is not: platform × unit, city or store type, and the map. */
export default function CoveragePage() {
  const { query } = useScope();
  const link = useScopedLink();
  const [by, setBy] = useUrlState("by", "region");
  const [gap, setGap] = useState<GapAsk | null>(null);
  const got = useGet<Coverage>(`${API}/coverage`, { by, unit: query.unit }, { keep: true });
  const c = got.data;
  const total = c?.total;
  if (got.error && !c) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  return (
    <Page title={m("coverage")} lead={total && (total.stores ? m(total.bare ? "coverLead" : "coverLeadAll", { stores: total.stores, bare: total.bare, unpaired: total.unpaired }) : m("coverLeadNone"))}>
      {!c || !total ? (
        <Skeleton active paragraph={{ rows: 12 }} />
      ) : (
        <>
          <FigureRow>
            <Figure label={m("accountsLabel")} data={{ value: total.accounts }} to={link("/matrix/accounts")} />
            <Figure label={m("stores")} data={{ value: total.stores }} />
            <Figure label={m("bare")} data={{ value: total.bare }} onOpen={() => setGap({})} />
            <Figure label={m("unpairedAll")} data={{ value: total.unpaired }} to={link("/matrix/accounts", { unpaired: "true" })} />
          </FigureRow>
          {c.by === "city" && (
            <Section title={m("map")} extra={<small className="k-muted">{m("mapNote")}</small>}>
              <ChinaMap rows={c.rows} onPick={(r) => setGap({ city: r.city, name: r.name })} />
            </Section>
          )}
          <Section title={m.slug("by", c.by)} extra={<Segmented<string> value={by} onChange={setBy} options={options(CUTS, (s) => m.slug("by", s))} aria-label={m("coverage")} />} flush>
            {c.rows.length ? <Grid c={c} onGap={setGap} /> : <EmptyState title={m("coverLeadNone")} />}
          </Section>
        </>
      )}
      <GapsDrawer ask={gap} onClose={() => setGap(null)} />
    </Page>
  );
}

/** Which rows a coverage row stands for, as parameters of the account list. */
function rowQuery(c: Coverage, r: CoverRow): Record<string, string> | null {
  if (c.by === "region") return r.unit_id ? { unit: r.unit_id } : null;
  if (c.by === "city") return r.city ? { city: String(r.city) } : null;
  return null;
}

/** The same for the list of stores without an account. */
function gapOf(c: Coverage, r: CoverRow): GapAsk {
  if (c.by === "region") return { unit: r.unit_id ?? undefined, name: r.name };
  if (c.by === "city") return { city: r.city || undefined, name: r.name };
  return { storeType: r.key, name: r.name };
}

const SHOWN = 60;

function Grid({ c, onGap }: { c: Coverage; onGap: (g: GapAsk) => void }) {
  const [all, setAll] = useState(false);
  const used = c.total.cells.filter((x) => x.accounts > 0 || c.total.stores > 0).map((x) => x.platform);
  const rows = all ? c.rows : c.rows.slice(0, SHOWN);
  return (
    <div className="k-scroll" style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={m.slug("by", c.by)}>
      <table className="k-cover">
        <thead>
          <tr>
            <th scope="col">{m.slug("head", c.by)}</th>
            <th scope="col">{m("stores")}</th>
            <th scope="col">{m("bare")}</th>
            {used.map((p) => (
              <th scope="col" key={p}>
                <PlatformGlyph platform={p} />
              </th>
            ))}
            <th scope="col">{m("unpairedAll")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <Row key={r.key || "none"} c={c} r={r} used={used} onGap={onGap} />
          ))}
          <Row c={c} r={{ ...c.total, name: m("total") }} used={used} onGap={onGap} whole />
        </tbody>
      </table>
      {!all && c.rows.length > SHOWN && (
        <button type="button" className="k-cover-gap" style={{ margin: 12 }} onClick={() => setAll(true)}>
          {m("moreRows")} ({fullNumber(c.rows.length - SHOWN)})
        </button>
      )}
    </div>
  );
}

function Row({ c, r, used, onGap, whole }: { c: Coverage; r: CoverRow; used: string[]; onGap: (g: GapAsk) => void; whole?: boolean }) {
  const link = useScopedLink();
  const q = whole ? {} : rowQuery(c, r);
  const gap = whole ? {} : gapOf(c, r);
  const list = (more: Record<string, string>, n: number) => (q && n > 0 ? <Link to={link("/matrix/accounts", { ...q, ...more })}>{fullNumber(n)}</Link> : fullNumber(n));
  return (
    <tr>
      <th scope="row">
        {r.name || m("unknown")}
        {r.tier > 0 && <small className="k-muted"> {tierName(r.tier)}</small>}
      </th>
      <td>{fullNumber(r.stores)}</td>
      <td>{r.bare > 0 ? <button type="button" className="k-cover-gap" onClick={() => onGap(gap)}>{fullNumber(r.bare)}</button> : "0"}</td>
      {used.map((p) => {
        const cell = r.cells.find((x) => x.platform === p);
        const n = cell?.accounts ?? 0;
        const withOne = cell?.stores_with ?? 0;
        const missing = r.stores - withOne;
        return (
          <td key={p} title={m("cellTitle", { platform: platformName(p), with: withOne, stores: r.stores, n })}>
            <span className="k-cover-cell" style={{ background: shade(r.stores ? withOne / r.stores : 0) }}>{list({ platform: p }, n)}</span>
            {r.stores > 0 &&
              (missing > 0 ? (
                <button type="button" className="k-cover-gap" onClick={() => onGap({ ...gap, platform: p })}>
                  {m("gapOf", { n: fullNumber(missing) })}
                </button>
              ) : (
                <small className="k-good" style={{ display: "block" }}>{m("full")}</small>
              ))}
          </td>
        );
      })}
      <td>{list({ unpaired: "true" }, r.unpaired)}</td>
    </tr>
  );
}

/** The deeper, the more of the stores are there. */
function shade(part: number): string {
  return part > 0 ? `rgb(47 84 200 / ${Math.round(5 + part * 15)}%)` : "transparent";
}
