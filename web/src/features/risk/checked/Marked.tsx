import { Cut } from "@/ui/Cut";
import { worst, type Finding } from "./spans";
import { t } from "./i18n";
import "./checked.css";

/** A text with its findings marked; the reason shows on hover. */
export function Marked({ text, findings }: { text: string; findings: Finding[] }) {
  return (
    <span className="ck-text">
      <Cut
        text={text}
        spans={findings}
        mark={(x, over) => (
          <mark data-severity={worst(over)} title={[...new Set(over.map((f) => `${t(`severity.${f.severity}`)} · ${f.reason}`))].join("\n")}>
            {x}
          </mark>
        )}
      />
    </span>
  );
}
