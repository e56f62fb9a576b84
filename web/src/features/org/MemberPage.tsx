import { Button, Form, Input, Modal, Skeleton, Tag } from "antd";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { daySpan, todayIn } from "@/i18n/format";
import { Day, ErrorState, Facts, Page, roleName, Section, UnitPath, useToast } from "@/ui";
import { t } from "./i18n";
import { EditMember, LeaveMembers, RejoinMember, TransferMembers } from "./MemberDialogs";
import { MemberStatus, personaText } from "./Members";
import { Timeline } from "./Timeline";
import { API, type Member } from "./types";
import "./org.css";

type Act = "" | "edit" | "leave" | "transfer" | "rejoin" | "reveal";

/** One person: facts, accounts, history. */
export default function MemberPage() {
  const { member = "" } = useParams();
  const link = useScopedLink();
  const can = useCan();
  const q = useGet<Member>(`${API}/members/${member}`);
  const [act, setAct] = useState<Act>("");
  const [phone, setPhone] = useState("");
  useEffect(() => {
    if (!phone) return;
    const timer = setTimeout(() => setPhone(""), 30_000);
    return () => clearTimeout(timer);
  }, [phone]);
  if (q.error) return <ErrorState error={q.error} onRetry={() => void q.refetch()} />;
  if (!q.data) return <Skeleton active paragraph={{ rows: 12 }} />;
  const m = q.data;
  const close = () => setAct("");
  return (
    <Page
      back={link("/matrix/members")}
      title={m.name}
      lead={`${roleName(m.role)}${m.title ? ` · ${m.title}` : ""} · ${m.unit_path}`}
      actions={can("org.member_write") ? <Buttons member={m} onAct={setAct} /> : undefined}
    >
      <div className="o-two">
        <Section title={t("facts")}>
          <Facts items={facts(m, phone, can("org.reveal") ? () => setAct("reveal") : undefined)} />
          {can("account.read") && m.status === "active" && (
            <p style={{ marginBottom: 0 }}>
              <Link to={link("/matrix/accounts", { member: m.id })}>{t("showAccounts")}</Link>
            </p>
          )}
        </Section>
        <Section title={t("history")}>
          <Timeline path={`${API}/members/${m.id}/history`} />
        </Section>
      </div>
      {act === "edit" && <EditMember member={m} onClose={close} />}
      {act === "leave" && <LeaveMembers members={[m]} onClose={close} />}
      {act === "transfer" && <TransferMembers members={[m]} onClose={close} />}
      {act === "rejoin" && <RejoinMember member={m} onClose={close} />}
      {act === "reveal" && <Reveal member={m} onClose={close} onPhone={setPhone} />}
    </Page>
  );
}

function Buttons({ member, onAct }: { member: Member; onAct: (a: Act) => void }) {
  if (member.status === "left") return <Button onClick={() => onAct("rejoin")}>{t("rejoin")}</Button>;
  return (
    <>
      <Button onClick={() => onAct("transfer")}>{t("transfer")}</Button>
      <Button danger onClick={() => onAct("leave")}>
        {t("leave")}
      </Button>
      <Button type="primary" onClick={() => onAct("edit")}>
        {t("edit")}
      </Button>
    </>
  );
}

function facts(m: Member, phone: string, onReveal?: () => void) {
  const until = m.left_day ?? todayIn();
  return [
    { label: t("status"), value: <MemberStatus member={m} /> },
    { label: t("unit"), value: <UnitPath unit={m.unit_id} /> },
    { label: t("role"), value: roleName(m.role) },
    { label: t("title"), value: m.title || "—" },
    { label: t("staffCode"), value: m.code || "—" },
    {
      label: t("phone"),
      value: (
        <>
          {phone || m.phone || t("noPhone")}
          {m.phone && !phone && onReveal && (
            <Button type="link" size="small" onClick={onReveal}>
              {t("reveal")}
            </Button>
          )}
        </>
      ),
    },
    { label: t("personas"), value: personaText(m) },
    { label: t("tags"), value: m.tags.length ? m.tags.map((x) => <Tag key={x}>{x}</Tag>) : "—" },
    { label: t("joined"), value: m.joined_day ? <Day value={m.joined_day} /> : "—" },
    { label: t("tenure"), value: m.joined_day ? t("months", { n: Math.max(0, Math.floor(daySpan(m.joined_day, until) / 30.44)) }) : "—" },
    { label: t("login"), value: t(m.has_user ? "hasLogin" : "noLogin") },
  ];
}

function Reveal({ member, onClose, onPhone }: { member: Member; onClose: () => void; onPhone: (p: string) => void }) {
  const [form] = Form.useForm<{ why?: string }>();
  const toast = useToast();
  const show = useSend<{ phone: string }, unknown>("POST", `${API}/members/{id}/reveal`, [`${API}/members/${member.id}/history`]);
  const send = (v: { why?: string }) =>
    show.mutate(
      { path: { id: member.id }, body: { why: v.why ?? "" } },
      { onSuccess: (r) => { onPhone(r.phone.replace(/^\+86/, "")); onClose(); }, onError: toast.failed },
    );
  return (
    <Modal open title={t("revealTitle", { name: member.name })} onCancel={onClose} onOk={() => form.submit()} okText={t("show")} cancelText={t("cancel")} confirmLoading={show.isPending}>
      <p>{t("revealText")}</p>
      <Form form={form} layout="vertical" onFinish={send}>
        <Form.Item name="why" label={t("why")}>
          <Input maxLength={500} placeholder={t("whyHint")} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
