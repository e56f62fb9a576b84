import { Button, Toast } from "antd-mobile";
import { useEffect } from "react";
import { Link } from "react-router";
import { useGet, useSend } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import "./notify.css";
import { API, MODES, timesWith, type Mode, type PersonalChannel, type Preference, type Preferences, type Quiet } from "./types";

const PATH = `${API}/preferences`;
const failed = (p: { message: string }) => void Toast.show({ content: p.message });

/** How every kind reaches the person, and when not; one kind below the other. */
export default function PhonePreferences() {
  const got = useGet<Preferences>(PATH);
  const choose = useSend("PUT", PATH, [PATH]);
  const back = useSend("PUT", `${PATH}/mail`, [PATH]);
  useEffect(() => {
    document.title = `${t("phoneSettings")} · Kosmos`;
  }, []);
  if (!got.data) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  const p = got.data;
  const channels: PersonalChannel[] = ["in_app", ...(p.mail ? ["mail" as const] : []), ...(p.sms ? ["sms" as const] : [])];
  const set = (k: Preference, channel: PersonalChannel, mode: Mode) =>
    choose.mutate(
      { body: { kind: k.kind, channel, mode } },
      { onSuccess: () => void Toast.show({ content: t("chosen", { name: k.name, channel: t(`channel.${channel}`), mode: t(`mode.${mode}`) }) }), onError: failed },
    );
  return (
    <>
      <p>
        <Link to="/me">‹ {t("back")}</Link>
      </p>
      <h1>{t("phoneSettings")}</h1>
      {p.mail_off && (
        <Card>
          <p>{t("mailOff")}</p>
          <Button block loading={back.isPending} onClick={() => back.mutate({ body: { off: false } }, { onSuccess: () => void Toast.show({ content: t("mailBack") }), onError: failed })}>
            {t("mailOn")}
          </Button>
        </Card>
      )}
      <QuietCard all={p} />
      <Card title={t("kind")}>
        <p className="k-muted">{t("preferencesText")}</p>
        {p.mail && <p className="k-muted">{p.has_mail ? t("digestText", { time: p.digest_at }) : t("noMail")}</p>}
        <ul className="p-rows">
          {p.items.map((k) => (
            <li key={k.kind} className={channels.length === 1 ? "n-one" : undefined}>
              <div>
                {k.name} {k.loud && <small className="k-muted">{t("loud")}</small>}
              </div>
              {channels.length === 1 ? (
                <ModeChoice kind={k} channel="in_app" onChange={(m) => set(k, "in_app", m)} />
              ) : (
                <div className="n-channels">
                  {channels.map((c) => (
                    <label key={c}>
                      {t(`channel.${c}`)}
                      <ModeChoice kind={k} channel={c} onChange={(m) => set(k, c, m)} />
                    </label>
                  ))}
                </div>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function ModeChoice({ kind: k, channel: c, onChange }: { kind: Preference; channel: PersonalChannel; onChange: (m: Mode) => void }) {
  return (
    <Choice
      label={`${k.name} ${t(`channel.${c}`)}`}
      value={k[c]}
      disabled={k.loud && c === "in_app"}
      options={MODES[c].map((m) => ({ value: m, label: t(`mode.${m}`) }))}
      onChange={(m) => onChange(m as Mode)}
    />
  );
}

function QuietCard({ all }: { all: Preferences }) {
  const save = useSend("PUT", `${PATH}/quiet`, [PATH]);
  const set = (quiet?: Quiet) => save.mutate({ body: quiet ? { quiet } : {} }, { onSuccess: () => void Toast.show({ content: t("quietSaved") }), onError: failed });
  const q = all.quiet;
  const kind = !all.own_quiet ? "brand" : q.from === q.to ? "none" : "own";
  const brand = all.brand_quiet;
  const times = timesWith(q.from, q.to);
  return (
    <Card title={t("quiet")}>
      <p className="k-muted">{t("quietText")}</p>
      <Choice
        label={t("quiet")}
        value={kind}
        options={[
          { value: "brand", label: brand.from === brand.to ? t("quietBrandNone") : t("quietBrand", { from: brand.from, to: brand.to }) },
          { value: "own", label: t("quietOwn") },
          { value: "none", label: t("quietNone") },
        ]}
        onChange={(v) => set(v === "brand" ? undefined : v === "none" ? { from: "00:00", to: "00:00" } : { from: "22:00", to: "08:00" })}
      />
      {kind === "own" && (
        <div className="n-channels">
          <label>
            {t("from")}
            <Choice label={t("from")} value={q.from} options={times} onChange={(from) => set({ ...q, from })} />
          </label>
          <label>
            {t("to")}
            <Choice label={t("to")} value={q.to} options={times} onChange={(to) => set({ ...q, to })} />
          </label>
        </div>
      )}
    </Card>
  );
}

/** The phone's own picker: what a thumb knows. */
function Choice(p: { label: string; value: string; options: { value: string; label: string }[]; disabled?: boolean; onChange: (v: string) => void }) {
  return (
    <select className="n-choice" aria-label={p.label} value={p.value} disabled={p.disabled} onChange={(e) => p.onChange(e.target.value)}>
      {p.options.map((o) => (
        <option key={o.value} value={o.value}>
          {o.label}
        </option>
      ))}
    </select>
  );
}
