import { Button } from "antd-mobile";
import { useState, type FormEvent } from "react";
import { asProblem, request } from "@/api";
import { lang, setLang } from "@/i18n";
import { t } from "./i18n";

/** Signing in on the phone: name and password, then the one-time code when the person uses one. */
export function Login({ onDone }: { onDone: () => void }) {
  const [code, setCode] = useState(false);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (name: string) => String(f.get(name) ?? "").trim();
    setBusy(true);
    setFault("");
    try {
      const body = { login: text("login"), password: String(f.get("password") ?? ""), ...(code && { code: text("code") }) };
      await request("POST", "/api/v1/identity/login", { body });
      onDone();
    } catch (err) {
      const p = asProblem(err);
      if (!code && p.slug === "identity.totp_needed") setCode(true);
      else setFault(p.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="p-login">
      <img src="/kosmos.svg" width={48} height={48} alt="" />
      <h1>{t("loginTitle")}</h1>
      <form onSubmit={(e) => void submit(e)}>
        <label htmlFor="login">{t("login")}</label>
        <input id="login" name="login" autoComplete="username" autoCapitalize="none" required />
        <label htmlFor="password">{t("password")}</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        {code && (
          <>
            <label htmlFor="code">{t("code")}</label>
            <input id="code" name="code" autoComplete="one-time-code" autoFocus required aria-describedby="code-help" />
            <p id="code-help" className="k-muted">
              {t("codeHelp")}
            </p>
          </>
        )}
        <p role="alert" className="k-bad" style={{ minHeight: 24 }}>
          {fault}
        </p>
        <Button block color="primary" size="large" type="submit" loading={busy}>
          {t("signIn")}
        </Button>
      </form>
      <p style={{ textAlign: "center" }}>
        <Button fill="none" size="small" onClick={() => setLang(lang() === "zh" ? "en" : "zh")}>
          {t("language")}
        </Button>
      </p>
    </main>
  );
}
