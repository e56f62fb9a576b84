import { Button, Input } from "antd";
import { useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { dayText } from "@/i18n/format";
import { ErrorState, Facts, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { ItemFacts } from "./ItemDrawer";
import { MarkedText } from "./MarkedText";
import { ProofForm, type Kit, type Proof } from "./ProofForm";
import { askText, endText } from "./says";
import { API, type ItemPage as Answer } from "./types";

const kit: Kit = {
  Area: (p) => <Input.TextArea rows={3} maxLength={500} value={p.value} onChange={(e) => p.onChange(e.target.value)} aria-label={p.label} placeholder={p.hint} />,
  Submit: (p) => (
    <Button type="primary" disabled={p.disabled} loading={p.busy} onClick={p.onClick}>
      {p.children}
    </Button>
  ),
  Plain: (p) => (
    <Button type="text" onClick={p.onClick}>
      {p.children}
    </Button>
  ),
};

/** One text on the console, for whoever proves it for somebody else. */
export default function ItemPage() {
  const { id = "", object = "" } = useParams();
  const path = `${API}/recalls/${id}/items/${object}`;
  const got = useGet<Answer>(path);
  const toast = useToast();
  const send = useSend<unknown, Proof>("POST", `${path}/proof`, [`${API}/`, "/api/v1/todo/"]);
  if (!got.data) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const { item, recall } = got.data;
  const end = endText(got.data);
  return (
    <Page title={recall.title} back="/todo" lead={end ?? `${askText(got.data)} · ${t("by", { day: dayText(recall.due) })}`}>
      <Section title={t(`kind.${item.kind}`)}>
        <p style={{ fontSize: 16 }}>
          <MarkedText text={item.content} spans={item.spans} />
        </p>
        <Facts
          items={[
            { label: t("reason"), value: recall.reason },
            { label: t("article"), value: recall.article || "—" },
          ]}
        />
        <ItemFacts item={item} />
      </Section>
      {!end && (
        <Section title={t("proof")}>
          <ProofForm
            kit={kit}
            canLook={item.kind === "post"}
            busy={send.isPending}
            onSend={(body) => send.mutate({ body }, { onSuccess: () => toast.done(t("proved")), onError: toast.failed })}
          />
        </Section>
      )}
    </Page>
  );
}
