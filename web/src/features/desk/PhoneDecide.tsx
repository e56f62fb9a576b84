import { Toast } from "antd-mobile";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { FindingList } from "@/features/risk/checked/FindingList";
import { featureWords } from "@/features/risk/checked/words";
import { Card } from "@/phone/kit";
import { decisionOf, keyOf, mended, withMark, type Marks, type Verb } from "./decision";
import { textMap } from "./draft";
import { t } from "./i18n";
import { decide } from "./reviewing";
import { FIELDS, LONG, type Story } from "./types";

type Mode = "" | "changes" | "reject";

/** The text (children), its findings and the decision; writing takes the place of reading. Decisions go through the outbox. */
export function PhoneDecide({ story: s, may, onDone, children }: { story: Story; may: boolean; onDone: () => void; children: ReactNode }) {
  const [mode, setMode] = useState<Mode>("");
  const [marks, setMarks] = useState<Marks>({});
  const [reason, setReason] = useState("");
  const [texts, setTexts] = useState(() => textMap(s.texts));
  const [busy, setBusy] = useState(false);
  const send = async (verb: Verb) => {
    setBusy(true);
    const what = t(`kept.${verb}`, { title: s.title });
    await decide(s, decisionOf(s, verb, { reason, texts, marks }), what);
    Toast.show({ content: t(navigator.onLine ? "keptSent" : "keptOffline", { what }) });
    onDone();
  };
  const write = (next: Mode) => {
    if (next === "changes") setTexts(mended(s, marks));
    setMode(next);
  };
  const saysSomething = reason.trim() !== "" || (decisionOf(s, "changes", { reason, texts, marks }).suggestion ?? []).length > 0;
  return (
    <>
      {mode === "" && children}
      {mode === "changes" && <Suggest story={s} texts={texts} onChange={setTexts} />}
      {mode !== "" && <Reason story={s} value={reason} onChange={setReason} first={mode === "reject"} />}
      {mode !== "changes" && <Findings story={s} marks={marks} onMark={may ? setMarks : undefined} />}
      {may && (
        <div className="d-bar" role="group" aria-label={t("decided")}>
          {mode === "" ? (
            <>
              <button type="button" className="d-btn" disabled={busy} onClick={() => write("reject")}>{t("rejectShort")}</button>
              <button type="button" className="d-btn" disabled={busy} onClick={() => write("changes")}>{t("suggestShort")}</button>
              <button type="button" className="d-btn d-main" disabled={busy} onClick={() => void send("approve")}>{t("approveShort")}</button>
            </>
          ) : (
            <>
              <button type="button" className="d-btn" disabled={busy} onClick={() => setMode("")}>{t("writeBack")}</button>
              <button type="button" className="d-btn d-main" disabled={busy || (mode === "reject" ? !reason.trim() : !saysSomething)} onClick={() => void send(mode)}>
                {t(mode === "reject" ? "confirmReject" : "sendSuggestion")}
              </button>
            </>
          )}
        </div>
      )}
    </>
  );
}

function Findings({ story: s, marks, onMark }: { story: Story; marks: Marks; onMark?: (m: Marks) => void }) {
  return (
    <Card title={t("findings")}>
      {s.findings.length === 0 && <p className="k-muted">{t("findingsNone")}</p>}
      <FindingList
        findings={s.findings}
        extra={(x) => {
          const f = s.findings.find((y) => y.rule === x.rule && y.start === x.start && y.field === x.field);
          if (!f) return null;
          const words = featureWords(f.top, 4);
          return (
            <>
              {words && <span className="k-muted">{t("why", { words })}</span>}
              {onMark && f.rule !== "desk.qr" && (
                <span className="d-marks">
                  {[true, false].map((right) => (
                    <button key={String(right)} type="button" aria-pressed={marks[keyOf(f)] === right} onClick={() => onMark(withMark(marks, f, right))}>
                      {t(right ? "markRight" : "markWrong")}
                    </button>
                  ))}
                </span>
              )}
            </>
          );
        }}
      />
      {s.findings_more > 0 && <p className="k-muted">{t("findingsMore", { n: s.findings_more })}</p>}
      {Object.keys(marks).length > 0 && <small className="k-muted">{t("marked")}</small>}
    </Card>
  );
}

function Suggest({ story: s, texts, onChange }: { story: Story; texts: Record<string, string>; onChange: (t: Record<string, string>) => void }) {
  return (
    <Card title={t("suggestedText")}>
      <div className="d-form">
        {FIELDS[s.kind].map((field) => {
          const label = t.slug("field", field);
          return (
            <div key={field}>
              <span className="d-label" aria-hidden>{label}</span>
              <CheckedText
                value={texts[field] ?? ""}
                onChange={(text) => onChange({ ...texts, [field]: text })}
                field={field}
                kind={s.kind}
                platform={s.platform || undefined}
                label={`${t("suggestedText")} · ${label}`}
                rows={LONG.has(field) ? 5 : 1}
                maxLength={LONG.has(field) ? 10_000 : 200}
              />
            </div>
          );
        })}
      </div>
    </Card>
  );
}

/** The reason, with the findings' own ones to tap. */
function Reason({ story: s, value, onChange, first }: { story: Story; value: string; onChange: (v: string) => void; first: boolean }) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (first) box.current?.focus();
  }, [first]);
  const ready = [...new Set(s.findings.map((f) => f.reason).filter(Boolean))].slice(0, 4);
  return (
    <Card title={t("reason")}>
      {ready.length > 0 && (
        <div className="d-ready">
          {ready.map((r) => (
            <button key={r} type="button" onClick={() => onChange(value.includes(r) ? value : [value.trim(), r].filter(Boolean).join("\n"))}>
              {r}
            </button>
          ))}
        </div>
      )}
      <textarea ref={box} className="d-input" rows={3} maxLength={1000} value={value} aria-label={t("reason")} placeholder={t("reasonHint")} onChange={(e) => onChange(e.target.value)} />
    </Card>
  );
}
