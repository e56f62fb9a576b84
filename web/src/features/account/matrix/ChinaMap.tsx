import { useMemo } from "react";
import { useGet } from "@/api";
import { color, useMode } from "@/app/theme";
import { Draw, ErrorState } from "@/ui";
import { m } from "./i18n";
import { API, type CoverRow } from "../types";

interface Geo {
  features: { properties: { adcode: number; name: string } }[];
}

/** Accounts by city on the map that the server gives; a click opens the city. */
export function ChinaMap({ rows, onPick }: { rows: CoverRow[]; onPick: (r: CoverRow) => void }) {
  const mode = useMode();
  const geo = useGet<Geo>(`${API}/map`, undefined, { stale: Infinity });
  const names = useMemo(() => new Map((geo.data?.features ?? []).map((f) => [f.properties.adcode, f.properties.name])), [geo.data]);
  const map = useMemo(() => geo.data && { name: "china-cities", geo: geo.data }, [geo.data]);
  const option = useMemo(() => {
    const data = rows.filter((r) => names.has(r.city)).map((r) => ({ name: names.get(r.city), value: r.accounts, row: r }));
    const most = Math.max(1, ...data.map((d) => d.value));
    return {
      tooltip: {
        formatter: (p: { data?: { row: CoverRow }; name: string }) =>
          p.data ? m("mapOf", { city: p.data.row.name, accounts: p.data.row.accounts, stores: p.data.row.stores, bare: p.data.row.bare }) : p.name,
      },
      visualMap: {
        min: 0,
        max: most,
        text: [String(most), "0"],
        left: 16,
        bottom: 16,
        calculable: false,
        inRange: { color: mode === "dark" ? ["#26304f", "#8ea6ff"] : ["#dfe6fb", "#2f54c8"] },
        textStyle: { color: color("muted", mode) },
      },
      series: [
        {
          type: "map",
          map: "china-cities",
          name: m("mapMetric"),
          roam: true,
          scaleLimit: { min: 0.8, max: 12 },
          layoutCenter: ["50%", "50%"],
          layoutSize: "97%",
          data,
          itemStyle: { areaColor: mode === "dark" ? "#1e2128" : "#f0f1f4", borderColor: mode === "dark" ? "#3a4150" : "#c9ced8", borderWidth: 0.5 },
          emphasis: { label: { show: true, color: color("text", mode) }, itemStyle: { areaColor: "#f2b14a" } },
          select: { disabled: true },
        },
      ],
    };
  }, [rows, names, mode]);
  if (geo.error) return <ErrorState error={geo.error} onRetry={() => void geo.refetch()} />;
  if (!map) return <div style={{ height: 680 }} />;
  return (
    <Draw
      label={m("map")}
      height={680}
      option={option}
      map={map}
      onPick={({ name }) => {
        const r = rows.find((x) => names.get(x.city) === name);
        if (r) onPick(r);
      }}
    />
  );
}
