import { Select } from "antd";
import { useMemo } from "react";
import { useGet } from "@/api";
import { t } from "./i18n";

/** A city of China as the server ships it. */
export interface City {
  code: number;
  name: string;
  short: string;
  province: string;
  tier: number;
  /** Whole pinyin and initials: "shanghai sh". */
  pinyin: string;
}

const DAY = 24 * 60 * 60_000;

/** All cities; read once a day at most, and only where one is shown. */
export function useCities(want = true): { list: City[]; of: (code: string) => City | undefined; loading: boolean } {
  const q = useGet<{ items: City[] }>(want ? "/api/v1/account/cities" : null, undefined, { stale: DAY });
  return useMemo(() => {
    const list = q.data?.items ?? [];
    const byCode = new Map(list.map((c) => [c.code, c]));
    return { list, of: (code: string) => cityOf(byCode, code), loading: q.isPending };
  }, [q.data, q.isPending]);
}

/** The city of a division code; a district's code gives its city. */
function cityOf(byCode: Map<number, City>, code: string): City | undefined {
  const n = Number(code);
  return byCode.get(n) ?? byCode.get(Math.floor(n / 100) * 100) ?? byCode.get(Math.floor(n / 10_000) * 10_000);
}

/** Whether a typed text finds a city: by its name, its province's, pinyin, initials or code. */
export function cityMatches(c: City, typed: string): boolean {
  const q = typed.trim().toLowerCase();
  if (!q) return true;
  const [full = "", initials = ""] = c.pinyin.toLowerCase().split(" ");
  return c.name.includes(q) || c.province.includes(q) || full.startsWith(q.replaceAll(" ", "")) || initials.startsWith(q) || String(c.code).startsWith(q);
}

/** Which of two found cities stands first: whose name or initials are what was typed, then the larger one. */
export function compareCities(a: City, b: City, typed: string): number {
  return near(a, typed) - near(b, typed) || a.tier - b.tier || a.code - b.code;
}

function near(c: City, typed: string): number {
  const q = typed.trim().toLowerCase();
  const [full, initials] = c.pinyin.toLowerCase().split(" ");
  if (c.short === q || c.name === q || full === q || initials === q) return 0;
  return c.name.startsWith(q) ? 1 : 2;
}

/** A city's name for its code; the code itself where nobody knows it. */
export function CityName({ code }: { code: string | null | undefined }) {
  const cities = useCities(!!code);
  if (!code) return <>—</>;
  const c = cities.of(code);
  return <>{c ? cityText(c) : cities.loading ? "" : code}</>;
}

function cityText(c: City): string {
  return !c.province || c.province === c.short ? c.short : `${c.short} · ${c.province}`;
}

/** A field for one city, searched by name or pinyin; its value is the division code. Fits into antd's Form.Item. */
export function CitySelect(p: { value?: string; onChange?: (code: string) => void; id?: string }) {
  const cities = useCities();
  const known = p.value ? cities.of(p.value) : undefined;
  const byValue = useMemo(() => new Map(cities.list.map((c) => [String(c.code), c])), [cities.list]);
  const items = useMemo(() => cities.list.map((c) => ({ value: String(c.code), label: cityText(c) })), [cities.list]);
  return (
    <Select
      id={p.id}
      value={known ? String(known.code) : p.value || undefined}
      onChange={(v?: string) => p.onChange?.(v ?? "")}
      options={items}
      loading={cities.loading}
      allowClear
      placeholder={t("cityPick")}
      notFoundContent={t("cityNone")}
      showSearch={{
        filterOption: (typed, o) => {
          const c = byValue.get(String(o?.value));
          return !!c && cityMatches(c, typed);
        },
        filterSort: (a, b, { searchValue }) => {
          const [x, y] = [byValue.get(String(a.value)), byValue.get(String(b.value))];
          return x && y ? compareCities(x, y, searchValue) : 0;
        },
      }}
    />
  );
}
