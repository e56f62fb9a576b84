import { Button, Tag } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { fullNumber, timeText } from "@/i18n/format";
import { DataTable, EmptyState, Figure, FigureRow, options, Page, platformName, PLATFORMS, UnitPath, useToast, type Column, type View } from "@/ui";
import { Marked } from "./checked/Marked";
import { t } from "./i18n";
import { AccountCell, RiskTabs, VerdictTag } from "./parts";
import { ShownDrawer } from "./ShownDrawer";
import type { Board, Shown } from "./types";

const BAD = ["block", "review", "warn"] as const;

/** What is published and does not pass the rules in force. */
export default function VerdictsPage() {
  const { query } = useScope();
  const unit = { unit: query.unit };
  const [params, set] = useUrlStates();
  const rule = params.get("rule") ?? "";
  const can = useCan();
  const toast = useToast();
  const [picked, setPicked] = useState<Shown | null>(null);
  const board = useGet<Board>("/api/v1/risk/board", unit, { keep: true });
  const rescan = useSend("POST", "/api/v1/risk/rescans", ["/api/v1/risk/"]);
  const b = board.data;
  const sum = (verdict: string) => Object.values(b?.counts ?? {}).reduce((n, c) => n + (c[verdict] ?? 0), 0);
  const all = (kind: string) => Object.values(b?.counts[kind] ?? {}).reduce((n, x) => n + x, 0);
  const first = b?.last?.cause === "first" && b.last.state !== "done";
  const views: View[] = [
    { key: "all", label: t("tab.verdicts"), query: {} },
    ...BAD.map((v) => ({ key: v, label: t.slug("verdict", v), query: { verdict: v } })),
    { key: "profile", label: t("object.profile"), query: { kind: "profile" } },
  ];
  return (
    <Page
      title={t("verdictsTitle")}
      lead={b && (first ? t("verdictsFirst") : t("verdictsLead", { posts: fullNumber(all("post")), profiles: fullNumber(all("profile")), block: fullNumber(sum("block")), review: fullNumber(sum("review")) }))}
      actions={
        can("risk.write") ? (
          <Button loading={rescan.isPending} onClick={() => rescan.mutate({}, { onSuccess: () => toast.done(t("rescanStarted")), onError: toast.failed })}>
            {t("rescanNow")}
          </Button>
        ) : undefined
      }
    >
      <RiskTabs />
      <FigureRow>
        {BAD.map((v) => (
          <Figure key={v} label={t.slug("verdict", v)} data={b && { value: sum(v), as_of: b.last?.finished_at }} loading={!b} onOpen={() => set({ verdict: v })} />
        ))}
        <Figure label={t("verdict.pass")} data={b && { value: sum("pass") }} loading={!b} />
      </FigureRow>
      <DataTable<Shown>
        id="risk.verdicts"
        path="/api/v1/risk/verdicts"
        params={{ ...unit, rule }}
        columns={shownColumns()}
        rowKey={(x) => `${x.kind}-${x.object}`}
        views={views}
        filters={[
          { key: "verdict", type: "select", label: t("verdict"), options: options(BAD, (x) => t.slug("verdict", x)) },
          { key: "kind", type: "select", label: t("kindCol"), options: options(["post", "profile"], (x) => t.slug("object", x)) },
          { key: "platform", type: "select", label: t("where"), options: options(PLATFORMS, platformName) },
        ]}
        extra={
          rule && (
            <Tag closable onClose={() => set({ rule: "" })} aria-label={t("clear")}>
              {t("onlyRule", { rule })}
            </Tag>
          )
        }
        onOpen={setPicked}
        exportName={t("verdictsTitle")}
        empty={<EmptyState title={t("clean")} text={t("cleanText")} />}
      />
      <ShownDrawer of={picked} onClose={() => setPicked(null)} />
    </Page>
  );
}

/** The columns of a list of judged texts; turned adds what the verdict was. */
export function shownColumns(turned = false): Column<Shown>[] {
  return [
    { key: "text", title: t("text"), fixed: true, width: 380, render: (x) => <span className="r-says"><Marked text={x.text || "—"} findings={x.findings} /></span>, plain: (x) => x.text },
    turned
      ? {
          key: "turn", title: t("before_after"), width: 190, plain: (x) => `${t.slug("verdict", x.before)} → ${t.slug("verdict", x.verdict)}`,
          render: (x) => <span style={{ whiteSpace: "nowrap" }}><span className="k-muted">{t.slug("verdict", x.before)} → </span><VerdictTag verdict={x.verdict} /></span>,
        }
      : { key: "verdict", title: t("verdict"), width: 110, render: (x) => <VerdictTag verdict={x.verdict} />, plain: (x) => t.slug("verdict", x.verdict) },
    { key: "reason", title: t("reason"), width: 260, render: (x) => <span className="r-says">{reasons(x)}</span>, plain: reasons },
    { key: "account", title: t("account"), width: 170, render: (x) => <AccountCell account={x.account} />, plain: (x) => `${x.account.name} @${x.account.handle}` },
    { key: "unit", title: t("unit"), width: 170, render: (x) => <UnitPath unit={x.account.unit_id} short />, plain: (x) => x.account.unit },
    { key: "member", title: t("member"), width: 100, render: (x) => x.account.member || "—", plain: (x) => x.account.member },
    { key: "kind", title: t("kindCol"), hidden: true, width: 100, render: (x) => t.slug("object", x.kind), plain: (x) => t.slug("object", x.kind) },
    { key: "published", title: t("published_at"), width: 150, render: (x) => <span className="k-num">{x.published_at ? timeText(x.published_at) : "—"}</span>, plain: (x) => x.published_at ?? "" },
  ];
}

const reasons = (x: Shown) => [...new Set(x.findings.map((f) => f.reason))].join(" · ") || "—";
