import { Button, DatePicker, Input, InputNumber, Select, Skeleton } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useGet, useSend } from "@/api";
import { dayText, fullNumber, todayIn } from "@/i18n/format";
import { ErrorState, Num, Page, platformName, PLATFORMS, Section, StatusTag, useToast } from "@/ui";
import { t } from "./i18n";
import { bandName, FEW, groupName, previewRows, renumber, type Leagues, type Preview, type Rule, type Version } from "./leagues";
import { API } from "./types";
import "./account.css";

const TIERS = [1, 2, 3, 4, 5, 6] as const;

/** Fair leagues: how accounts are sorted before they are compared, what that makes of today's accounts, and what held before. */
export default function LeaguePage() {
  const got = useGet<Leagues>(`${API}/leagues`);
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  return (
    <Page title={t("leagues")} lead={t("leaguesLead")}>
      {got.data ? <Editor key={got.data.items.length} known={got.data} /> : <Skeleton active paragraph={{ rows: 10 }} />}
    </Page>
  );
}

function Editor({ known }: { known: Leagues }) {
  const now = known.items[known.current]?.definition ?? { tiers: [0, 1, 2, 3, 4, 5, 6], followers: [0], tenure_days: [0] };
  const [rule, setRule] = useState<Rule>(now);
  const [from, setFrom] = useState(todayIn());
  const [note, setNote] = useState("");
  const toast = useToast();
  const preview = usePreview(rule);
  const save = useSend<Leagues, { from: string; note: string; definition: Rule }>("POST", `${API}/leagues`, [`${API}/leagues`, "/api/v1/insight/"]);
  const changed = JSON.stringify(rule) !== JSON.stringify(now);
  const done = () =>
    save.mutate(
      { body: { from, note, definition: rule } },
      {
        onSuccess: () => {
          toast.done(t(from === todayIn() ? "leagueSavedNow" : "leagueSavedLater", { day: dayText(from) }));
          setNote("");
        },
        onError: toast.failed,
      },
    );
  return (
    <>
      <div className="a-leagues">
        <Section title={t("leagueRule")}>
          <Tiers rule={rule} onChange={setRule} source={known.tier_source} />
          <Bounds label={t("leagueFans")} unit="fans" value={rule.followers} onChange={(followers) => setRule({ ...rule, followers })} />
          <Bounds label={t("leagueTenure")} unit="tenure" value={rule.tenure_days} onChange={(tenure_days) => setRule({ ...rule, tenure_days })} />
          <div className="a-leaguesave">
            <label>
              <span>{t("leagueFrom")}</span>
              <DatePicker aria-label={t("leagueFrom")} allowClear={false} value={dayjs(from)} minDate={dayjs(todayIn())} onChange={(d) => d && setFrom(d.format("YYYY-MM-DD"))} />
            </label>
            <label>
              <span>{t("leagueNote")}</span>
              <Input aria-label={t("leagueNote")} value={note} maxLength={200} placeholder={t("leagueNoteHint")} onChange={(e) => setNote(e.target.value)} />
            </label>
            <Button type="primary" disabled={!changed} loading={save.isPending} onClick={done}>
              {t("leagueSave")}
            </Button>
            {changed && <Button onClick={() => setRule(now)}>{t("leagueReset")}</Button>}
          </div>
        </Section>
        <Section title={t("leagueHistory")}>
          <History known={known} onTake={setRule} />
        </Section>
      </div>
      <Section title={t("leaguePreview")} extra={preview.data && <span className="k-muted">{t("leagueSum", { leagues: fullNumber(preview.data.leagues), accounts: fullNumber(preview.data.accounts) })}</span>}>
        {preview.error ? <ErrorState error={preview.error} /> : <PreviewTable rule={rule} p={preview.data} changed={changed} />}
      </Section>
    </>
  );
}

/** Asks what a definition would make of the accounts, once the typing rests. */
function usePreview(rule: Rule) {
  const ask = useSend<Preview, { definition: Rule }>("POST", `${API}/leagues/preview`);
  const { mutate } = ask;
  const text = JSON.stringify(rule);
  useEffect(() => {
    const timer = setTimeout(() => mutate({ body: { definition: JSON.parse(text) as Rule } }), 250);
    return () => clearTimeout(timer);
  }, [text, mutate]);
  return ask;
}

