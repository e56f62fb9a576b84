import { Button, Form, InputNumber, Select, Switch } from "antd";
import { useEffect, useState } from "react";
import { useGet, useSend } from "@/api";
import { useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { fullNumber, percent } from "@/i18n/format";
import { EmptyState, ErrorState, Figure, FigureRow, Page, Section, StatusTag, useToast } from "@/ui";
import { CheckedText } from "./checked/CheckedText";
import { Marked } from "./checked/Marked";
import { t } from "./i18n";
import { AccountCell, OpinionButtons, RiskTabs, SeverityTag } from "./parts";
import { OffDialog, useSwitch } from "./RuleDrawer";
import { faultsOf, RuleInputs, ruleOf, valuesOf, type RuleValues } from "./RuleForm";
import { says } from "./RulesPage";
import type { Draft, Judged, LabReport, Precision, Ruled, RuleFields } from "./types";

interface Ask {
  code?: string;
  rule: RuleFields;
  days: number;
}

/** Tries a rule on published posts before it goes live. */
export default function LabPage() {
  const [code, setCode] = useUrlState("code");
  const [days, setDays] = useState(90);
  const [form] = Form.useForm<RuleValues>();
  const toast = useToast();
  const can = useCan();
  const draft = useGet<Draft>("/api/v1/risk/draft");
  const picked = useGet<Ruled>(code ? "/api/v1/risk/rule" : null, { code });
  const lab = useSend<LabReport, Ask>("POST", "/api/v1/risk/lab");
  const save = useSend<unknown, RuleFields>(code ? "PUT" : "POST", "/api/v1/risk/rule", ["/api/v1/risk/"]);
  useEffect(() => {
    if (picked.data) form.setFieldsValue(valuesOf(picked.data));
  }, [picked.data, form]);
  if (draft.error && !draft.data) return <ErrorState error={draft.error} onRetry={() => void draft.refetch()} />;
  if (!draft.data) return null;
  const failed = (p: Parameters<typeof faultsOf>[0]) => (p.fields.length ? form.setFields(faultsOf(p)) : toast.failed(p));
  const tryIt = (v: RuleValues) => lab.mutate({ body: { code: code || undefined, rule: ruleOf(v), days } }, { onError: failed });
  const keep = () =>
    void form.validateFields().then((v) => save.mutate({ body: ruleOf(v), query: code ? { code } : undefined }, { onSuccess: () => toast.done(t(code ? "ruleSaved" : "ruleAdded")), onError: failed }));
  return (
    <Page title={t("labTitle")} lead={t("labLead")}>
      <RiskTabs />
      <div className="r-two">
        <Section
          title={t("labRule")}
          extra={<RulePick code={code} onPick={setCode} />}
        >
          <Form form={form} layout="vertical" initialValues={valuesOf()} onFinish={tryIt} requiredMark={false}>
            <RuleInputs draft={draft.data} />
            <div className="k-actions">
              <InputNumber aria-label={t("labDays")} prefix={t("labDays")} min={1} max={730} value={days} onChange={(n) => setDays(n ?? 90)} style={{ width: 170 }} />
              <Button type="primary" htmlType="submit" loading={lab.isPending}>{t("labTry")}</Button>
              {can("risk.write") && <Button loading={save.isPending} onClick={keep}>{t("labSave")}</Button>}
            </div>
          </Form>
        </Section>
        <div>
          <TryText />
          {lab.data ? <Report report={lab.data} onAgain={() => form.submit()} /> : <JudgedRules />}
        </div>
      </div>
      {lab.data && <JudgedRules />}
    </Page>
  );
}

/** A sentence to try the rules in force on. */
function TryText() {
  const [text, setText] = useState("");
  return (
    <Section title={t("tryText")}>
      <CheckedText value={text} onChange={setText} field="title" kind="post" rows={2} label={t("tryText")} placeholder={t("tryTextHint")} maxLength={2000} />
    </Section>
  );
}

function RulePick({ code, onPick }: { code: string; onPick: (code: string) => void }) {
  const [q, setQ] = useState("");
  const found = useGet<{ items: Ruled[] }>("/api/v1/risk/rules", { q, limit: 30 }, { keep: true });
  const list = found.data?.items ?? [];
  return (
    <Select
      aria-label={t("labFrom")}
      placeholder={t("labFrom")}
      style={{ width: 240 }}
      allowClear
      showSearch={{ filterOption: false, onSearch: setQ }}
      value={code || undefined}
      onChange={(v?: string) => onPick(v ?? "")}
      options={[...(code && !list.some((r) => r.code === code) ? [{ value: code, label: code }] : []), ...list.map((r) => ({ value: r.code, label: says(r) }))]}
    />
  );
}

/** How precise, with what certainty. */
export function PrecisionText({ p }: { p: Precision }) {
  if (p.right + p.false === 0) return <span className="k-muted">{t("labPrecisionNone")}</span>;
  return (
    <span>
      <b className="k-num">{percent({ num: p.right, den: p.right + p.false }, 0)}</b>{" "}
      <span className="k-muted">{t("labPrecisionText", { right: p.right, false: p.false, low: percent(p.low, 0), high: percent(p.high, 0) })}</span>
    </span>
  );
}

function Report({ report: r, onAgain }: { report: LabReport; onAgain: () => void }) {
  return (
    <>
      <FigureRow>
        <Figure label={t("labScanned")} data={{ value: r.scanned }} />
        <Figure label={t("labPosts")} data={{ value: r.posts }} />
        <Figure label={t("labHits")} data={{ value: r.hits }} />
        <Figure label={t("labAlone")} data={{ value: r.alone }} />
      </FigureRow>
      {r.cut && <p className="k-muted">{t("labCut", { n: fullNumber(r.scanned) })}</p>}
      <Section title={t("labPrecision")}>
        <PrecisionText p={r.precision} />
      </Section>
      <Section title={t("labOverlaps")}>
        {r.overlaps.length === 0 ? (
          <p className="k-muted">{t("labOverlapsNone")}</p>
        ) : (
          <ul className="r-changes">
            {r.overlaps.map((o) => (
              <li key={o.code}>
                {o.says || o.code} <span className="k-muted">{t("labOverlapPosts", { n: o.posts })}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t("labSample")} extra={<Button size="small" onClick={onAgain}>{t("labTry")}</Button>}>
        {r.sample.length === 0 ? (
          <EmptyState title={t("labNothing")} />
        ) : (
          <>
            <p className="k-muted">{t("labSampleHint")}</p>
            <ul className="r-sample">
              {r.sample.map((x) => (
                <li key={x.object}>
                  <span>
                    <Marked text={x.text} findings={x.findings} />
                    <br />
                    <span className="k-muted"><AccountCell account={x.account} /></span>
                  </span>
                  {x.findings.slice(0, 1).map((f) => (
                    <span key={f.start} className="ck-acts">
                      <OpinionButtons of={x} finding={f} />
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
    </>
  );
}

function JudgedRules() {
  const [noisy, setNoisy] = useState(false);
  const got = useGet<{ items: Judged[] }>("/api/v1/risk/judged", { noisy }, { keep: true });
  const list = got.data?.items ?? [];
  return (
    <Section title={t("judgedTitle")} extra={<label><Switch size="small" checked={noisy} onChange={setNoisy} /> {t("noisyOnly")}</label>}>
      {got.data && list.length === 0 && <p className="k-muted">{t("judgedNone")}</p>}
      <ul className="r-changes">
        {list.map((j) => (
          <li key={j.code} style={{ display: "flex", gap: 12, alignItems: "center", flexWrap: "wrap" }}>
            <span style={{ flex: 1, minWidth: 200 }}>
              <b>{j.says || j.code}</b> {j.severity && <SeverityTag severity={j.severity} />} {j.noisy && <StatusTag tone="bad">{t("noisy")}</StatusTag>}
              <br />
              <PrecisionText p={j.precision} />
            </span>
            <Retire judged={j} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Retire({ judged: j }: { judged: Judged }) {
  const can = useCan();
  const [asking, setAsking] = useState(false);
  const turn = useSwitch({ code: j.code, says: j.says || j.code });
  if (!can("risk.write") || !j.state) return null;
  if (j.state === "off") return <StatusTag tone="off">{t("state.off")}</StatusTag>;
  return (
    <>
      <Button size="small" onClick={() => setAsking(true)}>{t("retire")}</Button>
      {asking && <OffDialog name={j.says || j.code} busy={turn.busy} onClose={() => setAsking(false)} onOff={(note) => turn.go(true, note, () => setAsking(false))} />}
    </>
  );
}
