import { useCallback, useState, type ReactNode } from "react";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { PLATFORMS, platformName } from "@/ui/words";
import type { Draft } from "./draft";
import { t } from "./i18n";
import { Pictures } from "./Pictures";
import { FIELDS, KINDS, LONG, type Account, type Media } from "./types";
import "./desk.css";

/** Props of WriteForm. */
export interface WriteFormProps {
  value: Draft;
  onChange: (d: Draft) => void;
  /** The person's own accounts. */
  accounts: Account[];
  /** Another way to choose an account, for those who hand in for others. */
  pick?: ReactNode;
  /** A new version of what was handed in: kind and account stay. */
  again?: boolean;
  busy: boolean;
  onSend: () => void;
}

/** The text, checked while it is typed, with what goes with it. On console and phone: it imports neither antd nor antd-mobile. */
export function WriteForm({ value: d, onChange, accounts, pick, again, busy, onSend }: WriteFormProps) {
  const [verdicts, setVerdicts] = useState<Record<string, string | null>>({});
  const fields = FIELDS[d.kind];
  const empty = !fields.some((f) => d.texts[f]?.trim());
  const blocked = fields.some((f) => verdicts[f] === "block");
  const onVerdict = useCallback((field: string, verdict: string | null) => setVerdicts((v) => (v[field] === verdict ? v : { ...v, [field]: verdict })), []);
  const ready = !empty && !!d.platform && !busy;
  return (
    <form
      className="d-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) onSend();
      }}
    >
      {!again && (
        <>
          <fieldset className="d-pills">
            <legend>{t("kind")}</legend>
            {KINDS.map((k) => (
              <label key={k}>
                <input type="radio" name="kind" checked={d.kind === k} onChange={() => onChange({ ...d, kind: k })} />
                {t(`kind.${k}`)}
              </label>
            ))}
          </fieldset>
          {pick ?? <Place value={d} onChange={onChange} accounts={accounts} />}
        </>
      )}
      {fields.map((f) => (
        <Field key={`${d.kind}-${f}`} field={f} value={d} onChange={onChange} onVerdict={onVerdict} />
      ))}
      <Pictures value={d.pictures} onChange={(pictures) => onChange({ ...d, pictures })} />
      <Videos value={d.media} onChange={(media) => onChange({ ...d, media })} />
      {blocked && <p className="d-note k-bad">{t("blockedHint")}</p>}
      <button type="submit" className="d-btn d-main" disabled={!ready}>
        {busy ? t("sending") : again ? t("sendAgain") : t("send")}
      </button>
      {empty && <small className="k-muted">{t("sendEmpty")}</small>}
    </form>
  );
}

function Field({ field, value: d, onChange, onVerdict }: { field: string; value: Draft; onChange: (d: Draft) => void; onVerdict: (field: string, v: string | null) => void }) {
  const told = useCallback((v: string | null) => onVerdict(field, v), [field, onVerdict]);
  const label = t.slug("field", field);
  return (
    <div>
      <span className="d-label" aria-hidden>
        {label}
      </span>
      <CheckedText
        value={d.texts[field] ?? ""}
        onChange={(text) => onChange({ ...d, texts: { ...d.texts, [field]: text } })}
        onVerdict={told}
        field={field}
        kind={d.kind}
        platform={d.platform || undefined}
        label={label}
        rows={LONG.has(field) ? 6 : 1}
        maxLength={LONG.has(field) ? 10_000 : 200}
      />
    </div>
  );
}

/** Which account, or which platform while there is none. */
function Place({ value: d, onChange, accounts }: { value: Draft; onChange: (d: Draft) => void; accounts: Account[] }) {
  return (
    <>
      {accounts.length > 0 ? (
        <label>
          <span className="d-label">{t("account")}</span>
          <select
            className="d-input"
            value={d.accountId}
            onChange={(e) => {
              const a = accounts.find((x) => x.id === e.target.value);
              onChange({ ...d, accountId: a?.id ?? "", platform: a?.platform ?? "" });
            }}
          >
            <option value="">{t("noAccount")}</option>
            {accounts.map((a) => (
              <option key={a.id} value={a.id}>
                {platformName(a.platform)} · {a.name || a.handle}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <p className="k-muted">{t("accountNone")}</p>
      )}
      {!d.accountId && <PlatformPick value={d.platform} onChange={(platform) => onChange({ ...d, platform })} />}
    </>
  );
}

/** A platform out of the seven. */
export function PlatformPick({ value, onChange }: { value: string; onChange: (p: string) => void }) {
  return (
    <label>
      <span className="d-label">{t("platform")}</span>
      <select className="d-input" value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t("platformPick")}</option>
        {PLATFORMS.map((p) => (
          <option key={p} value={p}>
            {platformName(p)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Videos({ value, onChange }: { value: Media[]; onChange: (m: Media[]) => void }) {
  const set = (i: number, change: Partial<Media>) => onChange(value.map((m, at) => (at === i ? { ...m, ...change } : m)));
  return (
    <div role="group" aria-label={t("videos")} className="d-form" style={{ gap: 8 }}>
      <span className="d-label">{t("videos")}</span>
      {value.map((m, i) => (
        <div key={i} className="d-form" style={{ gap: 6 }}>
          <input className="d-input" value={m.name} maxLength={120} placeholder={t("videoName")} aria-label={t("videoName")} onChange={(e) => set(i, { name: e.target.value })} />
          <input className="d-input" value={m.link} maxLength={500} placeholder={t("videoLink")} aria-label={t("videoLink")} inputMode="url" onChange={(e) => set(i, { link: e.target.value })} />
          <span>
            <button type="button" className="d-btn" onClick={() => onChange(value.filter((_, at) => at !== i))}>
              {t("dropVideo")}
            </button>
          </span>
        </div>
      ))}
      <span>
        <button type="button" className="d-btn" onClick={() => onChange([...value, { kind: "video", name: "", link: "", note: "" }])}>
          {t("addVideo")}
        </button>
      </span>
    </div>
  );
}
