import { Progress } from "antd";
import { useState } from "react";
import { bytes } from "@/i18n/format";
import { Dropzone, StatusTag, useToast, type Tone } from "@/ui";
import { t } from "./i18n";
import type { FileRow, Grade, Item, Kind } from "./types";
import { upload } from "./upload";
import "./library.css";

const TONES: Record<Item["state"], Tone> = { draft: "plain", checked: "warn", approved: "good", out: "off" };

/** Where an item stands; a live version beside a draft is said too. */
export function StateTag({ item }: { item: Item }) {
  const bad = item.live > 0 && item.state !== "out" && !item.usable;
  return <StatusTag tone={bad ? "bad" : TONES[item.state]}>{bad ? t.slug("why", item.why) : item.state === "draft" && item.live ? t("editing") : t(`state.${item.state}`)}</StatusTag>;
}

/** What the rules say. */
export function GradeTag({ grade }: { grade: Grade }) {
  if (!grade) return <>—</>;
  return <StatusTag tone={grade === "block" ? "bad" : grade === "pass" ? "good" : "warn"}>{t(`grade.${grade}`)}</StatusTag>;
}

/** A small picture of an item, or the sign of its kind. */
export function Cover({ item, large }: { item: Pick<Item, "cover" | "kind">; large?: boolean }) {
  return item.cover ? (
    <img className="l-cover" data-large={large} src={item.cover} alt="" loading="lazy" />
  ) : (
    <span className="l-cover" data-large={large} aria-hidden>
      {sign(item.kind)}
    </span>
  );
}

const sign = (k: Kind): string => t(`sign.${k}`);

/** Files with previews: pictures shown, videos played, the others named. */
export function Files({ list, onRemove }: { list: FileRow[]; onRemove?: (id: string) => void }) {
  return (
    <ul className="l-files">
      {list.map((f) => (
        <li key={f.id}>
          {f.media.startsWith("video/") ? (
            <video controls preload="metadata" src={f.url} aria-label={f.name} />
          ) : f.thumb ? (
            <a href={f.url} target="_blank" rel="noopener noreferrer">
              <img src={f.thumb} alt={f.name} loading="lazy" />
            </a>
          ) : (
            <span className="l-doc" aria-hidden>
              {f.name.split(".").at(-1)?.slice(0, 4).toUpperCase()}
            </span>
          )}
          <a href={`${f.url}?download=true`} download={f.name}>
            {f.name}
          </a>
          <small className="k-muted">
            {bytes(f.size)}
            {f.width ? ` · ${f.width} × ${f.height}` : ""}
          </small>
          {onRemove && (
            <button type="button" className="l-plain" onClick={() => onRemove(f.id)} aria-label={t("removeFile", { name: f.name })}>
              {t("remove")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

const ACCEPT = ".jpg,.jpeg,.png,.gif,.webp,.heic,.mp4,.mov,.webm,.mp3,.pdf,.docx,.xlsx,.pptx,.zip,.txt,.srt";

/** Uploads files in parts with a bar for each; goes on where it stopped. onBusy tells how many are on their way: nothing is saved meanwhile. */
export function Uploader({ onDone, onBusy }: { onDone: (f: FileRow) => void; onBusy: (change: 1 | -1) => void }) {
  const [running, setRunning] = useState<Record<string, number>>({});
  const toast = useToast();
  const start = async (file: File) => {
    const set = (n: number | undefined) =>
      setRunning((r) => {
        const rest = Object.entries(r).filter(([name]) => name !== file.name);
        return Object.fromEntries(n === undefined ? rest : [...rest, [file.name, n]]);
      });
    set(0);
    onBusy(1);
    try {
      onDone(await upload(file, set));
    } catch (err) {
      toast.failed(err);
    }
    set(undefined);
    onBusy(-1);
  };
  return (
    <>
      <Dropzone accept={ACCEPT} maxBytes={2 * 1024 ** 3} multiple title={t("drop")} onFiles={(list) => list.forEach((f) => void start(f))} />
      {Object.entries(running).map(([name, done]) => (
        <div key={name}>
          <small>{name}</small>
          <Progress percent={Math.floor(done * 100)} size="small" aria-label={name} />
        </div>
      ))}
    </>
  );
}
