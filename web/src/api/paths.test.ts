import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const contract = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../../api/openapi.json"), "utf8")) as {
  paths: Record<string, unknown>;
};
const known = new Set(Object.keys(contract.paths).map(shape));

/** A path with every parameter as {}. */
function shape(path: string): string {
  return path.replace(/\$?\{[^}]*\}/g, "{}").replace(/\?.*$/, "");
}

/** {} on our side is any piece; a prefix of useRefresh may stand without its last slash. */
function fits(ours: string, theirs: string): boolean {
  const a = ours.split("/");
  const b = theirs.split("/");
  return a.length <= b.length && a.every((x, i) => x === b[i] || x === "{}");
}

const sources = import.meta.glob<string>(["../**/*.ts", "../**/*.tsx", "!../**/*.test.ts", "!./schema.d.ts"], {
  eager: true,
  query: "?raw",
  import: "default",
});

const used = Object.entries(sources).flatMap(([file, text]) =>
  [...text.matchAll(/["'`](\/api\/v1\/[^"'`\s]+)["'`]/g)]
    .map((m) => [file, shape(m[1] ?? "")] as const)
    .filter(([, path]) => !path.endsWith("/")), // what useRefresh drops: a prefix, not a path
);

describe("addresses of the API in the pages", () => {
  it("are found", () => expect(used.length).toBeGreaterThan(10));
  it.each(used.map(([file, path]) => `${path} (${file})`).filter((x, i, all) => all.indexOf(x) === i))("%s exists (else: make generate)", (x) => {
    const path = x.slice(0, x.indexOf(" ("));
    expect([...known].some((k) => fits(path, k))).toBe(true);
  });
});
