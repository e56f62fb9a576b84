import { SearchOutlined } from "@ant-design/icons";
import { Empty, Input, Tree } from "antd";
import { useMemo, useState } from "react";
import { t } from "./i18n";
import { trail, unitMatches, type UnitNode, type UnitTree } from "./units";

const MOST = 60;

/** A tree with a search box; searching shows a flat list with paths. */
export default function UnitTreePick(props: { units: UnitTree; value: string; onPick: (id: string) => void }) {
  const { units, value, onPick } = props;
  const [typed, setTyped] = useState("");
  const found = useMemo(() => {
    if (!typed.trim()) return [];
    const out = [];
    for (const u of units.byId.values()) {
      if (unitMatches(u, typed)) out.push(u);
      if (out.length >= MOST) break;
    }
    return out;
  }, [typed, units]);

  return (
    <>
      <Input.Search
        autoFocus
        allowClear
        searchIcon={<SearchOutlined aria-label={t("scopeSearch")} />}
        aria-label={t("scopeSearch")}
        placeholder={t("scopeSearch")}
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
        onPressEnter={() => found[0] && onPick(found[0].id)}
        style={{ marginBottom: 8 }}
      />
      {typed.trim() ? (
        found.length ? (
          <ul className="k-picklist">
            {found.map((u) => (
              <li key={u.id}>
                <button type="button" onClick={() => onPick(u.id)}>
                  {u.name}
                  <small className="k-muted">{trail(units.byId, u.id).slice(0, -1).join(" / ")}</small>
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("scopeNone")} />
        )
      ) : (
        <Tree
          height={320}
          blockNode
          showLine={false}
          treeData={[{ key: "", title: t("scopeAll"), children: [] }, ...units.tops.map(node)]}
          defaultExpandedKeys={units.tops.length < 4 ? units.tops.map((u) => u.id) : []}
          defaultExpandParent
          selectedKeys={[value]}
          onSelect={(_, info) => onPick(String(info.node.key))}
        />
      )}
    </>
  );
}

interface Node {
  key: string;
  title: string;
  children: Node[];
}

function node(u: UnitNode): Node {
  return { key: u.id, title: u.name, children: u.children.map(node) };
}
