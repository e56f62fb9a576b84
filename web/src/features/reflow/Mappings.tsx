import { App, Button } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { semicolon, timeText } from "@/i18n/format";
import { EmptyState, ErrorState, Page, platformName, Section, useToast } from "@/ui";
import { MappingEditor } from "./MappingEditor";
import { t } from "./i18n";
import type { Mapping } from "./types";

/** Saved readings of layouts the program does not know, or knows differently. */
export default function Mappings() {
  const can = useCan();
  const [params, set] = useUrlStates();
  const [edited, setEdited] = useState<Mapping | "new" | null>(params.get("new") ? "new" : null);
  const got = useGet<{ items: Mapping[] }>("/api/v1/reflow/mappings");
  const close = () => {
    setEdited(null);
    set({ new: "" });
  };
  if (got.error && !got.data) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const may = can("reflow.mapping");
  const add = may && (
    <Button type="primary" onClick={() => setEdited("new")}>
      {t("add")}
    </Button>
  );
  return (
    <Page title={t("mappings")} lead={t("mappingsLead")} actions={add}>
      {got.data?.items.length === 0 && <EmptyState title={t("mappingsNone")} text={t("mappingsNoneText")} action={add} />}
      {got.data?.items.map((m) => (
        <Card key={m.id} of={m} onEdit={may ? () => setEdited(m) : undefined} />
      ))}
      {edited && <MappingEditor of={edited === "new" ? null : edited} onClose={close} />}
    </Page>
  );
}

function Card({ of: m, onEdit }: { of: Mapping; onEdit?: () => void }) {
  const { modal } = App.useApp();
  const toast = useToast();
  const remove = useSend("DELETE", `/api/v1/reflow/mappings/${m.id}`, ["/api/v1/reflow/mappings"]);
  const ask = () =>
    void modal.confirm({
      title: t("removeSure", { name: m.name }),
      okText: t("remove"),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync({}).then(() => toast.done(t("removed", { name: m.name })), toast.failed),
    });
  const extra = onEdit && (
    <>
      <Button size="small" onClick={onEdit}>
        {t("edit")}
      </Button>{" "}
      <Button size="small" danger onClick={ask}>
        {t("remove")}
      </Button>
    </>
  );
  return (
    <Section title={m.name} extra={extra}>
      <p>
        {t.slug("grain", m.grain)} · {m.platform ? platformName(m.platform) : t("anyPlatform")} · {t("columnsOf", { n: m.columns.length })}
      </p>
      <p className="k-muted">{m.columns.map((c) => `${c.header} → ${t.slug("field", c.field)}`).join(semicolon())}</p>
      <p className="k-muted">{t("updated", { user: m.user, at: timeText(m.updated_at) })}</p>
    </Section>
  );
}
