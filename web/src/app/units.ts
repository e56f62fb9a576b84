/** The unit tree the person may see: read once, searched in memory. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { keyOf, request, type PageOf } from "@/api";

/** One unit of the organisation. */
export interface Unit {
  id: string;
  parent_id?: string | null;
  name: string;
  kind: string;
  path?: string;
  /** Whole pinyin and initials, as the server keeps them: "jingandian jad". */
  pinyin?: string | null;
  accounts?: number | null;
}

/** A unit with what hangs below it. */
export interface UnitNode extends Unit {
  children: UnitNode[];
}

/** Units by id and as a tree. */
export interface UnitTree {
  byId: Map<string, Unit>;
  tops: UnitNode[];
  loading: boolean;
}

const EMPTY: Unit[] = [];
const PATH = "/api/v1/org/units";
const MOST = 40_000;

/** Reads all open units in scope. */
export function useUnits(): UnitTree {
  const q = useQuery({ queryKey: keyOf(PATH, { all: true }), queryFn: ({ signal }) => readUnits(signal), staleTime: 5 * 60_000 });
  const items = q.data ?? EMPTY;
  return useMemo(() => ({ ...grow(items), loading: q.isPending }), [items, q.isPending]);
}

async function readUnits(signal: AbortSignal): Promise<Unit[]> {
  const out: Unit[] = [];
  let cursor = "";
  do {
    const page = await request<PageOf<Unit>>("GET", PATH, { query: { limit: 5000, cursor }, signal });
    out.push(...(page.items ?? []));
    cursor = page.next ?? "";
  } while (cursor && out.length < MOST);
  return out;
}

/** Builds the tree; a unit whose parent is outside the scope is a top. */
export function grow(items: Unit[]): { byId: Map<string, Unit>; tops: UnitNode[] } {
  const byId = new Map(items.map((u) => [u.id, u]));
  const nodes = new Map(items.map((u) => [u.id, { ...u, children: [] as UnitNode[] }]));
  const tops: UnitNode[] = [];
  for (const n of nodes.values()) {
    const parent = n.parent_id ? nodes.get(n.parent_id) : undefined;
    (parent ? parent.children : tops).push(n);
  }
  return { byId, tops };
}

/** The names from the top down to a unit. */
export function trail(byId: Map<string, Unit>, id: string): string[] {
  const names: string[] = [];
  let u = byId.get(id);
  for (let i = 0; u && i < 12; i++) {
    names.unshift(u.name);
    u = u.parent_id ? byId.get(u.parent_id) : undefined;
  }
  return names;
}

/** Tells whether typed letters mean this unit: name, path, pinyin or initials. */
export function unitMatches(u: Unit, typed: string): boolean {
  const q = typed.trim().toLowerCase().replace(/\s+/g, "");
  if (!q) return true;
  if (u.name.toLowerCase().includes(q) || u.path?.toLowerCase().includes(q)) return true;
  return (u.pinyin ?? "").toLowerCase().split(" ").some((word) => word.includes(q));
}
