import { Toast } from "antd-mobile";
import { useEffect } from "react";
import { Link, useNavigate } from "react-router";
import { asProblem, useGet } from "@/api";
import { sentText } from "./Mine";
import { t } from "./i18n";
import { API, type Account } from "./types";
import { useNew } from "./write";
import { WriteForm } from "./WriteForm";

/** Handing a text in from the phone. */
export default function PhoneNew() {
  const go = useNavigate();
  const accounts = useGet<{ items: Account[] }>(`${API}/accounts`);
  const form = useNew(
    (s) => {
      Toast.show({ content: sentText(s) });
      void go(`/desk/mine/${s.id}`, { replace: true });
    },
    (err) => Toast.show({ content: told(err), duration: 4000 }),
  );
  useEffect(() => {
    document.title = `${t("newTitle")} · Kosmos`;
  }, []);
  return (
    <article>
      <p style={{ margin: 0 }}>
        <Link to="/today">‹ {t("back")}</Link>
      </p>
      <h1>{t("newTitle")}</h1>
      <section className="p-card">
        <WriteForm value={form.draft} onChange={form.change} accounts={accounts.data?.items ?? []} busy={form.busy} onSend={() => void form.send()} />
      </section>
    </article>
  );
}

/** A refusal in words, with what is wrong in which field. */
export function told(err: unknown): string {
  const p = asProblem(err);
  return [p.message, ...p.fields.map((f) => f.message)].join(" ");
}
