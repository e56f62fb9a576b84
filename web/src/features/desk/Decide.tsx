import { Alert, Button, Input, Modal, Select } from "antd";
import { useEffect, useState } from "react";
import { useGet, useSend } from "@/api";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { FindingList } from "@/features/risk/checked/FindingList";
import { featureWords } from "@/features/risk/checked/words";
import { Section, useToast } from "@/ui";
import { decisionOf, keyOf, mended, withMark, type Decision, type Marks, type Verb } from "./decision";
import { textMap } from "./draft";
import { t } from "./i18n";
import { typing } from "./ReviewPage";
import { API, FIELDS, LONG, type Finding, type Settings, type Story, type Submission } from "./types";

type Mode = "" | "changes" | "reject";
/** The findings, the reviewer's word on them, and the decision. Keys: a, r, x. */
export function Decide({ story: s, settings, taken, onDone }: { story: Story; settings?: Settings; taken: string; onDone: () => void }) {
  const [mode, setMode] = useState<Mode>("");
  const [marks, setMarks] = useState<Marks>({});
  const may = settings?.may_review === true && s.state === "waiting" && !s.own && !taken;
  return (
    <>
      <Section title={t("findings")}>
        {s.findings.length === 0 ? (
          <p className="k-muted">{t("findingsNone")}</p>
        ) : (
          <FindingList
            findings={s.findings}
            extra={(f) => {
              const one = s.findings.find((x) => x.rule === f.rule && x.start === f.start && x.field === f.field);
              return one ? <Mark finding={one} marks={marks} onMark={may ? setMarks : undefined} /> : null;
            }}
          />
        )}
        {s.findings_more > 0 && <p className="k-muted">{t("findingsMore", { n: s.findings_more })}</p>}
        {Object.keys(marks).length > 0 && <small className="k-muted">{t("marked")}</small>}
      </Section>
      {taken && s.state === "waiting" && <Alert type="warning" showIcon title={taken} />}
      {s.own && s.state === "waiting" && <Alert type="info" showIcon title={t("ownOnly")} />}
      {settings && !settings.may_review && s.state === "waiting" && <Alert type="info" showIcon title={t("reviewOnly")} />}
      {may && <Acts story={s} mode={mode} onMode={setMode} marks={marks} onDone={onDone} />}
    </>
  );
}

function Mark({ finding: f, marks, onMark }: { finding: Finding; marks: Marks; onMark?: (m: Marks) => void }) {
  const words = featureWords(f.top, 4);
  const set = (right: boolean) => onMark?.(withMark(marks, f, right));
  return (
    <>
      {words && <span className="k-muted">{t("why", { words })}</span>}
      {onMark && f.rule !== "desk.qr" && (
        <span className="d-marks">
          <button type="button" aria-pressed={marks[keyOf(f)] === true} onClick={() => set(true)}>{t("markRight")}</button>
          <button type="button" aria-pressed={marks[keyOf(f)] === false} onClick={() => set(false)}>{t("markWrong")}</button>
        </span>
      )}
    </>
  );
}

