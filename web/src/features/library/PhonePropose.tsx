import { Button, Input, TextArea, Toast } from "antd-mobile";
import { useEffect, useState } from "react";
import { Link, useNavigate } from "react-router";
import { asProblem, useRefresh } from "@/api";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { sendOrKeep } from "@/phone/outbox";
import { t } from "./i18n";
import { API, blank, type FileRow, type Kind, type Proposal } from "./types";
import { upload } from "./upload";
import { WaitingProposals } from "./WaitingProposals";
import "./library.css";

const OFFERED: Kind[] = ["template", "asset", "talk", "idea"];

/** Offers something of one's own to the library. */
export default function PhonePropose() {
  const [kind, setKind] = useState<Kind>("template");
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [pitch, setPitch] = useState("");
  const [files, setFiles] = useState<FileRow[]>([]);
  const [progress, setProgress] = useState<number>();
  const go = useNavigate();
  const [busy, setBusy] = useState(false);
  const refresh = useRefresh();
  useEffect(() => {
    document.title = `${t("propose")} · Kosmos`;
  }, []);
  const failed = (err: unknown) => {
    const p = asProblem(err);
    Toast.show({ content: [p.message, ...p.fields.map((f) => f.message)].join(" "), duration: 4000 });
  };
  const add = async (list: FileList | null) => {
    for (const f of list ?? []) {
      try {
        setProgress(0);
        const row = await upload(f, setProgress);
        setFiles((l) => [...l, row]);
      } catch (err) {
        failed(err);
      }
    }
    setProgress(undefined);
  };
  const ready = title.trim() && (kind === "asset" ? files.length : body.trim()) && progress === undefined;
  const ok = async () => {
    setBusy(true);
    try {
      const offer = { kind, title, pitch, content: { ...blank(), body, files: files.map((f) => f.id) } };
      const made = await sendOrKeep<Proposal>("POST", `${API}/proposals`, offer, t("proposalIs", { title }));
      refresh(`${API}/proposals`);
      if (made) {
        Toast.show({ content: t("proposed") });
        void go("/library/proposals", { replace: true });
        return;
      }
      setTitle(""); // kept: the next one may be written, this one is shown above
      setBody("");
      setPitch("");
      setFiles([]);
    } catch (err) {
      failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <article>
      <p style={{ margin: 0 }}>
        <Link to="/library">‹ {t("title")}</Link>
      </p>
      <h1>{t("proposeTitle")}</h1>
      <WaitingProposals />
      <div className="l-tabs" role="group" aria-label={t("kind")}>
        {OFFERED.map((k) => (
          <Button key={k} size="small" color={kind === k ? "primary" : "default"} aria-pressed={kind === k} onClick={() => setKind(k)}>
            {t(`kind.${k}`)}
          </Button>
        ))}
      </div>
      <section className="p-card l-form">
        <label htmlFor="l-title">{t("name")}</label>
        <Input id="l-title" value={title} maxLength={100} onChange={setTitle} placeholder={t("nameHint")} />
        <label htmlFor="l-body">{t(kind === "asset" ? "describe" : "body")}</label>
        <CheckedText id="l-body" label={t(kind === "asset" ? "describe" : "body")} field="body" kind={kind === "template" ? "post" : undefined} rows={6} maxLength={20000} value={body} onChange={setBody} />
        <label htmlFor="l-files">{t("files")}</label>
        <input id="l-files" type="file" multiple accept="image/*,video/*" onChange={(e) => void add(e.target.files)} disabled={progress !== undefined} />
        {progress !== undefined && <p role="status">{t("uploading", { n: Math.floor(progress * 100) })}</p>}
        {files.length > 0 && (
          <ul>
            {files.map((f) => (
              <li key={f.id}>{f.name}</li>
            ))}
          </ul>
        )}
        <label htmlFor="l-pitch">{t("pitch")}</label>
        <TextArea id="l-pitch" rows={2} maxLength={500} value={pitch} onChange={setPitch} placeholder={t("pitchHint")} />
        <Button block size="large" color="primary" disabled={!ready} loading={busy} onClick={() => void ok()}>
          {t("sendProposal")}
        </Button>
      </section>
    </article>
  );
}
