import { dayText } from "@/i18n/format";
import { platformName, StatusTag } from "@/ui";
import { t } from "./i18n";
import { SeverityTag } from "./parts";
import { says } from "./RulesPage";
import type { Change, RuleFields } from "./types";

const MOST = 500;

/** What differs between two editions, rule by rule. */
export function Changes({ list, total }: { list: Change[]; total?: number }) {
  if (!list.length) return <p className="k-muted">{t("changesNone")}</p>;
  return (
    <>
      <ul className="r-changes">
        {list.map((c) => {
          const rule = c.after ?? c.before;
          return (
            <li key={c.code}>
              <StatusTag tone={c.turn === "added" ? "good" : c.turn === "removed" ? "bad" : "warn"}>{t.slug("turn", c.turn)}</StatusTag>{" "}
              <b>{rule ? says({ kind: rule.kind, says: c.says }) : c.says}</b> {rule && <span className="k-muted">{t.slug("category", rule.category)}</span>}{" "}
              {rule && c.turn !== "changed" && <SeverityTag severity={rule.severity} />}
              {c.before && c.after && <FieldChanges before={c.before} after={c.after} fields={c.fields} />}
            </li>
          );
        })}
      </ul>
      {(total ?? 0) > MOST && <p className="k-muted">{t("changesMore", { n: MOST })}</p>}
    </>
  );
}

/** The fields in which two forms of a rule differ. */
export function FieldChanges({ before, after, fields }: { before: RuleFields; after: RuleFields; fields?: string[] }) {
  const differ = (fields ?? Object.keys({ ...before, ...after })).filter((f) => t.has(`field.${f}`) && shown(before, f) !== shown(after, f));
  return (
    <dl>
      {differ.map((f) => (
        <div key={f} style={{ display: "contents" }}>
          <dt>{t.slug("field", f)}</dt>
          <dd>
            <FieldDiff field={f} before={before} after={after} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function FieldDiff({ field, before, after }: { field: string; before: RuleFields; after: RuleFields }) {
  const a = before[field as keyof RuleFields];
  const b = after[field as keyof RuleFields];
  if (Array.isArray(a ?? b)) {
    const was = (a as string[] | undefined) ?? [];
    const is = (b as string[] | undefined) ?? [];
    return (
      <>
        {was.filter((x) => !is.includes(x)).map((x) => <del key={x}>{word(field, x)} </del>)}
        {is.filter((x) => !was.includes(x)).map((x) => <ins key={x}>+{word(field, x)} </ins>)}
      </>
    );
  }
  return (
    <>
      <del>{shown(before, field)}</del> → <ins>{shown(after, field)}</ins>
    </>
  );
}

function shown(r: RuleFields, field: string): string {
  const v = r[field as keyof RuleFields];
  if (Array.isArray(v)) return v.length ? v.map((x) => word(field, x)).join(" · ") : "—";
  if (v === undefined || v === null || v === "" || v === 0 || v === false) return "—";
  if (field === "from" || field === "until") return dayText(String(v));
  return v === true ? "\u2713" : word(field, String(v));
}

const DICT: Record<string, string> = { severity: "severity", category: "category", kind: "kind", fold: "fold", industries: "industry", kinds: "content", pattern: "pattern" };

function word(field: string, v: string): string {
  if (field === "platforms") return platformName(v);
  return DICT[field] ? t.slug(DICT[field], v, v) : v;
}