function Acts({ story: s, mode, onMode, marks, onDone }: { story: Story; mode: Mode; onMode: (m: Mode) => void; marks: Marks; onDone: () => void }) {
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [texts, setTexts] = useState(() => textMap(s.texts));
  const suggest = () => {
    setTexts(mended(s, marks));
    onMode("changes");
  };
  const [handing, setHanding] = useState(false);
  const send = useSend<Submission, Decision>("POST", `${API}/submissions/{id}/review`, [API]);
  const decide = (decision: Verb) => {
    if (send.isPending) return;
    send.mutate(
      { path: { id: s.id }, body: decisionOf(s, decision, { reason, texts, marks }) },
      {
        onSuccess: (now) => {
          toast.done(decision === "approve" && now.state === "waiting" ? t("done.approveFirst") : t(`done.${decision}`, { title: s.title, author: s.author }));
          onDone();
        },
        onError: toast.failed,
      },
    );
  };
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if (typing(e)) return;
      if (e.key === "a") decide("approve");
      if (e.key === "r" || e.key === "x") {
        e.preventDefault();
        if (e.key === "r") suggest();
        else onMode("reject");
      }
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  });
  return (
    <Section>
      {mode === "changes" && (
        <div className="d-form">
          {FIELDS[s.kind].map((field, i) => (
            <div key={field}>
              <span className="d-label" aria-hidden>{t("suggestedText")} · {t.slug("field", field)}</span>
              <CheckedText
                value={texts[field] ?? ""}
                onChange={(text) => setTexts({ ...texts, [field]: text })}
                field={field}
                kind={s.kind}
                platform={s.platform || undefined}
                label={`${t("suggestedText")} · ${t.slug("field", field)}`}
                rows={LONG.has(field) ? 4 : 1}
                maxLength={LONG.has(field) ? 10_000 : 200}
                autoFocus={i === FIELDS[s.kind].length - 1}
              />
            </div>
          ))}
        </div>
      )}
      {mode !== "" && (
        <label style={{ display: "block", margin: "12px 0" }}>
          <span className="d-label">{t("reason")}</span>
          <Input.TextArea value={reason} onChange={(e) => setReason(e.target.value)} placeholder={t("reasonHint")} maxLength={1000} autoSize={{ minRows: 2, maxRows: 6 }} autoFocus={mode === "reject"} />
        </label>
      )}
      <div className="d-acts">
        {mode === "" && (
          <>
            <Button type="primary" onClick={() => decide("approve")} loading={send.isPending}>{t("approve")}</Button>
            <Button onClick={suggest}>{t("suggest")}</Button>
            <Button danger onClick={() => onMode("reject")}>{t("reject")}</Button>
            <Button onClick={() => setHanding(true)}>{t("handOver")}</Button>
          </>
        )}
        {mode === "changes" && <Button type="primary" loading={send.isPending} onClick={() => decide("changes")}>{t("sendSuggestion")}</Button>}
        {mode === "reject" && <Button type="primary" danger disabled={!reason.trim()} loading={send.isPending} onClick={() => decide("reject")}>{t("confirmReject")}</Button>}
        {mode !== "" && <Button onClick={() => onMode("")}>{t("cancel")}</Button>}
      </div>
      <p className="k-muted" style={{ margin: "10px 0 0" }}>{t("keys")}</p>
      {handing && <HandOver story={s} onClose={() => setHanding(false)} onDone={onDone} />}
    </Section>
  );
}

function HandOver({ story: s, onClose, onDone }: { story: Story; onClose: () => void; onDone: () => void }) {
  const toast = useToast();
  const people = useGet<{ items: { id: string; name: string }[] }>(`${API}/reviewers`);
  const [to, setTo] = useState<string>();
  const [note, setNote] = useState("");
  const send = useSend<Submission, { user_id: string; note: string }>("POST", `${API}/submissions/{id}/handover`, [API]);
  return (
    <Modal
      open
      title={t("handOver")}
      onCancel={onClose}
      okText={t("handOver")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: !to }}
      confirmLoading={send.isPending}
      onOk={() =>
        send.mutate(
          { path: { id: s.id }, body: { user_id: to ?? "", note } },
          { onSuccess: (now) => { toast.done(t("handed", { name: now.assigned_to })); onClose(); onDone(); }, onError: toast.failed },
        )
      }
    >
      <div className="d-form">
        <Select aria-label={t("handTo")} placeholder={t("handTo")} value={to} onChange={setTo} loading={people.isPending} options={people.data?.items.map((p) => ({ value: p.id, label: p.name }))} style={{ width: "100%" }} />
        <Input.TextArea aria-label={t("handNote")} placeholder={t("handNote")} value={note} onChange={(e) => setNote(e.target.value)} maxLength={300} rows={2} />
      </div>
    </Modal>
  );
}
