/**
 * A text box that checks what is typed: marks the words, says why and by which article, and puts them right with one tap.
 * Works on console and phone (imports neither antd nor antd-mobile) and inside a Form.Item.
 *
 *   <CheckedText value={text} onChange={setText} field="title" kind="post" platform="xiaohongshu" label={t("title")} />
 */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Cut } from "@/ui/Cut";
import { useChecked, type CheckContext, type Checked } from "./check";
import { FindingList } from "./FindingList";
import { t } from "./i18n";
import { mend, worst } from "./spans";
import "./checked.css";

/** Props of CheckedText. */
export interface CheckedTextProps extends CheckContext {
  value?: string;
  onChange?: (text: string) => void;
  /** Told when a verdict is there; null while the text is being checked. Keep it stable (useCallback, a setter). */
  onVerdict?: (verdict: Checked["verdict"] | null) => void;
  id?: string;
  /** The name of the box for those who do not see it; not needed inside a labelled Form.Item. */
  label?: string;
  placeholder?: string;
  maxLength?: number;
  /** Lines at first; 1 = a single line without breaks. */
  rows?: number;
  autoFocus?: boolean;
  disabled?: boolean;
}

/** The box. */
export function CheckedText(p: CheckedTextProps) {
  const text = p.value ?? "";
  const [composing, setComposing] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const { findings, more, verdict, checking, failed } = useChecked(text, { field: p.field, kind: p.kind, platform: p.platform }, composing);
  const { onVerdict } = p;
  useEffect(() => onVerdict?.(verdict), [onVerdict, verdict]);
  const rows = p.rows ?? 4;
  const onKey = (e: KeyboardEvent) => {
    if (rows === 1 && e.key === "Enter" && !composing) e.preventDefault();
  };
  const state = failed ? t("failed") : checking ? t("checking") : !text.trim() ? "" : findings.length ? t("found", { n: findings.length + more }) : t("clean");
  return (
    <div className="ck" data-severity={worst(findings)}>
      <div className="ck-box">
        <div className="ck-back" aria-hidden>
          <Cut text={text} spans={findings} mark={(x, over) => <mark data-severity={worst(over)}>{x}</mark>} />
          {"\n"}
        </div>
        <textarea
          ref={box}
          id={p.id}
          rows={rows}
          value={text}
          aria-label={p.label}
          placeholder={p.placeholder}
          maxLength={p.maxLength}
          disabled={p.disabled}
          autoFocus={p.autoFocus}
          spellCheck={false}
          onChange={(e) => p.onChange?.(rows === 1 ? e.target.value.replace(/\s*\n\s*/g, " ") : e.target.value)}
          onKeyDown={onKey}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
        />
      </div>
      <p className="ck-state" role="status" data-verdict={verdict ?? ""}>
        {state}
      </p>
      <FindingList
        findings={findings}
        onMend={
          p.disabled
            ? undefined
            : (f) => {
                p.onChange?.(mend(text, f));
                box.current?.focus();
              }
        }
      />
      {more > 0 && <p className="k-muted">{t("more", { n: more })}</p>}
    </div>
  );
}
