import { Card } from "@/phone/kit";
import { useOutbox } from "@/phone/outbox";
import { t } from "./i18n";
import { API } from "./types";

/** Proposals that wait for the network; nothing when none does. */
export function WaitingProposals() {
  const list = useOutbox().filter((w) => w.path === `${API}/proposals` && !w.refused);
  if (!list.length) return null;
  return (
    <Card title={t("waitsForNetwork")}>
      <ul className="p-rows">
        {list.map((w) => (
          <li key={w.id}>
            <b>{(w.body as { title: string }).title}</b>
            <br />
            <small className="k-muted">{t("proposedLater")}</small>
          </li>
        ))}
      </ul>
    </Card>
  );
}
