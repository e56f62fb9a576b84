import { useState, type ReactNode } from "react";
import { t } from "./i18n";
import { shrink } from "./picture";

/** A proof as it is sent. */
export interface Proof {
  proof: "screenshot" | "link";
  note: string;
  picture?: string;
}

/** How a page draws the two controls: antd on the console, antd-mobile on the phone. */
export interface Kit {
  Area: (p: { value: string; onChange: (v: string) => void; label: string; hint: string }) => ReactNode;
  Submit: (p: { disabled: boolean; busy: boolean; onClick: () => void; children: ReactNode }) => ReactNode;
  Plain: (p: { onClick: () => void; children: ReactNode }) => ReactNode;
}

/** Takes a screenshot, or what was seen behind the link. */
export function ProofForm({ kit, canLook, busy, onSend }: { kit: Kit; canLook: boolean; busy: boolean; onSend: (p: Proof) => void }) {
  const [mode, setMode] = useState<Proof["proof"]>("screenshot");
  const [note, setNote] = useState("");
  const [picture, setPicture] = useState<{ base64: string; preview: string } | null>(null);
  const [bad, setBad] = useState(false);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const got = await shrink(file);
    setBad(!got);
    setPicture(got);
  };
  const ready = mode === "screenshot" ? !!picture : note.trim() !== "";
  return (
    <div className="r-proof">
      {mode === "screenshot" ? (
        <>
          {picture && <img className="r-picture" src={picture.preview} alt={t("picture")} />}
          <label className="r-pick">
            <input type="file" accept="image/png,image/jpeg,image/webp" onChange={(e) => void choose(e.target.files?.[0])} />
            <b>{t(picture ? "shotChange" : "shot")}</b>
            <br />
            <span className="k-muted">{t("shotHint")}</span>
          </label>
          {bad && (
            <p role="alert" className="k-bad">
              {t("shotBad")}
            </p>
          )}
        </>
      ) : (
        <kit.Area value={note} onChange={setNote} label={t("seen")} hint={t("seenHint")} />
      )}
      <kit.Submit
        disabled={!ready}
        busy={busy}
        onClick={() => onSend(mode === "screenshot" ? { proof: mode, note: "", picture: picture?.base64 } : { proof: mode, note: note.trim() })}
      >
        {t("prove")}
      </kit.Submit>
      {canLook && <kit.Plain onClick={() => setMode(mode === "link" ? "screenshot" : "link")}>{t(mode === "link" ? "proveShot" : "proveLink")}</kit.Plain>}
    </div>
  );
}
