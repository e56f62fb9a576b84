/** Chart options as pure functions of data and look. */
import type { EChartsCoreOption } from "echarts/core";
import { color, type Mode } from "@/app/theme";
import { fullNumber, MISSING, shortNumber } from "@/i18n/format";
import { GLYPHS } from "../glyphs";

/** One line or set of bars. */
export interface Series {
  name: string;
  /** One value per x; null leaves a gap. */
  values: (number | null)[];
  /** Fixes the platform's colour. */
  platform?: string;
  /** A thin dashed line: league mean, target, previous period. */
  quiet?: boolean;
}

/** A mark on the time line: a campaign, a rule change. */
export interface Note {
  at: string;
  text: string;
}

const LIGHT = ["#2f54c8", "#c77700", "#14804a", "#a3195b", "#0b86b8", "#6b4bb8", "#7a5c2e"];
const DARK = ["#8ea6ff", "#f2b14a", "#4cc38a", "#ee7fb4", "#5cc4ee", "#b49af0", "#cfae7a"];

/** The colour of the i-th series; a platform keeps its own. */
export function seriesColor(s: Series, i: number, mode: Mode): string {
  if (s.quiet) return color("muted", mode);
  const g = s.platform ? GLYPHS[s.platform] : undefined;
  if (g) return g[mode];
  const set = mode === "dark" ? DARK : LIGHT;
  return set[i % set.length] ?? color("accent", mode);
}

/** Lines over days. */
export function trendOption(x: string[], series: Series[], mode: Mode, notes: Note[] = []): EChartsCoreOption {
  return {
    ...frame(series, mode),
    xAxis: {
      type: "category",
      data: x,
      boundaryGap: false,
      ...axis(mode),
      axisLabel: { ...label(mode), formatter: (d: string) => d.slice(5), hideOverlap: true },
    },
    yAxis: valueAxis(mode),
    series: series.map((s, i) => ({
      type: "line",
      name: s.name,
      data: s.values,
      showSymbol: s.values.length < 3,
      symbolSize: 6,
      connectNulls: false,
      lineStyle: { width: s.quiet ? 1 : 2, type: s.quiet ? "dashed" : "solid" },
      color: seriesColor(s, i, mode),
      emphasis: { focus: "series" },
      markLine: i === 0 && notes.length ? noteLines(notes, mode) : undefined,
    })),
  };
}

/** A level somebody told at a moment: followers. */
export interface Point {
  at: string;
  value: number;
}

/** How many days two points may lie apart to be joined by a line. */
export const JOINED_DAYS = 8;

/** Points with a null between those too far apart, so that the line breaks there. */
export function withGaps(points: Point[], joined = JOINED_DAYS): [string, number | null][] {
  const out: [string, number | null][] = [];
  let last = Number.NaN;
  for (const p of points) {
    const at = Date.parse(p.at);
    if (at - last > joined * 86_400_000) out.push([new Date((at + last) / 2).toISOString(), null]);
    out.push([p.at, p.value]);
    last = at;
  }
  return out;
}

/** One level over time: a dot for each point, a line between neighbours, nothing across a gap. */
export function levelOption(name: string, points: Point[], days: { from: string; to: string }, mode: Mode): EChartsCoreOption {
  const s: Series = { name, values: [] };
  return {
    ...frame([s], mode),
    xAxis: { type: "time", min: `${days.from}T00:00:00+08:00`, max: `${days.to}T23:59:59+08:00`, ...axis(mode), axisLabel: { ...label(mode), formatter: "{MM}-{dd}", hideOverlap: true } },
    yAxis: { ...valueAxis(mode), scale: true },
    series: [
      {
        type: "line",
        name,
        data: withGaps(points),
        showSymbol: true,
        symbol: "circle",
        symbolSize: 6,
        connectNulls: false,
        lineStyle: { width: 2 },
        color: seriesColor(s, 0, mode),
      },
    ],
  };
}

function noteLines(notes: Note[], mode: Mode) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: color("muted", mode), type: "dotted" },
    label: { formatter: (p: { name: string }) => p.name, color: color("muted", mode) },
    data: notes.map((n) => ({ xAxis: n.at, name: n.text })),
  };
}

/** How bars stand. */
export interface BarStyle {
  sideways?: boolean;
  stacked?: boolean;
}

/** Bars to compare; `sideways` for long names; `stacked` for parts of a whole. */
export function barsOption(x: string[], series: Series[], mode: Mode, how: BarStyle = {}): EChartsCoreOption {
  const names = {
    type: "category",
    data: x,
    ...axis(mode),
    axisLabel: { ...label(mode), hideOverlap: !how.sideways, width: 120, overflow: "truncate" },
  };
  // Things that are counted have no halves.
  const whole = series.every((s) => s.values.every((v) => v === null || Number.isInteger(v)));
  const values = { ...valueAxis(mode), minInterval: whole ? 1 : undefined };
  return {
    ...frame(series, mode),
    xAxis: how.sideways ? values : names,
    yAxis: how.sideways ? { ...names, inverse: true } : values,
    series: series.map((s, i) => ({
      type: "bar",
      name: s.name,
      data: s.values,
      stack: how.stacked ? "all" : undefined,
      barMaxWidth: 28,
      color: seriesColor(s, i, mode),
      label: series.length === 1 && x.length <= 16 ? barLabel(mode, how) : undefined,
    })),
  };
}

function barLabel(mode: Mode, how: BarStyle) {
  return {
    show: true,
    position: how.sideways ? "right" : "top",
    color: color("text", mode),
    formatter: (p: { value: number | null }) => shortNumber(p.value),
  };
}

/** Two short strokes: the legend sign of a dashed line. */
const QUIET = "path://M0 2h5v1H0zM7 2h5v1H7z";

function frame(series: Series[], mode: Mode): EChartsCoreOption {
  const legend = {
    top: 0,
    left: 0,
    data: series.map((s) => ({ name: s.name, icon: s.quiet ? QUIET : "roundRect" })),
    itemWidth: 12,
    itemHeight: 4,
    textStyle: { color: color("text", mode) },
  };
  return {
    grid: { left: 8, right: 20, top: series.length > 1 ? 36 : 20, bottom: 8, containLabel: true },
    legend: series.length > 1 ? legend : undefined,
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: color("card", mode),
      borderColor: color("line", mode),
      textStyle: { color: color("text", mode) },
      valueFormatter: (v: unknown) => (typeof v === "number" ? fullNumber(v) : MISSING),
    },
  };
}

function label(mode: Mode) {
  return { color: color("muted", mode), fontSize: 12 };
}

function axis(mode: Mode) {
  return { axisLine: { lineStyle: { color: color("line", mode) } }, axisTick: { show: false } };
}

function valueAxis(mode: Mode) {
  return {
    type: "value",
    splitNumber: 4,
    axisLabel: { ...label(mode), formatter: (v: number) => shortNumber(v) },
    splitLine: { lineStyle: { color: color("line", mode) } },
  };
}
