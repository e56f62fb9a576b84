import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { newKey, request, useRefresh, useSend } from "@/api";
import { useCan } from "@/app/session";
import { useToast } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import type { Campaign, Verb } from "./types";

/** Verbs that are asked about before they are done. */
type Asked = "close" | "return" | "redispatch" | "approve" | "review";

/** What may be done with a campaign now, the main thing last. */
export function Turns({ campaign: c }: { campaign: Campaign }) {
  const can = useCan();
  const toast = useToast();
  const refresh = useRefresh();
  const [asking, setAsking] = useState<Asked | null>(null);
  const turns = c.turns ?? [];
  const path = `${API}/campaigns/${c.id}`;
  const run = async (verb: Verb, text = "") => {
    const decides = verb === "approve" || verb === "return";
    try {
      await request<Campaign>("POST", decides ? `${path}/approve` : `${path}/turn`, {
        body: decides ? { verb, note: text, rev: c.rev } : { verb, lessons: verb === "review" ? text : "" },
        idempotencyKey: newKey(),
      });
      toast.done(t(`did.${verb}`, { title: c.plan.title }));
    } catch (err) {
      toast.failed(err);
    }
    setAsking(null);
    refresh(`${API}/`);
  };
  const has = (verb: Verb, permission: string) => turns.includes(verb) && can(permission);
  const plain = (verb: Verb, permission: string, primary = false) =>
    has(verb, permission) && (
      <Button type={primary ? "primary" : "default"} onClick={() => void run(verb)}>
        {t(`verb.${verb}`)}
      </Button>
    );
  const asked = (verb: Asked, permission: string, primary = false) =>
    has(verb, permission) && (
      <Button type={primary ? "primary" : "default"} onClick={() => setAsking(verb)}>
        {t(`verb.${verb}`)}
      </Button>
    );
  return (
    <>
      {plain("withdraw", "campaign.write")}
      {plain("reopen", "campaign.write")}
      {asked("close", "campaign.write")}
      {asked("return", "campaign.approve")}
      {c.changed && asked("redispatch", "campaign.write", true)}
      {plain("submit", "campaign.write", true)}
      {asked("approve", "campaign.approve", true)}
      {asked("review", "campaign.write", true)}
      <Kept campaign={c} />
      {asking && <Ask key={asking} campaign={c} verb={asking} onCancel={() => setAsking(null)} onSend={(text) => run(asking, text)} />}
    </>
  );
}

/** The lessons of a reviewed campaign: into the case library with one click, then the way there. */
function Kept({ campaign: c }: { campaign: Campaign }) {
  const can = useCan();
  const toast = useToast();
  const path = `${API}/campaigns/${c.id}`;
  const send = useSend("POST", `${path}/case`, [`${API}/`, "/api/v1/library/"]);
  if (c.case) {
    return (
      <Link to={`/content/library/${c.case}`}>
        <Button>{t("toCase")}</Button>
      </Link>
    );
  }
  if (c.state !== "reviewed" || !c.lessons || !can("campaign.write") || !can("library.write")) return null;
  return (
    <Button type="primary" loading={send.isPending} onClick={() => send.mutate({}, { onSuccess: () => toast.done(t("caseKept")), onError: toast.failed })}>
      {t("keepCase")}
    </Button>
  );
}

function Ask({ campaign: c, verb, onCancel, onSend }: { campaign: Campaign; verb: Asked; onCancel: () => void; onSend: (text: string) => Promise<void> }) {
  const [text, setText] = useState(verb === "review" ? c.lessons : "");
  const [busy, setBusy] = useState(false);
  const title = t(`ask.${verb}`, { title: c.plan.title });
  return (
    <Modal
      open
      title={title}
      onCancel={onCancel}
      okText={t(`verb.${verb}`)}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: verb === "return" && !text.trim() }}
      confirmLoading={busy}
      onOk={() => {
        setBusy(true);
        void onSend(text.trim());
      }}
    >
      <p>{t(`askText.${verb}`)}</p>
      {(verb === "return" || verb === "review") && <Input.TextArea aria-label={title} rows={verb === "review" ? 6 : 3} maxLength={verb === "review" ? 4000 : 500} value={text} onChange={(e) => setText(e.target.value)} autoFocus />}
    </Modal>
  );
}
