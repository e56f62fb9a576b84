import { t } from "./i18n";
import type { Linkage } from "../run/types";

type Node = NonNullable<Linkage["nodes"]>[number];
type Edge = NonNullable<Linkage["edges"]>[number];

/** At most this many on the picture; the table beside it has all. */
const DRAWN = 36;
const W = 820;
const H = 460;

/** Who mentions whom, on a ring: the busiest at the top, a line bends through the middle from who mentions to who is mentioned. */
export function Ring({ nodes, edges }: { nodes: Node[]; edges: Edge[] }) {
  const shown = [...nodes].sort((a, b) => b.in + b.out - a.in - a.out).slice(0, DRAWN);
  const most = Math.max(1, ...shown.map((n) => n.in));
  const place = new Map(
    shown.map((n, i) => {
      const turn = (2 * Math.PI * i) / shown.length - Math.PI / 2;
      return [n.key, { x: W / 2 + Math.cos(turn) * 250, y: H / 2 + Math.sin(turn) * 170, turn }] as const;
    }),
  );
  const drawn = edges.flatMap((e) => {
    const from = place.get(e.from);
    const to = place.get(e.to);
    return from && to ? [{ e, from, to }] : [];
  });
  return (
    <div style={{ overflowX: "auto" }}>
      <svg viewBox={`0 0 ${W} ${H}`} className="c-ring" role="img" aria-label={t("linkageAlt", { nodes: nodes.length, edges: edges.length })}>
        {drawn.map(({ e, from, to }) => (
          <path key={`${e.from}>${e.to}>${e.by}`} d={`M${from.x} ${from.y}Q${W / 2} ${H / 2} ${to.x} ${to.y}`} strokeWidth={Math.min(6, 1 + Math.log2(Math.max(1, e.n)))} />
        ))}
        {shown.map((n) => {
          const p = place.get(n.key);
          if (!p) return null;
          const right = Math.cos(p.turn) >= -0.01;
          return (
            <g key={n.key} data-kind={n.kind}>
              <circle cx={p.x} cy={p.y} r={6 + 8 * Math.sqrt(n.in / most)} />
              <text x={p.x + (right ? 18 : -18)} y={p.y + 4} textAnchor={right ? "start" : "end"}>
                {Array.from(n.name).length > 10 ? `${Array.from(n.name).slice(0, 9).join("")}…` : n.name}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
