import { Table } from "antd";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { useGet, useRefresh } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { dayText, fullNumber } from "@/i18n/format";
import { DataTable, EmptyState, ErrorState, Figure, FigureRow, options, Page, Section } from "@/ui";
import { t } from "./i18n";
import { runName, runOrigin, RunProgress, RunTag, versionName } from "./parts";
import { RunMoves } from "./RunsPage";
import { ShownDrawer } from "./ShownDrawer";
import { shownColumns } from "./VerdictsPage";
import type { Run, Shown, UnitTurn } from "./types";

/** One run: progress, what became harder or lighter, in which units, and every row. */
export default function RunPage() {
  const { run: id = "" } = useParams();
  const { query } = useScope();
  const unit = { unit: query.unit };
  const [, set] = useUrlStates();
  const [picked, setPicked] = useState<Shown | null>(null);
  const got = useGet<Run>(`/api/v1/risk/runs/${id}`, undefined, { keep: true, every: 3_000 });
  const r = got.data;
  const refresh = useRefresh();
  const moved = r ? `${r.state} ${r.changed}` : "";
  useEffect(() => refresh(`/api/v1/risk/runs/${id}/`), [refresh, id, moved]);
  const units = useGet<{ items: UnitTurn[] }>(r ? `/api/v1/risk/runs/${id}/units` : null, unit, { keep: true });
  if (got.error && !r) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!r) return null;
  const whatif = r.kind === "whatif";
  const blocked = (units.data?.items ?? []).reduce((n, u) => n + u.blocked, 0);
  return (
    <Page
      back={whatif ? "/content/risk/whatif" : "/content/risk/runs"}
      title={runName(r)}
      lead={whatif ? t("whatifSays", { asked: fullNumber(r.asked), worse: fullNumber(r.worse), better: fullNumber(r.better) }) : runOrigin(r)}
      actions={<RunTag run={r} />}
    >
      <Section>
        <RunProgress run={r} />
        {whatif && <p className="k-muted">{asked(r)}</p>}
        <RunMoves run={r} />
      </Section>
      <FigureRow>
        <Figure label={t("newlyBad")} data={{ value: r.worse }} onOpen={() => set({ turn: "worse" })} />
        <Figure label={t("newlyClean")} data={{ value: r.better }} onOpen={() => set({ turn: "better" })} />
        <Figure label={t("newlyBlocked")} data={units.data && { value: blocked }} loading={!units.data} onOpen={() => set({ turn: "blocked" })} />
      </FigureRow>
      {!!units.data?.items.length && (
        <Section title={t("byUnit")} flush>
          <Table<UnitTurn>
            size="small"
            rowKey={(u) => u.unit_id}
            dataSource={units.data.items}
            pagination={units.data.items.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
            onRow={(u) => ({ onClick: () => set({ unit: u.unit_id }), className: "k-row-open" })}
            columns={[
              { title: t("unit"), render: (_, u) => <button type="button" className="r-link" onClick={() => set({ unit: u.unit_id })}>{u.path || "—"}</button> },
              { title: t("newlyBlocked"), align: "right", width: 110, dataIndex: "blocked" },
              { title: t("newlyBad"), align: "right", width: 90, dataIndex: "worse" },
              { title: t("newlyClean"), align: "right", width: 90, dataIndex: "better" },
            ]}
          />
        </Section>
      )}
      <DataTable<Shown>
        id="risk.changes"
        path={`/api/v1/risk/runs/${id}/changes`}
        params={unit}
        columns={shownColumns(true)}
        rowKey={(x) => `${x.kind}-${x.object}`}
        filters={[{ key: "turn", type: "select", label: t("before_after"), options: options(["blocked", "worse", "better"], (x) => t(x === "blocked" ? "newlyBlocked" : x === "worse" ? "newlyBad" : "newlyClean")) }]}
        onOpen={setPicked}
        exportName={t("changesOf")}
        empty={<EmptyState title={t("noChanges")} />}
      />
      <ShownDrawer of={picked} onClose={() => setPicked(null)} />
    </Page>
  );
}

/** What a what-if asked, in words. */
export function asked(r: Run): string {
  return [
    versionName(r.version),
    r.at && t("atDay", { day: dayText(r.at) }),
    t("lastDays", { n: r.days }),
    ...Object.entries(r.severities).map(([c, s]) => `${t.slug("category", c, c)} → ${t.slug("severity", s)}`),
  ]
    .filter(Boolean)
    .join(" · ");
}
