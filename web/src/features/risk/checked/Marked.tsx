import { pieces, worst, type Finding } from "./spans";
import { t } from "./i18n";
import "./checked.css";

/** A text with its findings marked; the reason shows on hover. */
export function Marked({ text, findings }: { text: string; findings: Finding[] }) {
  return (
    <span className="ck-text">
      {pieces(text, findings).map((p, i) =>
        p.over.length ? (
          <mark key={i} data-severity={worst(p.over)} title={[...new Set(p.over.map((f) => `${t(`severity.${f.severity}`)} · ${f.reason}`))].join("\n")}>
            {p.text}
          </mark>
        ) : (
          <span key={i}>{p.text}</span>
        ),
      )}
    </span>
  );
}
