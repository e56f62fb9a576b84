import { SearchOutlined } from "@ant-design/icons";
import { Button, Empty, Input, Skeleton, Tree } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useScope, useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { unitMatches, useUnits, type UnitNode } from "@/app/units";
import { fullNumber } from "@/i18n/format";
import { EmptyState, Page, Section, unitKindName } from "@/ui";
import { t } from "./i18n";
import type { Unit } from "./types";
import { EditUnit } from "./UnitDialogs";
import { UnitPanel } from "./UnitPanel";
import "./org.css";

const MOST = 200;

/** The tree of units at the left, the chosen unit at the right. */
export default function Units() {
  const units = useUnits();
  const { unit } = useScope();
  const can = useCan();
  const [at, setAt] = useUrlState("at");
  const [adding, setAdding] = useState(false);
  const top = (unit ? units.byId.get(unit) : units.tops[0]) as Unit | undefined;
  const chosen = (units.byId.get(at) as Unit | undefined) ?? top;
  const alone = units.byId.size === 1 && top;
  return (
    <Page
      title={t("unitsTitle")}
      lead={top && t("unitsLead", { units: fullNumber(top.all_units), members: fullNumber(top.all_members), accounts: fullNumber(top.all_accounts) })}
      actions={
        can("org.write") && chosen ? (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t("addBelow")}
          </Button>
        ) : undefined
      }
    >
      {units.loading ? (
        <Skeleton active paragraph={{ rows: 12 }} />
      ) : (
        <div className="o-split">
          <Section title={t("tree")}>
            {alone ? <EmptyState title={t("emptyTree")} text={t("emptyTreeText")} /> : <UnitTree tops={unit ? subtree(units.tops, unit) : units.tops} at={chosen?.id ?? ""} onPick={setAt} />}
          </Section>
          {chosen && <UnitPanel key={chosen.id} id={chosen.id} onGo={setAt} />}
        </div>
      )}
      {adding && chosen && <EditUnit parent={chosen} onClose={() => setAdding(false)} onDone={setAt} />}
    </Page>
  );
}

/** The nodes at and below a unit. */
function subtree(nodes: UnitNode[], id: string): UnitNode[] {
  for (const n of nodes) {
    if (n.id === id) return [n];
    const below = subtree(n.children, id);
    if (below.length) return below;
  }
  return [];
}

function UnitTree({ tops, at, onPick }: { tops: UnitNode[]; at: string; onPick: (id: string) => void }) {
  const [typed, setTyped] = useState("");
  const data = useMemo(() => tops.map(node), [tops]);
  const [opened, setOpened] = useState<string[]>([]);
  useEffect(() => {
    // Whatever is chosen, by a click, a search or an act, is in sight.
    setOpened((now) => [...new Set([...now, ...tops.map((u) => u.id), ...above(tops, at)])]);
  }, [tops, at]);
  const found = useMemo(() => (typed.trim() ? search(tops, typed) : []), [tops, typed]);
  return (
    <>
      <Input.Search searchIcon={<SearchOutlined aria-label={t("findUnit")} />} allowClear aria-label={t("findUnit")} placeholder={t("findUnit")} value={typed} onChange={(e) => setTyped(e.target.value)} style={{ marginBottom: 8 }} />
      {!typed.trim() ? (
        <Tree
          aria-label={t("tree")}
          blockNode
          height={Math.max(320, innerHeight - 330)}
          treeData={data}
          expandedKeys={opened}
          onExpand={(keys) => setOpened(keys.map(String))}
          selectedKeys={[at]}
          onSelect={(_, info) => onPick(String(info.node.key))}
        />
      ) : found.length ? (
        <ul className="k-picklist">
          {found.map((u) => (
            <li key={u.id}>
              <button type="button" onClick={() => onPick(u.id)}>
                {u.name} <small className="k-muted">{u.path}</small>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("noneFound")} />
      )}
    </>
  );
}

/** The ids from a top down to a unit, itself left out. */
function above(nodes: UnitNode[], id: string): string[] {
  for (const n of nodes) {
    if (n.id === id) return [];
    const below = above(n.children, id);
    if (below.length || n.children.some((c) => c.id === id)) return [n.id, ...below];
  }
  return [];
}

function search(nodes: UnitNode[], typed: string, out: UnitNode[] = []): UnitNode[] {
  for (const n of nodes) {
    if (out.length >= MOST) break;
    if (unitMatches(n, typed)) out.push(n);
    search(n.children, typed, out);
  }
  return out;
}

interface Node {
  key: string;
  title: React.ReactNode;
  children: Node[];
}

function node(n: UnitNode): Node {
  const u = n as unknown as Unit;
  return {
    key: n.id,
    title: (
      <span className="o-node">
        <span>{n.name}</span>
        <small>
          {unitKindName(n.kind)} · {t("members")} {fullNumber(u.all_members)} · {t("accounts")} {fullNumber(u.all_accounts)}
        </small>
      </span>
    ),
    children: n.children.map(node),
  };
}
