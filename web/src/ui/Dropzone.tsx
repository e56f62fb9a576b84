import { useRef, useState, type DragEvent } from "react";
import { Problem } from "@/api";
import { bytes } from "@/i18n/format";
import { t } from "./i18n";
import { useToast } from "./toast";
import "./ui.css";

/** Props of Dropzone. */
export interface DropzoneProps {
  onFiles: (files: File[]) => void;
  /** Endings: ".xlsx,.csv". */
  accept: string;
  maxBytes: number;
  multiple?: boolean;
  disabled?: boolean;
  title?: string;
}

/** A place to drop files or to choose them; refuses wrong types and sizes before anything is sent. */
export function Dropzone(p: DropzoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const toast = useToast();
  const types = p.accept.split(",").map((s) => s.trim().toLowerCase());

  const take = (list: FileList | null) => {
    const good: File[] = [];
    for (const f of list ?? []) {
      const fits = types.some((e) => f.name.toLowerCase().endsWith(e));
      if (!fits) toast.failed(refused(t("dropWrong", { name: f.name, types: types.join(" ") })));
      else if (f.size > p.maxBytes) toast.failed(refused(t("dropBig", { name: f.name, size: bytes(f.size), max: bytes(p.maxBytes) })));
      else good.push(f);
    }
    if (good.length) p.onFiles(p.multiple ? good : good.slice(0, 1));
  };
  const onDrop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    if (!p.disabled) take(e.dataTransfer.files);
  };
  return (
    <>
      <button
        type="button"
        className="k-drop"
        data-over={over}
        disabled={p.disabled}
        onClick={() => input.current?.click()}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <svg width={36} height={36} viewBox="0 0 36 36" fill="none" stroke="currentColor" strokeWidth={1.6} className="k-muted" aria-hidden>
          <path d="M18 24V8M11 14l7-7 7 7M6 24v6h24v-6" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        <div style={{ fontWeight: 600, marginTop: 8 }}>{p.title ?? t("drop")}</div>
        <div className="k-muted">{t("dropHint", { types: types.join(" "), size: bytes(p.maxBytes) })}</div>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={p.accept}
        multiple={p.multiple}
        data-testid="file-input"
        onChange={(e) => {
          take(e.target.files);
          e.target.value = ""; // the same file may be chosen again
        }}
      />
    </>
  );
}

function refused(text: string): Problem {
  return new Problem(0, "ui.file_refused", text);
}
