import { describe, expect, it } from "vitest";
import { dict, setLang, type Translate } from "./index";

const modules = import.meta.glob<Record<string, unknown>>("../**/i18n.ts", { eager: true });

const all: [string, Translate<string>][] = Object.entries(modules).flatMap(([file, mod]) =>
  Object.values(mod)
    .filter((v): v is Translate<string> => typeof v === "function" && "zh" in v && "en" in v)
    .map((v): [string, Translate<string>] => [file, v]),
);

describe("dictionaries", () => {
  it("are found", () => expect(all.length).toBeGreaterThan(1));

  it.each(all)("%s says the same keys in zh and en", (_file, t) => {
    expect(Object.keys(t.en).sort()).toEqual(Object.keys(t.zh).sort());
  });

  it.each(all)("%s has no empty word, no Chinese in en, and the same parameters", (_file, t) => {
    for (const key of Object.keys(t.zh)) {
      const zh = t.zh[key] ?? "";
      const en = t.en[key] ?? "";
      expect(zh.trim(), key).not.toBe("");
      expect(en.trim(), key).not.toBe("");
      if (key !== "language") expect(/[\u3400-\u9fff]/.test(en), `${key}: ${en}`).toBe(false);
      const names = (s: string) => [...new Set([...s.matchAll(/\{(\w+)(?:\|[^}]*)?\}/g)].map((m) => m[1]))].sort();
      expect(names(en), key).toEqual(names(zh));
    }
  });

  it("name their feature folder", () => {
    for (const [file, t] of all) {
      const room = /features\/([^/]+)\/i18n/.exec(file)?.[1];
      if (room) expect(t.room).toBe(room);
    }
  });
});

describe("t", () => {
  const t = dict("demo", { zh: { n: "{n} 个账号", "kind.store": "门店" }, en: { n: "{n} {n|account|accounts}", "kind.store": "Store" } });

  it("fills parameters and plurals", () => {
    setLang("zh");
    expect(t("n", { n: 3 })).toBe("3 个账号");
    setLang("en");
    expect(t("n", { n: 1 })).toBe("1 account");
    expect(t("n", { n: 2 })).toBe("2 accounts");
    expect(t("n", { n: null })).toContain("—");
  });

  it("never shows an unknown slug", () => {
    setLang("zh");
    expect(t.slug("kind", "store")).toBe("门店");
    expect(t.slug("kind", "odd_thing")).toBe("—");
    expect(t.slug("kind", null)).toBe("—");
  });
});
