import { useState } from "react";
import { shrink } from "@/features/recall/picture";
import { t } from "./i18n";

/** A screenshot, made small. */
export interface Shot {
  base64: string;
  preview: string;
}

const MOST = 9;

/** Screenshots for a proof; each is made small before it is kept. */
export function Shots({ value, onChange, least }: { value: Shot[]; onChange: (v: Shot[]) => void; least: number }) {
  const [bad, setBad] = useState(false);
  const add = async (files: File[]) => {
    const got = await Promise.all(files.slice(0, MOST - value.length).map((f) => shrink(f)));
    setBad(got.some((g) => !g));
    onChange([...value, ...got.flatMap((g) => (g ? [g] : []))]);
  };
  return (
    <section className="p-card">
      <h2>{t("shots", { n: least })}</h2>
      <ul className="c-shots">
        {value.map((s, i) => (
          <li key={s.preview.slice(-40) + i}>
            <img src={s.preview} alt={t("shot", { n: i + 1 })} />
            <button type="button" aria-label={t("dropShot", { n: i + 1 })} onClick={() => onChange(value.filter((_, at) => at !== i))}>
              ×
            </button>
          </li>
        ))}
        {value.length < MOST && (
          <li>
            <label className="c-add">
              <input
                type="file"
                multiple
                accept="image/png,image/jpeg,image/webp"
                onChange={(e) => {
                  void add([...(e.target.files ?? [])]);
                  e.target.value = "";
                }}
              />
              <span>{t("addShot")}</span>
            </label>
          </li>
        )}
      </ul>
      <p className="k-muted c-flat">{t("shotHint")}</p>
      {bad && (
        <p role="alert" className="k-bad c-flat">
          {t("shotBad")}
        </p>
      )}
    </section>
  );
}
