import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { EChartsCoreOption } from "echarts/core";
import { lazy, Suspense, useMemo, useState, type ReactNode } from "react";
import { useMode } from "@/app/theme";
import { fullNumber, timeText } from "@/i18n/format";
import { barsOption, levelOption, trendOption, type Note, type Point, type Series } from "./charts/option";
import { t } from "./i18n";
import "./ui.css";

export type { Note, Point, Series } from "./charts/option";

const Canvas = lazy(() => import("./charts/Canvas"));

/** Props shared by all charts. */
export interface ChartProps {
  /** What the picture shows, for screen readers and as the caption of its table. */
  label: string;
  height?: number;
  loading?: boolean;
  onPick?: (at: { name: string; series: string; index: number }) => void;
}

/** Lines over days: `x` = days (2026-11-22). */
export function Trend(p: ChartProps & { x: string[]; series: Series[]; notes?: Note[] }) {
  const mode = useMode();
  const option = useMemo(() => trendOption(p.x, p.series, mode, p.notes), [p.x, p.series, p.notes, mode]);
  return <Picture {...p} option={option} head={t("day")} />;
}

/** A level told at some moments (followers): dots, joined where they are near, with gaps shown as gaps. */
export function Levels(p: ChartProps & { name: string; points: Point[]; from: string; to: string }) {
  const mode = useMode();
  const { name, points, from, to } = p;
  const option = useMemo(() => levelOption(name, points, { from, to }, mode), [name, points, from, to, mode]);
  return <Picture {...p} x={points.map((x) => timeText(x.at))} series={[{ name, values: points.map((x) => x.value) }]} option={option} head={t("day")} />;
}

/** Bars to compare; `sideways` for long names. */
export function Bars(p: ChartProps & { x: string[]; series: Series[]; sideways?: boolean; stacked?: boolean }) {
  const mode = useMode();
  const option = useMemo(
    () => barsOption(p.x, p.series, mode, { sideways: p.sideways, stacked: p.stacked }),
    [p.x, p.series, p.sideways, p.stacked, mode],
  );
  const height = p.sideways ? Math.max(160, p.x.length * 30 + 40) : p.height;
  return <Picture {...p} height={height} option={option} head="" />;
}

/** Any other picture (map, funnel, heat map) from an ECharts option. */
export function Draw(p: ChartProps & { option: EChartsCoreOption; map?: { name: string; geo: object } }) {
  const mode = useMode();
  return (
    <Suspense fallback={<Hold height={p.height ?? 280} />}>
      <Canvas option={p.option} height={p.height ?? 280} mode={mode} label={p.label} onPick={p.onPick} map={p.map} />
    </Suspense>
  );
}

function Picture(p: ChartProps & { x: string[]; series: Series[]; option: EChartsCoreOption; head: string }) {
  const [table, setTable] = useState(false);
  const mode = useMode();
  const height = p.height ?? 260;
  if (p.loading) return <Hold height={height} />;
  if (!p.series.some((s) => s.values.some((v) => v !== null))) {
    return (
      <div className="k-muted" style={{ height: Math.min(height, 120), display: "grid", placeItems: "center" }}>
        {t("noData")}
      </div>
    );
  }
  return (
    <div style={{ position: "relative" }}>
      <Button
        type="text"
        size="small"
        style={{ position: "absolute", right: 0, top: -4, zIndex: 2 }}
        icon={table ? <BarChartOutlined /> : <TableOutlined />}
        aria-label={t(table ? "chartPicture" : "chartTable")}
        title={t(table ? "chartPicture" : "chartTable")}
        onClick={() => setTable(!table)}
      />
      {table ? (
        <ChartTable {...p} />
      ) : (
        <Suspense fallback={<Hold height={height} />}>
          <Canvas option={p.option} height={height} mode={mode} label={p.label} onPick={p.onPick} />
        </Suspense>
      )}
    </div>
  );
}

function ChartTable(p: { label: string; x: string[]; series: Series[]; head: string }): ReactNode {
  return (
    <div className="k-charttable" tabIndex={0} role="region" aria-label={p.label}>
      <table>
        <caption className="k-hidden">{p.label}</caption>
        <thead>
          <tr>
            <th scope="col">{p.head}</th>
            {p.series.map((s) => (
              <th scope="col" key={s.name}>
                {s.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {p.x.map((x, i) => (
            <tr key={x}>
              <th scope="row">{x}</th>
              {p.series.map((s) => (
                <td key={s.name}>{fullNumber(s.values[i])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Hold({ height }: { height: number }) {
  return <Skeleton.Node active style={{ width: "100%", height }} classNames={{ root: "k-hold" }} />;
}
