import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useCan } from "@/app/session";
import { useToast } from "@/ui";
import { CertifyDialog, ConsentDialog, EndDialog, HandoverDialog, PairDialog, StatusDialog } from "./dialogs";
import { EditDialog } from "./edit";
import { t } from "./i18n";
import { API, type Account } from "./types";

type Act = "edit" | "changeStatus" | "handover" | "end" | "certify" | "pair" | "consent" | "unpair";

/** What may be done with this account now, the next action first. */
function acts(a: Account, can: (p: string) => boolean): Act[] {
  const gone = a.status === "closed" || a.status === "handed_over";
  const out: Act[] = [];
  if (can("account.handover") && !gone) out.push(a.ownership === "company" ? "handover" : "consent");
  if (can("account.edit")) {
    out.push("edit", "changeStatus");
    if (!gone && a.cert_kind) out.push("certify");
    if (!gone && a.side === "public") out.push(a.paired ? "unpair" : "pair");
  }
  if (can("account.handover") && !gone && a.ownership === "personal") out.push("end");
  return out;
}

/** Buttons and dialogs of one account. */
export function AccountActions({ account: a }: { account: Account }) {
  const can = useCan();
  const toast = useToast();
  const [open, setOpen] = useState<Act | null>(null);
  const unpair = useSend<Account, { private_id: null }>("POST", `${API}/accounts/${a.id}/pair`, [`${API}/`]);
  const list = acts(a, can);
  const run = (act: Act) => {
    if (act !== "unpair") return setOpen(act);
    unpair.mutate({ body: { private_id: null } }, { onSuccess: () => toast.done(t("unpairedToast", { handle: a.handle })), onError: toast.failed });
  };
  const close = () => setOpen(null);
  const props = { account: a, onClose: close };
  const main = a.handover_due ? "handover" : "edit";
  const first = list.includes(main) ? main : list[0];
  if (!first) return null;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{ items: list.filter((x) => x !== first).map((x) => ({ key: x, label: t(x), danger: x === "end" })), onClick: ({ key }) => run(key as Act) }}
      >
        <Button>{t("more")}</Button>
      </Dropdown>
      <Button type="primary" onClick={() => run(first)}>
        {t(first)}
      </Button>
      {open === "edit" && <EditDialog {...props} />}
      {open === "changeStatus" && <StatusDialog {...props} />}
      {open === "handover" && <HandoverDialog {...props} />}
      {open === "end" && <EndDialog {...props} />}
      {open === "certify" && <CertifyDialog {...props} />}
      {open === "pair" && <PairDialog {...props} />}
      {open === "consent" && <ConsentDialog {...props} />}
    </>
  );
}
