import { Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useCan } from "@/app/session";
import { useToast } from "@/ui";
import { complete, GrantRow, useOwn, type Draft } from "./grants";
import { t } from "./i18n";
import { MemberPick, type Member } from "./MemberPick";
import { Secret } from "./Secret";

/** Makes an invitation link. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const own = useOwn();
  const toast = useToast();
  const [name, setName] = useState("");
  const [days, setDays] = useState(7);
  const [draft, setDraft] = useState<Draft>({ role: "", unit: null });
  const [member, setMember] = useState<Member | null>(null);
  const can = useCan();
  const [link, setLink] = useState("");
  const pick = (m: Member | null) => {
    setMember(m);
    if (!m) return;
    setName(m.name);
    setDraft({ role: own?.grantable.includes(m.role) ? m.role : "", unit: m.unit_id });
  };
  const invite = useSend<{ secret: string }, unknown>("POST", "/api/v1/identity/invitations", ["/api/v1/identity/invitations"]);
  const make = () =>
    invite.mutate(
      { body: { name: name.trim(), role: draft.role, unit_id: draft.unit, member_id: member?.id ?? null, days } },
      { onSuccess: (r) => setLink(`${location.origin}/invite#${r.secret}`), onError: toast.failed },
    );
  if (link) {
    return (
      <Modal open title={t("linkTitle")} onCancel={onClose} footer={<Button onClick={onClose}>{t("done")}</Button>}>
        <p>{t("linkOnce")}</p>
        <Secret value={link} label={t("linkTitle")} />
      </Modal>
    );
  }
  return (
    <Modal open title={t("invite")} onCancel={onClose} onOk={make} okText={t("makeLink")} cancelText={t("cancel")}
      okButtonProps={{ disabled: !complete(draft, own) }} confirmLoading={invite.isPending}>
      <div className="i-rows">
        {can("org.member_read") && (
          <div>
            <label htmlFor="invite-member">{t("inviteMember")}</label>
            <MemberPick id="invite-member" onPick={pick} />
          </div>
        )}
        <div>
          <label htmlFor="invite-name">{t("inviteName")}</label>
          <Input id="invite-name" value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
        </div>
        <div>
          <div>{t("roles")}</div>
          <GrantRow value={draft} roles={own?.grantable ?? []} own={own} onChange={setDraft} />
        </div>
        <div>
          <label htmlFor="invite-days">{t("days")}</label>
          <div>
            <Select id="invite-days" aria-label={t("days")} value={days} onChange={setDays} style={{ width: 160 }} options={[1, 3, 7, 30].map((n) => ({ value: n, label: t("nDays", { n }) }))} />
          </div>
        </div>
      </div>
    </Modal>
  );
}
