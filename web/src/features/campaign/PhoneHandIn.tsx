import { TextArea, Toast } from "antd-mobile";
import { useEffect, useRef, useState } from "react";
import { useGet } from "@/api";
import { dayText } from "@/i18n/format";
import { useAct } from "./act";
import { taskPath } from "./stand";
import { pasteText } from "./copy";
import { t } from "./i18n";
import { keep, loadKept, NOTHING, type Kept } from "./keep";
import { linkIn } from "./links";
import { PhoneForm } from "./PhoneForm";
import { textOf } from "./PhoneMaterial";
import { Shots, type Shot } from "./Shots";
import type { MyPage, PostPick } from "./types";

/** What is asked for as proof, on one screen; sent through the queue, so that a bad network loses nothing and doubles nothing. */
export function PhoneHandIn({ page, onBack }: { page: MyPage; onBack: () => void }) {
  const { task, evidence: e } = page;
  const [kept, set] = useState<Kept>(() => loadKept(task.id));
  const [shots, setShots] = useState<Shot[]>([]);
  const [sent, setSent] = useState(false);
  const act = useAct(task.id);
  const change = (c: Partial<Kept>) => {
    const next = { ...kept, ...c };
    set(next);
    keep(task.id, next);
  };
  const fields = e.form ? (page.fields ?? []) : [];
  const missing = missingOf(page, kept, shots.length);
  const send = async () => {
    if (sent || missing) return;
    setSent(true);
    await act(
      "submit",
      {
        link: kept.post ? "" : (linkIn(kept.link) ? kept.link.trim() : ""),
        post_id: kept.post || null,
        text: e.link ? (kept.text ?? textOf(page)).trim() : "",
        images: shots.map((s) => s.base64),
        form: Object.fromEntries(fields.flatMap((f) => (kept.form[f.key] ? [[f.key, kept.form[f.key]]] : []))),
        answer: page.asks && kept.answer !== null ? kept.answer : null,
        note: kept.note.trim(),
      },
      t("did.submit", { title: task.title }),
    );
    keep(task.id, null);
    set(NOTHING);
    Toast.show({ content: t("sent") });
    onBack();
  };
  return (
    <section className="c-form">
      {page.asks && <Question page={page} value={kept.answer} onChange={(answer) => change({ answer })} />}
      {e.link && <Link page={page} kept={kept} onChange={change} />}
      {e.screenshots > 0 && <Shots value={shots} onChange={setShots} least={e.screenshots} />}
      {fields.length > 0 && <PhoneForm fields={fields} value={kept.form} onChange={(form) => change({ form })} />}
      {e.link && <Published page={page} value={kept.text} onChange={(text) => change({ text })} />}
      <section className="p-card">
        <label className="c-field">
          <span>{t("note")}</span>
          <TextArea value={kept.note} onChange={(note) => change({ note })} rows={2} maxLength={300} placeholder={t("noteHint")} />
        </label>
      </section>
      <div className="c-foot">
        {missing && <p className="k-muted c-flat">{missing}</p>}
        <div className="c-acts">
          <button type="button" className="c-btn" onClick={onBack}>
            {t("back")}
          </button>
          <button type="button" className="c-btn c-main" disabled={!!missing || sent} onClick={() => void send()}>
            {t("submit")}
          </button>
        </div>
      </div>
    </section>
  );
}

/** What is still missing, in words; "" when all is there. */
export function missingOf(page: MyPage, kept: Kept, shots: number): string {
  const e = page.evidence;
  if (page.asks && kept.answer === null) return t("needAnswer");
  if (e.link && !kept.post && !linkIn(kept.link)) return t("needLink");
  if (shots < e.screenshots) return t("needShots", { n: e.screenshots - shots });
  const empty = e.form ? (page.fields ?? []).find((f) => f.required && !kept.form[f.key]?.trim()) : undefined;
  return empty ? t("needField", { label: empty.label }) : "";
}

/** The words that were published: the own text unless the person changed it. */
function Published({ page, value, onChange }: { page: MyPage; value: string | null; onChange: (v: string) => void }) {
  const own = textOf(page);
  return (
    <details className="p-card c-brief" open={!own}>
      <summary>{t(own ? "publishedOwn" : "published")}</summary>
      <textarea className="c-input" rows={5} maxLength={4000} value={value ?? own} aria-label={t("published")} placeholder={t("publishedHint")} onChange={(ev) => onChange(ev.target.value)} />
    </details>
  );
}

function Question({ page, value, onChange }: { page: MyPage; value: number | null; onChange: (n: number) => void }) {
  const q = page.brief.question;
  return (
    <fieldset className="p-card c-options">
      <legend>{q.text}</legend>
      {(q.options ?? []).map((o, i) => (
        <label key={i}>
          <input type="radio" name="answer" checked={value === i} onChange={() => onChange(i)} />
          {o}
        </label>
      ))}
    </fieldset>
  );
}

/** A pasted link or share text, or one of the person's own imported posts. */
function Link({ page, kept, onChange }: { page: MyPage; kept: Kept; onChange: (c: Partial<Kept>) => void }) {
  const posts = useGet<{ items: PostPick[] | null }>(taskPath(page.task.id, "posts"));
  const box = useRef<HTMLTextAreaElement>(null);
  const found = linkIn(kept.link);
  const rows = (posts.data?.items ?? []).filter((p) => !p.used);
  useEffect(() => {
    if (!kept.link) box.current?.focus({ preventScroll: true });
  }, [kept.link]);
  const paste = async () => {
    const text = await pasteText();
    if (text) onChange({ link: text, post: "" });
    else {
      box.current?.focus();
      Toast.show({ content: t("pasteSelf") });
    }
  };
  return (
    <section className="p-card">
      <h2>{t("link")}</h2>
      <textarea
        ref={box}
        className="c-input"
        rows={3}
        maxLength={2000}
        value={kept.link}
        aria-label={t("link")}
        placeholder={t("linkHint")}
        onChange={(ev) => onChange({ link: ev.target.value, post: "" })}
      />
      <p className="k-muted c-flat" role="status">
        {kept.link.trim() ? (found ? t("linkFound", { link: found }) : t("linkNone")) : t("linkAny")}
      </p>
      <button type="button" className="c-btn" onClick={() => void paste()}>
        {t("paste")}
      </button>
      {rows.length > 0 && (
        <>
          <h3>{t("pick")}</h3>
          <div className="c-options">
            {rows.slice(0, 8).map((p) => (
              <label key={p.id}>
                <input type="radio" name="post" checked={kept.post === p.id} onChange={() => onChange({ post: p.id, link: "" })} />
                <span>
                  {p.title || t("untitled")}
                  <small className="k-muted">{dayText(p.published_at)}</small>
                </span>
              </label>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
