import { Button, Toast } from "antd-mobile";
import { useState, type FormEvent } from "react";
import { asProblem, useGet, useSend, type PageOf } from "@/api";
import { Card, Failed, Waiting } from "@/phone/kit";
import { relativeTime } from "@/i18n/format";
import { t } from "./i18n";
import type { Security, Session } from "./types";

/** Password and devices on the phone; two-step sign-in is set up on a large screen, where the QR code is. */
export default function PhoneSecurity() {
  const security = useGet<Security>("/api/v1/identity/security");
  const sessions = useGet<PageOf<Session>>("/api/v1/identity/sessions");
  const drops = ["/api/v1/identity/sessions"];
  const end = useSend("DELETE", "/api/v1/identity/sessions/{id}", drops);
  const [changing, setChanging] = useState(false);
  if (security.error) return <Failed error={security.error} onRetry={() => void security.refetch()} />;
  if (!security.data) return <Waiting />;
  const out = (s: Session) =>
    end.mutate({ path: { id: s.id } }, { onSuccess: () => Toast.show({ content: t("sessionEnded") }), onError: (p) => Toast.show({ content: p.message }) });
  return (
    <Card title={t("security")}>
      <ul className="p-rows">
        <li style={{ display: "flex" }}>
          <span style={{ flex: 1 }}>{t("account")}</span>
          <span className="k-muted">{security.data.login}</span>
        </li>
        <li style={{ display: "flex" }}>
          <span style={{ flex: 1 }}>{t("twoStep")}</span>
          <span className="k-muted">{security.data.totp ? t("on") : t("off")}</span>
        </li>
        {(sessions.data?.items ?? []).map((s) => (
          <li key={s.id} style={{ display: "flex", alignItems: "center", gap: 8 }}>
            <span style={{ flex: 1 }}>
              {s.device || "—"}
              <br />
              <small className="k-muted">{s.current ? t("thisDevice") : relativeTime(s.seen_at)}</small>
            </span>
            {!s.current && (
              <Button size="small" onClick={() => out(s)}>
                {t("endSession")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {changing ? <PasswordForm onDone={() => setChanging(false)} /> : <Button block onClick={() => setChanging(true)}>{t("changePassword")}</Button>}
    </Card>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const change = useSend<void, { password: string; new_password: string }>("POST", "/api/v1/identity/password", ["/api/v1/identity/"]);
  const [fault, setFault] = useState("");
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (name: string) => String(f.get(name) ?? "");
    if (text("new_password") !== text("again")) return setFault(t("differs"));
    setFault("");
    change.mutate(
      { body: { password: text("password"), new_password: text("new_password") } },
      {
        onSuccess: () => {
          Toast.show({ content: t("changedPassword") });
          onDone();
        },
        onError: (err) => {
          const p = asProblem(err);
          setFault(p.fields.map((x) => x.message).join(" ") || p.message);
        },
      },
    );
  };
  return (
    <form className="p-form" onSubmit={submit}>
      <label htmlFor="i-present">{t("present")}</label>
      <input id="i-present" name="password" type="password" autoComplete="current-password" required />
      <label htmlFor="i-new">{t("freshPassword")}</label>
      <input id="i-new" name="new_password" type="password" autoComplete="new-password" required />
      <p className="k-muted">{t("passwordHelp")}</p>
      <label htmlFor="i-again">{t("again")}</label>
      <input id="i-again" name="again" type="password" autoComplete="new-password" required />
      <p role="alert" className="k-bad" style={{ minHeight: 20 }}>
        {fault}
      </p>
      <Button block color="primary" type="submit" loading={change.isPending}>
        {t("save")}
      </Button>
    </form>
  );
}
