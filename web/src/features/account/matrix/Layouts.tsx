import { Segmented, Skeleton } from "antd";
import { Link } from "react-router";
import { useGet } from "@/api";
import { useScope, useScopedLink, useUrlState } from "@/app/scope";
import { fullNumber, shortNumber } from "@/i18n/format";
import { accountKindName, Bars, EmptyState, ErrorState, options, Page, platformName, Section } from "@/ui";
import { m } from "./i18n";
import { Radial } from "./Radial";
import { API, SHAPES, type Layout, type Part, type Ring } from "../types";
import "./matrix.css";

/** The matrix drawn in the five layouts, from the accounts as they are. */
export default function Layouts() {
  const { query } = useScope();
  const [shape, setShape] = useUrlState("shape", "pyramid");
  const got = useGet<Layout>(`${API}/layout`, { shape, unit: query.unit }, { keep: true });
  const l = got.data;
  return (
    <Page title={m("layouts")} lead={m("layoutLead")}>
      <div className="k-wide-pick">
        <Segmented<string> value={shape} onChange={setShape} options={options(SHAPES, (s) => m.slug("shape", s))} aria-label={m("layouts")} />
      </div>
      {got.error && !l ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : !l ? <Skeleton active paragraph={{ rows: 10 }} /> : <Picture layout={l} />}
    </Page>
  );
}

function Picture({ layout: l }: { layout: Layout }) {
  const radial = l.shape === "pyramid" || l.shape === "official_kos";
  return (
    <>
      <Section title={m.slug("shape", l.shape)}>
        <p className="k-muted" style={{ marginTop: 0 }}>{m.slug("about", l.shape)}</p>
        <div className="k-layout">
          {l.rings.map((r, i) => (
            <Band key={r.key} ring={r} depth={i} of={l.rings.length} />
          ))}
        </div>
        {l.outside > 0 && <p className="k-muted">{m("outside", { n: l.outside })}</p>}
      </Section>
      {radial && l.branches.length > 0 && (
        <Section title={m("diagram")}>
          <Radial layout={l} />
        </Section>
      )}
      {l.shape === "private" && <Pairs layout={l} />}
      <Branches layout={l} />
    </>
  );
}

/** One ring as a band: wider the further out; a chip per kind, or per level. */
function Band({ ring: r, depth, of }: { ring: Ring; depth: number; of: number }) {
  const link = useScopedLink();
  const chips = new Map<string, { name: string; to: string; parts: Part[] }>();
  for (const p of r.parts) {
    const key = r.levels ? p.level : p.kind;
    const chip = chips.get(key) ?? {
      name: r.levels ? m.slug("level", p.level) : accountKindName(p.kind),
      to: link("/matrix/accounts", r.levels ? { kind: r.kinds.join(","), level: p.level || "none" } : { kind: p.kind, side: r.side }),
      parts: [],
    };
    chip.parts.push(p);
    chips.set(key, chip);
  }
  const order = [...chips.entries()].sort(([a], [b]) => rank(a, r) - rank(b, r));
  return (
    <div className="k-band" style={{ width: `${100 - (of - 1 - depth) * (60 / of)}%` }} data-ring={r.key}>
      <div className="k-band-head">
        <Link to={link("/matrix/accounts", { kind: r.kinds.join(","), side: r.side })}>{m.slug("ring", r.key)}</Link>
        <b>{m("accounts", { n: fullNumber(r.accounts) })}</b>
        <span className="k-muted">
          {m("followers")} {shortNumber(r.followers)}
        </span>
        {r.abnormal > 0 && <span className="k-bad">{m("abnormal", { n: r.abnormal })}</span>}
      </div>
      {r.accounts === 0 ? (
        <div className="k-muted">{m("ringEmpty")}</div>
      ) : (
        <div className="k-chips">
          {order.map(([key, c]) => (
            <Chip key={key} {...c} />
          ))}
        </div>
      )}
    </div>
  );
}

const LEVEL_ORDER = ["senior", "middle", "junior", ""];

function rank(key: string, r: Ring): number {
  return r.levels ? LEVEL_ORDER.indexOf(key) : r.kinds.indexOf(key);
}

function Chip({ name, to, parts }: { name: string; to: string; parts: Part[] }) {
  const n = parts.reduce((s, p) => s + p.accounts, 0);
  const by = new Map<string, number>();
  for (const p of parts) by.set(p.platform, (by.get(p.platform) ?? 0) + p.accounts);
  const words = [...by].sort((a, b) => b[1] - a[1]).map(([p, k]) => `${platformName(p)} ${fullNumber(k)}`);
  return (
    <Link to={to} className="k-chip" title={words.join(" · ")}>
      <span>{name}</span>
      <b>{fullNumber(n)}</b>
      <small>{words.slice(0, 3).join(" · ")}</small>
    </Link>
  );
}

function Pairs({ layout: l }: { layout: Layout }) {
  const link = useScopedLink();
  const unpaired = l.pairs.reduce((s, p) => s + p.unpaired, 0);
  return (
    <Section title={m("pairs")} extra={unpaired > 0 && <Link to={link("/matrix/accounts", { unpaired: "true" })}>{`${m("unpaired")} ${fullNumber(unpaired)}`}</Link>}>
      {l.pairs.length === 0 ? (
        <EmptyState title={m("pairsNone")} />
      ) : (
        <Bars
          label={m("pairs")}
          stacked
          sideways
          x={l.pairs.map((p) => platformName(p.platform))}
          series={[
            { name: m("paired"), values: l.pairs.map((p) => p.paired) },
            { name: m("unpaired"), values: l.pairs.map((p) => p.unpaired) },
          ]}
        />
      )}
    </Section>
  );
}

const SHOWN = 15;

function Branches({ layout: l }: { layout: Layout }) {
  const { setUnit } = useScope();
  const some = l.branches.slice(0, SHOWN);
  const rest = l.branches.slice(SHOWN);
  if (!l.branches.length) return <Section title={m("byUnit")}><p className="k-muted">{m("byUnitNone")}</p></Section>;
  const names = some.map((b) => b.unit.name);
  const rings = l.rings.map((r, i) => ({ name: m.slug("ring", r.key), values: [...some.map((b) => b.rings[i] ?? 0), ...(rest.length ? [rest.reduce((s, b) => s + (b.rings[i] ?? 0), 0)] : [])] }));
  return (
    <Section title={m("byUnit")}>
      <Bars
        label={m("byUnit")}
        stacked
        sideways
        x={[...names, ...(rest.length ? [m("others", { n: rest.length })] : [])]}
        series={rings.filter((r) => r.values.some((v) => v > 0))}
        onPick={({ name }) => {
          const unit = some.find((b) => b.unit.name === name);
          if (unit) setUnit(unit.unit.id);
        }}
      />
    </Section>
  );
}
