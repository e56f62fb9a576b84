import { Breadcrumb, Button, Table } from "antd";
import { useMemo } from "react";
import { useScope } from "@/app/scope";
import { useUnits } from "@/app/units";
import { fullNumber, percent, timeText } from "@/i18n/format";
import { EmptyState, Section, StatusTag, unitKindName } from "@/ui";
import { t as words } from "../i18n";
import { handedOf, lookOf, missingOf, passedOf } from "./counts";
import { t } from "./i18n";
import type { Board, BoardTask, BoardUnit, Counts } from "./types";

const cells = (c: Counts) => ({ all: c.total, read: c.read, handed: handedOf(c.states), passed: passedOf(c.states), look: lookOf(c.states), missing: missingOf(c.states), late: c.late });
type Cell = keyof ReturnType<typeof cells>;
const CELLS: Cell[] = ["all", "read", "handed", "passed", "look", "missing", "late"];

function columns<T extends { counts: Counts }>() {
  return [
    ...CELLS.map((key) => ({
      key,
      title: t(`col.${key}`),
      align: "right" as const,
      width: 90,
      sorter: (a: T, b: T) => cells(a.counts)[key] - cells(b.counts)[key],
      showSorterTooltip: false,
      render: (_: unknown, r: T) => <span className={key === "late" && r.counts.late > 0 ? "k-num k-bad" : "k-num"}>{fullNumber(cells(r.counts)[key])}</span>,
    })),
    {
      key: "share", title: t("col.share"), align: "right" as const, width: 100, showSorterTooltip: false, defaultSortOrder: "ascend" as const,
      sorter: (a: T, b: T) => shareOf(a.counts) - shareOf(b.counts),
      render: (_: unknown, r: T) => <span className="k-num">{percent({ num: handedOf(r.counts.states), den: r.counts.total })}</span>,
    },
  ];
}

const shareOf = (c: Counts) => (c.total ? handedOf(c.states) / c.total : -1);

/** The units right below the one shown; a click goes down, the path goes up. */
export function BoardUnits({ board: b }: { board: Board }) {
  const { setUnit } = useScope();
  const units = useUnits();
  const path = useMemo(() => {
    const out: { id: string; name: string }[] = [];
    for (let u = units.byId.get(b.unit_id); u && out.length < 12; u = u.parent_id ? units.byId.get(u.parent_id) : undefined) out.unshift({ id: u.id, name: u.name });
    return out;
  }, [units.byId, b.unit_id]);
  const rows = b.units ?? [];
  return (
    <Section
      title={t("byUnit")}
      extra={
        path.length > 1 && (
          <Breadcrumb
            items={path.map((u, i) => ({
              key: u.id,
              title: i < path.length - 1 ? <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setUnit(i === 0 ? "" : u.id)}>{u.name}</Button> : u.name,
            }))}
          />
        )
      }
      flush
    >
      {rows.length === 0 ? (
        <div className="k-card-body k-muted">{t(b.counts.total > 0 ? "leafText" : "unitsNone")}</div>
      ) : (
        <Table<BoardUnit>
          size="small"
          rowKey="id"
          dataSource={rows}
          pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
          scroll={{ x: "max-content" }}
          columns={[
            {
              key: "name", title: t("unitOf"), fixed: "start", width: 220, sorter: (a, c) => a.name.localeCompare(c.name), showSorterTooltip: false,
              render: (_, u) => (
                <>
                  <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setUnit(u.id)}>
                    {u.name}
                  </Button>{" "}
                  <span className="k-muted">{unitKindName(u.kind)}</span>
                </>
              ),
            },
            ...columns<BoardUnit>(),
          ]}
        />
      )}
    </Section>
  );
}

/** Each task with its counts. */
export function BoardTasks({ board: b }: { board: Board }) {
  const rows = b.tasks ?? [];
  return (
    <Section title={t("tasks")} flush>
      <Table<BoardTask>
        size="small"
        rowKey="id"
        dataSource={rows}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <EmptyState title={t("tasksNone")} /> }}
        columns={[
          {
            key: "title", title: t("task"), fixed: "start", width: 220,
            render: (_, x) => (
              <>
                {x.title} {x.mandatory && <StatusTag tone="warn">{t("mandatory")}</StatusTag>} {x.dropped && <StatusTag tone="off">{t("dropped")}</StatusTag>}
                <div className="k-muted">{words.slug("type", x.type)}</div>
              </>
            ),
          },
          { key: "due", title: t("due"), width: 150, render: (_, x) => timeText(x.due_at) },
          ...columns<BoardTask>(),
        ]}
      />
    </Section>
  );
}