function Tiers({ rule, onChange, source }: { rule: Rule; onChange: (r: Rule) => void; source: string }) {
  const groups = [...new Set(rule.tiers.slice(1))];
  const put = (tier: number, group: number) => onChange({ ...rule, tiers: renumber(rule.tiers.map((g, i) => (i === tier ? group : g))) });
  return (
    <fieldset className="a-bounds">
      <legend>{t("leagueTiers")}</legend>
      {TIERS.map((tier) => (
        <label key={tier}>
          <span>{t.slug("tier", String(tier))}</span>
          <Select
            aria-label={t.slug("tier", String(tier))}
            value={rule.tiers[tier] ?? 0}
            style={{ width: 92 }}
            onChange={(g) => put(tier, g)}
            options={[...groups.map((g) => ({ value: g, label: t("leagueGroup", { n: g }) })), { value: 90 + tier, label: t("leagueOwn") }]}
          />
        </label>
      ))}
      <p className="k-muted">{t("leagueTiersHelp")} {t("leagueTierSource", { source })}</p>
    </fieldset>
  );
}

function Bounds({ label, unit, value, onChange }: { label: string; unit: "fans" | "tenure"; value: number[]; onChange: (v: number[]) => void }) {
  const sorted = (list: number[]) => [0, ...new Set(list.filter((n) => n > 0))].sort((a, b) => a - b);
  const last = value.at(-1) ?? 0;
  return (
    <fieldset className="a-bounds">
      <legend>{label}</legend>
      {value.slice(1).map((n, i) => (
        <Bound key={`${i}-${n}`} label={`${label} ${i + 1}`} value={n} onCommit={(typed) => onChange(sorted(value.map((x, k) => (k === i + 1 ? typed : x))))} />
      ))}
      {value.length < 9 && (
        <Button onClick={() => onChange([...value, last === 0 ? (unit === "fans" ? 1000 : 90) : last * (unit === "fans" ? 10 : 2)])}>{t("leagueAdd")}</Button>
      )}
      <p className="k-muted">{t("leagueBands", { bands: value.map((_, i) => bandName(value, i, unit)).join(" · ") })}</p>
    </fieldset>
  );
}

/** One lower bound; it counts once the typing is done, and an empty one drops out. */
function Bound({ label, value, onCommit }: { label: string; value: number; onCommit: (n: number) => void }) {
  const [typed, setTyped] = useState<number | null>(value);
  const done = () => typed !== value && onCommit(typed ?? 0);
  return <InputNumber aria-label={label} min={1} precision={0} value={typed} style={{ width: 110 }} onChange={setTyped} onPressEnter={done} onBlur={done} />;
}

function PreviewTable({ rule, p, changed }: { rule: Rule; p?: Preview; changed: boolean }) {
  if (!p) return <Skeleton active title={false} paragraph={{ rows: 6 }} />;
  const used = PLATFORMS.filter((x) => p.cells.some((c) => c.platform === x));
  const rows = previewRows(p);
  return (
    <>
      <p>
        {changed && <StatusTag tone="warn">{t("leagueMoved", { n: fullNumber(p.moved) })}</StatusTag>}{" "}
        <span className="k-muted">{p.small > 0 ? t("leagueSmall", { n: fullNumber(p.small), few: FEW }) : t("leagueSmallNone", { few: FEW })}</span>
      </p>
      <div className="a-leaguetable" tabIndex={0} role="region" aria-label={t("leaguePreview")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("leagueTiers")}</th>
              <th scope="col">{t("leagueFans")}</th>
              <th scope="col">{t("leagueTenure")}</th>
              {used.map((x) => (
                <th scope="col" key={x} className="a-n">
                  {platformName(x)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.key}>
                <th scope="row">{groupName(rule, r.tier)}</th>
                <td>{bandName(rule.followers, r.followers, "fans")}</td>
                <td>{bandName(rule.tenure_days, r.tenure, "tenure")}</td>
                {used.map((x) => {
                  const n = r.by[x] ?? 0;
                  return (
                    <td key={x} className={n > 0 && n < FEW ? "a-n a-few" : "a-n"} title={n > 0 && n < FEW ? t("leagueFew", { few: FEW }) : undefined}>
                      {n ? <Num value={n} /> : ""}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function History({ known, onTake }: { known: Leagues; onTake: (r: Rule) => void }) {
  const what = (v: Version) => (v.actor ? t("leagueBy", { name: v.actor }) : t("leagueDefault"));
  return (
    <ul className="a-versions">
      {known.items.map((v, i) => (
        <li key={v.from}>
          <div>
            <b>{v.actor ? t("leagueSince", { day: dayText(v.from) }) : t("leagueStart")}</b>{" "}
            {i === known.current && <StatusTag tone="good">{t("leagueNow")}</StatusTag>}
            {i < known.current && <StatusTag tone="off">{t("leagueSoon")}</StatusTag>}
          </div>
          <div className="k-muted">{[what(v), v.note].filter(Boolean).join(" · ")}</div>
          <Button type="link" size="small" onClick={() => onTake(v.definition)}>
            {t("leagueTake")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
