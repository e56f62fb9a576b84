import { Toast } from "antd-mobile";
import { useState } from "react";
import { bytes } from "@/i18n/format";
import { copyText } from "./copy";
import { t } from "./i18n";
import { tagText } from "./says";
import type { Material, MyPage } from "./types";

/** The words and hashtags of a task as they go into the app. */
export function textOf(page: MyPage): string {
  const body = page.text.body.trim();
  const tags = (page.hashtags ?? []).map(tagText).filter((h) => !body.includes(h));
  return [body, tags.join(" ")].filter(Boolean).join("\n\n");
}

/** Own text with copy buttons, and files to save. */
export function PhoneMaterial({ page }: { page: MyPage }) {
  const text = textOf(page);
  const files = page.materials ?? [];
  return (
    <>
      {(page.text.title || text) && (
        <section className="p-card">
          <h2>
            {t("words")}
            {page.text.own && <small className="k-muted">{t("wordsOwn")}</small>}
          </h2>
          {page.text.title && <Copied label={t("wordsTitle")} text={page.text.title} />}
          {text && <Copied label={t("wordsBody")} text={text} />}
        </section>
      )}
      {files.length > 0 && (
        <section className="p-card">
          <h2>{t("files")}</h2>
          <ul className="p-rows">
            {files.map((m) => (
              <li key={m.id}>
                <Files material={m} />
              </li>
            ))}
          </ul>
          <p className="k-muted c-flat">{t("filesHint")}</p>
        </section>
      )}
    </>
  );
}

function Copied({ label, text }: { label: string; text: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    const ok = await copyText(text);
    setDone(ok);
    if (!ok) Toast.show({ content: t("copyFailed") });
  };
  return (
    <div className="c-copy">
      <p className="c-words">{text}</p>
      <button type="button" className="c-btn" onClick={() => void copy()}>
        {t(done ? "copied" : "copy", { what: label })}
      </button>
    </div>
  );
}

function Files({ material: m }: { material: Material }) {
  if (!m.usable) return <span className="k-muted">{t("unusable", { title: m.title, why: m.why })}</span>;
  const list = m.files ?? [];
  if (list.length === 0) return <b>{m.title}</b>;
  return (
    <>
      {list.map((f) => (
        <div key={f.url} className="c-file">
          {f.media.startsWith("image/") && <img src={f.url} alt={f.name} loading="lazy" />}
          {f.media.startsWith("video/") && <video src={f.url} preload="none" controls playsInline aria-label={f.name} />}
          <span>
            <b>{m.title}</b>
            <small className="k-muted">{[f.name, bytes(f.size)].join(" · ")}</small>
          </span>
          <a className="c-btn" href={f.url} download={f.name}>
            {t("save")}
          </a>
        </div>
      ))}
    </>
  );
}
