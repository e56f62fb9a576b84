import { useNavigate } from "react-router";
import { useScope, useScopedLink } from "@/app/scope";
import { fullNumber, shortNumber } from "@/i18n/format";
import { m } from "./i18n";
import type { Layout } from "../types";

const MOST = 12;
const W = 900;
const H = 560;

/** The centre, its units around it, and the accounts at the front of each: sizes follow the numbers, a click drills. */
export function Radial({ layout: l }: { layout: Layout }) {
  const { setUnit } = useScope();
  const link = useScopedLink();
  const go = useNavigate();
  const core = l.rings[0];
  const middle = l.shape === "pyramid" ? 1 : -1;
  const front = l.shape === "pyramid" ? 2 : 1;
  const units = l.branches.slice(0, MOST);
  const most = Math.max(1, ...units.map((b) => b.rings[front] ?? 0));
  const click = (run: () => void) => ({
    role: "button" as const,
    tabIndex: 0,
    onClick: run,
    onKeyDown: (e: React.KeyboardEvent) => (e.key === "Enter" || e.key === " ") && (e.preventDefault(), run()),
  });
  return (
    <svg viewBox={`0 0 ${W} ${H}`} className="k-radial" role="group" aria-label={m("diagram")}>
      {units.map((b, i) => {
        const turn = (2 * Math.PI * i) / units.length - Math.PI / 2;
        const at = (r: number) => [W / 2 + Math.cos(turn) * r * 1.45, H / 2 + Math.sin(turn) * r] as const;
        const [x, y] = at(150);
        const [fx, fy] = at(232);
        const n = b.rings[front] ?? 0;
        const size = 12 + 22 * Math.sqrt(n / most);
        return (
          <g key={b.unit.id}>
            <line x1={W / 2} y1={H / 2} x2={x} y2={y} className="k-edge" />
            <line x1={x} y1={y} x2={fx} y2={fy} className="k-edge" />
            <g {...click(() => setUnit(b.unit.id))} aria-label={`${b.unit.name} ${fullNumber(b.rings.reduce((s, v) => s + v, 0))}`}>
              <rect x={x - 58} y={y - 21} width={116} height={42} rx={8} className="k-node" />
              <text x={x} y={y - 3} className="k-node-name">{b.unit.name.length > 9 ? `${b.unit.name.slice(0, 8)}…` : b.unit.name}</text>
              <text x={x} y={y + 14} className="k-node-n">{middle > 0 ? `X ${shortNumber(b.rings[middle] ?? 0)}` : `${m("accountsLabel")} ${shortNumber(b.rings.reduce((s, v) => s + v, 0))}`}</text>
            </g>
            <g {...click(() => void go(link("/matrix/accounts", { unit: b.unit.id, kind: (l.rings[front]?.kinds ?? []).join(",") })))} aria-label={`${b.unit.name} N ${fullNumber(n)}`}>
              <circle cx={fx} cy={fy} r={size} className="k-front" />
              <text x={fx} y={fy + 4} className="k-front-n">{shortNumber(n)}</text>
            </g>
          </g>
        );
      })}
      <g {...click(() => void go(link("/matrix/accounts", { kind: (core?.kinds ?? []).join(",") })))} aria-label={`${m.slug("ring", core?.key)} ${fullNumber(core?.accounts)}`}>
        <circle cx={W / 2} cy={H / 2} r={52} className="k-core" />
        <text x={W / 2} y={H / 2 - 4} className="k-core-n">{shortNumber(core?.accounts ?? 0)}</text>
        <text x={W / 2} y={H / 2 + 18} className="k-core-name">{m.slug("ring", core?.key)}</text>
      </g>
    </svg>
  );
}
