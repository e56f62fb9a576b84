import { Button, Toast } from "antd-mobile";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { asProblem, request, useGet } from "@/api";
import { Failed, Waiting } from "@/phone/kit";
import { sendOrKeep, useOutbox } from "@/phone/outbox";
import { platformName } from "@/ui/words";
import { t } from "./i18n";
import { API, fillable, type Account, type FileRow, type Item, type Taken } from "./types";
import "./library.css";

/** Copies a text; older browsers inside apps only know the second way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const ok = document.execCommand("copy");
    box.remove();
    return ok;
  }
}

/** One item for the one who uses it: my text, the files, copy and save. */
export default function PhoneItem() {
  const { id = "" } = useParams();
  const got = useGet<Item>(`${API}/items/${id}`);
  const accounts = useGet<{ items: Account[] }>(`${API}/accounts`);
  const [account, setAccount] = useState("");
  const [busy, setBusy] = useState<"take" | "reword">();
  const [given, setGiven] = useState<Taken>();
  const path = `${API}/items/${id}/take`;
  const waits = useOutbox().some((w) => w.path === path && !w.refused);
  const i = got.data;
  useEffect(() => {
    document.title = `${i?.title ?? t("title")} · Kosmos`;
  }, [i?.title]);
  const fits = (accounts.data?.items ?? []).filter((a) => !i?.content?.platforms?.length || i.content.platforms.includes(a.platform));
  const chosen = account || fits[0]?.id || "";
  // What was taken before, also while there was no network: asked for once the queue is through.
  const before = useGet<{ taken: Taken | null }>(waits || !chosen || !i?.usable ? null : `${API}/items/${id}/own`, { account: chosen }, { stale: 0 });
  if (!i) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const taken = given ?? before.data?.taken;
  const ask = async (reword = false) => {
    setBusy(reword ? "reword" : "take");
    try {
      const body = { account_id: chosen || null, rewrite: reword };
      // Other words are wanted now or not at all: only the taking itself may wait.
      const got = reword ? await request<Taken>("POST", path, { body }) : await sendOrKeep<Taken>("POST", path, body, t("takeIs", { title: i.title }));
      if (got) {
        setGiven(got);
        if (reword && !got.rewritten) Toast.show({ content: t("rewordNone"), duration: 4000 });
      }
    } catch (err) {
      Toast.show({ content: asProblem(err).message, duration: 4000 });
    } finally {
      setBusy(undefined);
    }
  };
  const text = taken?.text;
  const words = text ? [text.title, text.body].filter(Boolean).join("\n") : "";
  const files = taken?.files ?? i.files ?? [];
  return (
    <article>
      <p style={{ margin: 0 }}>
        <Link to="/library">‹ {t("title")}</Link>
      </p>
      <h1>{i.title}</h1>
      <p className="k-muted">
        {t(`kind.${i.kind}`)}
        {i.content?.stage && ` · ${i.content.stage}`}
        {i.content?.objection && ` · ${t("objectionIs", { objection: i.content.objection })}`}
      </p>
      {fillable(i.kind) && fits.length > 1 && (
        <div className="l-tabs" role="group" aria-label={t("forAccount")}>
          {fits.map((a) => (
            <Button key={a.id} size="small" color={chosen === a.id ? "primary" : "default"} aria-pressed={chosen === a.id} onClick={() => { setAccount(a.id); setGiven(undefined); }}>
              {platformName(a.platform)} {a.name}
            </Button>
          ))}
        </div>
      )}
      <section className="p-card">
        {text ? (
          text.fault ? (
            <p className="k-bad">{t.slug("textFault", text.fault.replace("library.", ""))}{text.name && ` ${text.name}`}</p>
          ) : (
            <>
              {words ? <p className="l-words">{words}</p> : <p className="k-muted">{t("noWords")}</p>}
              {words && (
                <Button block size="large" color="primary" onClick={() => void copy(words).then((ok) => Toast.show({ content: t(ok ? "copied" : "copyByHand") }))}>
                  {t("copy")}
                </Button>
              )}
              {taken?.may_reword && (
                <Button block fill="none" color="primary" loading={busy === "reword"} onClick={() => void ask(true)}>
                  {t(taken.rewritten ? "rewordAgain" : "reword")}
                </Button>
              )}
              {text.repeated && <p className="k-muted">{t("repeatedHint")}</p>}
            </>
          )
        ) : (
          <>
            <p className="l-words">{i.summary}</p>
            {i.may_write || fits.length || !i.usable ? null : <p className="k-muted">{t("noAccounts")}</p>}
            <Button block size="large" color="primary" loading={busy === "take"} disabled={!i.usable || waits} onClick={() => void ask()}>
              {t(waits ? "waitsForNetwork" : fillable(i.kind) ? "getMine" : "getIt")}
            </Button>
            {waits && <p className="k-muted" role="status">{t("takeLater")}</p>}
            {!i.usable && <p className="k-bad">{t.slug("why", i.why)}</p>}
          </>
        )}
      </section>
      {files.length > 0 && <Media list={files} />}
      {i.content?.lesson && (
        <section className="p-card">
          <h2>{t("lesson")}</h2>
          <p className="l-words">{i.content.lesson}</p>
        </section>
      )}
    </article>
  );
}

/** Pictures and videos to keep: a long press or the button saves them. */
function Media({ list }: { list: FileRow[] }) {
  return (
    <section className="p-card">
      <h2>{t("files")}</h2>
      <ul className="l-media">
        {list.map((f) => (
          <li key={f.id} data-wide={!f.thumb}>
            {f.media.startsWith("video/") ? <video controls playsInline preload="metadata" src={f.url} aria-label={f.name} /> : f.thumb ? <img src={f.thumb} alt={f.name} loading="lazy" /> : <span>{f.name}</span>}
            <a href={`${f.url}?download=true`} download={f.name}>
              {t("saveFile")}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
