import { Alert, Table, Tag } from "antd";
import { comma } from "@/i18n/format";
import { Section } from "@/ui";
import { accountText } from "./Imports";
import { t } from "./i18n";
import type { Sheet, Understood } from "./types";

/** The accounts of a file that nobody registered and that carry the brand: they go into the register. */
export function brandedIn(u: Understood): Understood["accounts"] {
  return u.accounts.filter((a) => !a.known && a.word);
}

/** What was understood of a file: sheets, columns with samples, accounts. */
export function UnderstoodView({ of: u }: { of: Understood }) {
  const unknown = u.accounts.filter((a) => !a.known);
  const branded = brandedIn(u);
  return (
    <Section title={t("understood")}>
      {branded.length > 0 && <Alert type="info" showIcon title={t("branded", { n: branded.length })} description={<Names list={branded.map((a) => accountText(a.name))} />} style={{ marginBottom: 12 }} />}
      {unknown.length > 0 && <Alert type="warning" showIcon title={t("accountsUnknown", { n: unknown.length })} description={<Names list={unknown.map((a) => accountText(a.name))} />} style={{ marginBottom: 12 }} />}
      {u.sheets.map((s, n) => (
        <SheetView key={n} of={s} many={u.sheets.length > 1} />
      ))}
      {u.skipped.filter(Boolean).length > 0 && <p className="k-muted">{t("skipped", { list: u.skipped.filter(Boolean).join(comma()) })}</p>}
      {u.accounts.length > 0 && unknown.length === 0 && (
        <p>
          <span className="k-muted">{t("accounts")} </span>
          <Names list={u.accounts.map((a) => `${accountText(a.name)} (${t("rowsOf", { n: a.rows })})`)} />
        </p>
      )}
    </Section>
  );
}

function Names({ list }: { list: string[] }) {
  return (
    <span>
      {list.slice(0, 20).map((n) => (
        <Tag key={n}>{n}</Tag>
      ))}
      {list.length > 20 && "…"}
    </span>
  );
}

function Cell({ text }: { text: string }) {
  return (
    <div title={text} style={{ maxWidth: 240, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
      {text}
    </div>
  );
}

function SheetView({ of: s, many }: { of: Sheet; many: boolean }) {
  const rows = s.sample.slice(0, 3).map((cells, key) => ({ key, cells }));
  return (
    <div style={{ marginBottom: 16 }}>
      <p>
        {many && <strong>{s.name || t.slug("kind", s.kind)} </strong>}
        {many && <Tag>{t.slug("kind", s.kind)}</Tag>}
        <span className="k-muted">{s.mapping ? t("byMapping", { name: s.mapping }) : s.header_row > 0 && t("headerRow", { n: s.header_row })}</span>
      </p>
      <div tabIndex={0} role="region" aria-label={t("sample")} style={{ overflowX: "auto" }}>
      <Table
        size="small"
        pagination={false}
        tableLayout="auto"
        dataSource={rows}
        columns={s.columns.map((c) => ({
          key: c.index,
          title: (
            <>
              <div>{c.header}</div>
              <div className="k-muted" style={{ fontWeight: 400 }}>
                {t.slug("field", c.field)}
              </div>
            </>
          ),
          render: (_: unknown, r: { cells: string[] }) => <Cell text={r.cells[c.index] ?? ""} />,
        }))}
      />
      </div>
      {s.ignored.length > 0 && <p className="k-muted">{t("ignored", { list: s.ignored.join(comma()) })}</p>}
    </div>
  );
}
