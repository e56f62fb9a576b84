import type { ECharts, EChartsCoreOption } from "echarts/core";
import { useEffect, useRef } from "react";
import { color, type Mode } from "@/app/theme";
import { lang } from "@/i18n";
import { echarts } from "./core";

/** Props of Canvas. */
export interface CanvasProps {
  option: EChartsCoreOption;
  height: number;
  mode: Mode;
  label: string;
  /** A click on a point or bar: its name and series. */
  onPick?: (at: { name: string; series: string; index: number }) => void;
  /** A map the option names, registered before drawing. */
  map?: { name: string; geo: object };
}

/** Draws one ECharts picture and keeps it in step with size, look and data. */
export default function Canvas({ option, height, mode, label, onPick, map }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  }, [onPick]);

  useEffect(() => {
    if (!box.current) return;
    const c = echarts.init(box.current, undefined, { locale: lang() === "zh" ? "ZH" : "EN" });
    chart.current = c;
    c.on("click", (e) => pick.current?.({ name: e.name, series: e.seriesName ?? "", index: e.dataIndex }));
    const watch = new ResizeObserver(() => c.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      c.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (map) echarts.registerMap(map.name, map.geo as never);
    chart.current?.setOption({ ...ground(mode), ...option }, { notMerge: true });
  }, [option, mode, map]);

  return <div ref={box} role="img" aria-label={label} style={{ width: "100%", height, cursor: onPick ? "pointer" : undefined }} />;
}

function ground(mode: Mode): EChartsCoreOption {
  return {
    aria: { enabled: true },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    backgroundColor: "transparent",
    textStyle: { color: color("text", mode), fontFamily: "inherit" },
  };
}
