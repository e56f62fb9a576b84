import { PlusOutlined } from "@ant-design/icons";
import { Button, Input, Modal, Radio, Select, Table } from "antd";
import { useMemo, useState } from "react";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { signedNumber, timeText } from "@/i18n/format";
import { EmptyState, ErrorState, Section, useToast } from "@/ui";
import { Field } from "../plan/parts";
import { API } from "../types";
import { AccountsPick } from "./AccountsPick";
import { t } from "./i18n";
import { Ring } from "./Ring";
import { MENTION_BY, type Linkage } from "../run/types";

type Node = NonNullable<Linkage["nodes"]>[number];

/** Who mentions whom, and what it brought: a picture of the busiest, and the table of all. */
export function LinkageMap({ id }: { id: string }) {
  const path = `${API}/campaigns/${id}/linkage`;
  const got = useGet<Linkage>(path);
  const may = useCan()("campaign.write");
  const [adding, setAdding] = useState(false);
  const nodes = useMemo(() => got.data?.nodes ?? [], [got.data]);
  const edges = useMemo(() => got.data?.edges ?? [], [got.data]);
  const names = new Map(nodes.map((n) => [n.key, n.name]));
  const add = may && (
    <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {t("addMention")}
    </Button>
  );
  return (
    <Section title={t("linkage")} extra={nodes.length > 0 && add}>
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : nodes.length === 0 ? (
        <EmptyState title={t("linkageNone")} text={t("linkageNoneText")} action={add} />
      ) : (
        <>
          <Ring nodes={nodes} edges={edges} />
          <Table<Node>
            size="small"
            rowKey="key"
            dataSource={nodes}
            pagination={nodes.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
            scroll={{ x: "max-content" }}
            columns={[
              { key: "name", title: t("who"), render: (_, n) => <>{n.name} <span className="k-muted">{n.unit || t.slug("node", n.kind)}</span></> },
              { key: "in", title: t("mentioned"), align: "right", dataIndex: "in", sorter: (a, b) => a.in - b.in, showSorterTooltip: false },
              { key: "out", title: t("mentions"), align: "right", dataIndex: "out", sorter: (a, b) => a.out - b.out, showSorterTooltip: false },
              { key: "gained", title: t("gained"), align: "right", render: (_, n) => signedNumber(n.gained) },
              { key: "by", title: t("lastMention"), render: (_, n) => lastOf(edges, n.key, names) },
            ]}
          />
        </>
      )}
      {adding && <MentionDialog path={path} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function lastOf(edges: NonNullable<Linkage["edges"]>, key: string, names: Map<string, string>): string {
  const last = edges.filter((e) => e.to === key).sort((a, b) => b.last.localeCompare(a.last))[0];
  return last ? t("mentionLine", { who: names.get(last.from), by: t(`by.${last.by}`), at: timeText(last.last) }) : "—";
}

function MentionDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const [kind, setKind] = useState<"account" | "outside" | "partner">("account");
  const [from, setFrom] = useState<string[]>([]);
  const [outside, setOutside] = useState("");
  const [to, setTo] = useState<string[]>([]);
  const [by, setBy] = useState<(typeof MENTION_BY)[number]>("post");
  const [link, setLink] = useState("");
  const partners = useGet<{ items: { id: string; name: string }[] | null }>(path.replace(/linkage$/, "partners"));
  const toast = useToast();
  const send = useSend("POST", path, [path]);
  const ready = to[0] && (kind === "outside" ? outside.trim() : from[0]);
  return (
    <Modal
      open
      title={t("addMention")}
      onCancel={onClose}
      okText={t("save")}
      cancelText={t("cancel")}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={send.isPending}
      onOk={() =>
        send.mutate(
          { body: { from: kind === "outside" ? null : from[0], outside: kind === "outside" ? outside.trim() : "", to: to[0], by, link: link.trim() } },
          { onSuccess: () => { toast.done(t("mentionSaved")); onClose(); }, onError: toast.failed },
        )
      }
    >
      <div className="c-form">
        <Field label={t("mentionFrom")} group>
          <Radio.Group value={kind} onChange={(e) => { setKind(e.target.value as typeof kind); setFrom([]); }} options={(["account", "partner", "outside"] as const).map((value) => ({ value, label: t(`node.${value}`) }))} />
          {kind === "account" && <AccountsPick single label={t("mentionFrom")} value={from} names={[]} onChange={setFrom} />}
          {kind === "partner" && <Select aria-label={t("mentionFrom")} value={from[0]} onChange={(v: string) => setFrom([v])} options={(partners.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }))} />}
          {kind === "outside" && <Input aria-label={t("mentionFrom")} value={outside} maxLength={80} onChange={(e) => setOutside(e.target.value)} />}
        </Field>
        <Field label={t("mentionTo")} group>
          <AccountsPick single label={t("mentionTo")} value={to} names={[]} onChange={setTo} />
        </Field>
        <Field label={t("mentionBy")}>
          <Select value={by} onChange={(v: typeof by) => setBy(v)} options={MENTION_BY.map((value) => ({ value, label: t(`by.${value}`) }))} />
        </Field>
        <Field label={t("link")}>
          <Input value={link} maxLength={500} inputMode="url" onChange={(e) => setLink(e.target.value)} />
        </Field>
      </div>
    </Modal>
  );
}
