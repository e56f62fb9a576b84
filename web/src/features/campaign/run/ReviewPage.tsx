import { Button, Checkbox, Segmented, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { newKey, request, useList, useRefresh } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { typing } from "@/features/desk/ReviewPage";
import { relativeTime } from "@/i18n/format";
import { EmptyState, ErrorState, Page, PlatformGlyph, Section, StatusTag, useToast } from "@/ui";
import { t as words } from "../i18n";
import { stateTone } from "../says";
import { API } from "../types";
import { t } from "./i18n";
import { Proof } from "./Proof";
import { RejectDialog, type Refusal } from "./RejectDialog";
import type { Decided, ReviewRow } from "./types";
import "../console.css";

const TABS = ["", "submitted", "passed", "rejected"] as const;

/** Proofs in bulk: the queue at the left, the proof at the right; keys j, k, a, r, x. */
export default function ReviewPage() {
  const { unit } = useScope();
  const [params, setParams] = useUrlStates();
  const state = TABS.find((x) => x === params.get("state")) ?? "";
  const campaign = params.get("campaign") ?? undefined;
  const list = useList<ReviewRow>(`${API}/reviews`, { campaign, unit, state }, 50);
  const [at, setAt] = useState("");
  const [picked, setPicked] = useState<Set<string>>(new Set());
  const [refusing, setRefusing] = useState(false);
  const decide = useDecide();
  const rows = list.rows;
  const place = Math.max(0, rows.findIndex((r) => r.id === at));
  const row = rows[place];
  const chosen = rows.filter((r) => picked.has(r.id));
  const meant = chosen.length ? chosen : row ? [row] : [];
  const toggle = (id: string) => setPicked((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
  const step = (n: number) => setAt(rows[Math.min(rows.length - 1, Math.max(0, place + n))]?.id ?? "");
  const send = async (verdict: "pass" | "reject", refusal?: Refusal) => {
    const next = rows.find((r, i) => i > place && !meant.includes(r)) ?? rows.find((r) => !meant.includes(r));
    if (await decide(meant, verdict, refusal)) {
      setPicked(new Set());
      setAt(next?.id ?? "");
    }
    setRefusing(false);
  };
  const may = meant.length > 0 && !decide.busy;
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => row && toggle(row.id),
    a: () => may && void send("pass"),
    r: () => may && setRefusing(true),
  });
  return (
    <Page title={t("review")} back="/content/campaigns" lead={rows.length ? t("reviewLead", { n: rows.length + (list.hasMore ? "+" : "") }) : t("reviewNone")}>
      <div style={{ overflowX: "auto", marginBottom: 12 }}>
        <Segmented aria-label={t("stateOf")} value={state} onChange={(v) => { setParams({ state: v }); setPicked(new Set()); }} options={TABS.map((value) => ({ value, label: t(`review.${value || "look"}`) }))} />
      </div>
      {list.problem && !rows.length ? (
        <ErrorState error={list.problem} onRetry={list.retry} />
      ) : list.loading ? (
        <Skeleton active paragraph={{ rows: 10 }} />
      ) : !row ? (
        <Section>
          <EmptyState title={t("reviewNone")} text={t("reviewNoneText")} />
        </Section>
      ) : (
        <div className="c-review">
          <div className="c-queue" role="group" aria-label={t("queue")}>
            {rows.map((r) => (
              <div key={r.id} className="c-item" data-at={r === row}>
                <Checkbox checked={picked.has(r.id)} onChange={() => toggle(r.id)} aria-label={t("pickOne", { who: r.who.member })} />
                <button type="button" aria-pressed={r === row} onClick={() => setAt(r.id)}>
                  <b>{r.who.member}</b> <StatusTag tone={stateTone(r.state)}>{words.slug("state", r.state)}</StatusTag>
                  <small className="k-muted">
                    <PlatformGlyph platform={r.who.platform} bare /> {[r.task, r.who.unit.split("/").at(-1)?.trim(), relativeTime(r.submission.at)].filter(Boolean).join(" · ")}
                  </small>
                  {r.claimed_by && !r.claimed_own && <small className="k-warn">{t("claimed", { who: r.claimed_by })}</small>}
                </button>
              </div>
            ))}
            {list.hasMore && (
              <Button loading={list.loadingMore} onClick={list.more}>
                {t("more")}
              </Button>
            )}
          </div>
          <div>
            <Proof key={row.id} id={row.id} />
            <div className="c-decide">
              <span className="k-muted">{chosen.length ? t("chosen", { n: chosen.length }) : t("keys")}</span>
              <Button type="primary" disabled={!may} loading={decide.busy} onClick={() => void send("pass")}>
                {t(chosen.length ? "passMany" : "pass", { n: chosen.length })}
              </Button>
              <Button danger disabled={!may} onClick={() => setRefusing(true)}>
                {t(chosen.length ? "rejectMany" : "reject", { n: chosen.length })}
              </Button>
            </div>
          </div>
        </div>
      )}
      {refusing && <RejectDialog rows={meant} onCancel={() => setRefusing(false)} onSend={(r) => send("reject", r)} />}
    </Page>
  );
}

function useDecide() {
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const decide = async (rows: ReviewRow[], verdict: "pass" | "reject", refusal?: Refusal): Promise<boolean> => {
    setBusy(true);
    try {
      const appeals = rows.filter((r) => r.state === "appealed");
      const proofs = rows.filter((r) => r.state !== "appealed");
      const out: Decided[] = [];
      for (const [list, word] of [[proofs, verdict], [appeals, verdict === "pass" ? "settle" : "deny"]] as const) {
        if (!list.length) continue;
        out.push(
          await request<Decided>("POST", `${API}/reviews/decide`, {
            idempotencyKey: newKey(),
            body: { items: list.map((r) => ({ id: r.id, rev: r.rev })), verdict: word, reason: word === "reject" ? (refusal?.reason ?? "") : "", note: refusal?.note ?? "" },
          }),
        );
      }
      const done = out.reduce((n, x) => n + x.done, 0);
      const skipped = out.flatMap((x) => x.skipped ?? []);
      const why = [...new Set(skipped.map((x) => x.why))].join(t("comma"));
      toast.done(t(`decided.${verdict}`, { n: done }) + (skipped.length ? t("skipped", { n: skipped.length, why }) : ""));
      refresh(`${API}/`);
      return true;
    } catch (err) {
      toast.failed(err);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return Object.assign(decide, { busy });
}

/** Single keys outside text boxes and dialogs. */
function useKeys(keys: Record<string, () => unknown>) {
  useEffect(() => {
    const hear = (e: KeyboardEvent) => {
      const run = keys[e.key];
      if (!run || typing(e)) return;
      e.preventDefault();
      run();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  });
}
