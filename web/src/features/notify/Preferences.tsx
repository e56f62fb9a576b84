import { Alert, Button, Radio, Select, Skeleton } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { ErrorState, useToast } from "@/ui";
import { t } from "./i18n";
import { KindTable } from "./KindTable";
import { API, timesWith, type PersonalChannel, type Preferences as All, type Quiet } from "./types";

const PATH = `${API}/preferences`;

/** How every kind reaches the person, and when not. */
export function Preferences() {
  const got = useGet<All>(PATH);
  const choose = useSend("PUT", PATH, [PATH]);
  const back = useSend("PUT", `${PATH}/mail`, [PATH]);
  const toast = useToast();
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const p = got.data;
  if (!p) return <Skeleton active paragraph={{ rows: 10 }} />;
  const channels: PersonalChannel[] = ["in_app", ...(p.mail ? ["mail" as const] : []), ...(p.sms ? ["sms" as const] : [])];
  return (
    <>
      <p className="k-muted">{t("preferencesText")}</p>
      {p.mail && !p.has_mail && <Alert type="info" showIcon title={t("noMail")} style={{ marginBottom: 12 }} />}
      {p.sms && !p.has_phone && <Alert type="info" showIcon title={t("noPhone")} style={{ marginBottom: 12 }} />}
      {p.mail_off && (
        <Alert
          type="warning"
          showIcon
          title={t("mailOff")}
          style={{ marginBottom: 12 }}
          action={
            <Button size="small" loading={back.isPending} onClick={() => back.mutate({ body: { off: false } }, { onSuccess: () => toast.done(t("mailBack")), onError: toast.failed })}>
              {t("mailOn")}
            </Button>
          }
        />
      )}
      <KindTable
        items={p.items}
        channels={channels}
        onChoose={(k, channel, mode) =>
          choose.mutate(
            { body: { kind: k.kind, channel, mode } },
            { onSuccess: () => toast.done(t("chosen", { name: k.name, channel: t(`channel.${channel}`), mode: t(`mode.${mode}`) })), onError: toast.failed },
          )
        }
      />
      {p.mail && <p className="k-muted">{t("digestText", { time: p.digest_at })}</p>}
      <QuietHours all={p} />
    </>
  );
}

const same = (q: Quiet) => q.from === q.to;

function QuietHours({ all }: { all: All }) {
  const [own, setOwn] = useState<Quiet>(all.own_quiet && !same(all.quiet) ? all.quiet : { from: "22:00", to: "08:00" });
  const save = useSend("PUT", `${PATH}/quiet`, [PATH]);
  const toast = useToast();
  const kind = !all.own_quiet ? "brand" : same(all.quiet) ? "none" : "own";
  const set = (quiet?: Quiet) => save.mutate({ body: quiet ? { quiet } : {} }, { onSuccess: () => toast.done(t("quietSaved")), onError: toast.failed });
  const edit = (q: Quiet) => {
    setOwn(q);
    set(q);
  };
  const times = timesWith(own.from, own.to);
  return (
    <section aria-label={t("quiet")} style={{ marginTop: 24 }}>
      <h3 style={{ margin: 0 }}>{t("quiet")}</h3>
      <p className="k-muted">{t("quietText")}</p>
      <Radio.Group
        value={kind}
        onChange={(e) => set(e.target.value === "brand" ? undefined : e.target.value === "none" ? { from: "00:00", to: "00:00" } : own)}
        style={{ display: "grid", gap: 8 }}
        options={[
          { value: "brand", label: same(all.brand_quiet) ? t("quietBrandNone") : t("quietBrand", { from: all.brand_quiet.from, to: all.brand_quiet.to }) },
          { value: "own", label: t("quietOwn") },
          { value: "none", label: t("quietNone") },
        ]}
      />
      {kind === "own" && (
        <div style={{ display: "flex", gap: 8, alignItems: "center", marginTop: 8 }}>
          <Select aria-label={t("from")} value={own.from} options={times} onChange={(from) => edit({ ...own, from })} style={{ width: 100 }} />
          –
          <Select aria-label={t("to")} value={own.to} options={times} onChange={(to) => edit({ ...own, to })} style={{ width: 100 }} />
        </div>
      )}
    </section>
  );
}
