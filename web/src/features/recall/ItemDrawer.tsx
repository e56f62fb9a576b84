import { Button, Space } from "antd";
import { Drawer, Facts, PlatformGlyph, Time } from "@/ui";
import { t } from "./i18n";
import { MarkedText } from "./MarkedText";
import { ItemTag, type Verb } from "./RecallPage";
import { API, type Item } from "./types";

const NEXT: Record<Item["state"], Verb[]> = { waiting: ["dismiss"], proved: ["accept", "return", "dismiss"], done: ["return"], harmless: ["restore"] };

/** One text with its proof and what can be decided. */
export function ItemDrawer({ item: i, onClose, onDecide }: { item: Item; onClose: () => void; onDecide?: (verb: Verb, item: Item) => Promise<unknown> }) {
  const decide = async (verb: Verb) => {
    if ((await onDecide?.(verb, i)) !== false) onClose();
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={t(`kind.${i.kind}`)}
      footer={
        onDecide && (
          <Space>
            {NEXT[i.state].map((v) => (
              <Button key={v} type={v === "accept" ? "primary" : "default"} onClick={() => void decide(v).catch(() => {})}>
                {t(v)}
              </Button>
            ))}
          </Space>
        )
      }
    >
      <p style={{ fontSize: 16 }}>
        <MarkedText text={i.content} spans={i.spans} />
      </p>
      <ItemFacts item={i} />
      {i.has_picture && <img className="r-picture" src={`${API}/recalls/${i.recall_id}/items/${i.object_id}/picture`} alt={t("picture")} />}
    </Drawer>
  );
}

/** What is known of a text. */
export function ItemFacts({ item: i }: { item: Item }) {
  const proof = i.proof ? [t.slug("proof", i.proof), i.note].filter(Boolean).join(" · ") : "—";
  return (
    <Facts
      items={[
        { label: t("state"), value: <ItemTag state={i.state} /> },
        {
          label: t("account"),
          value: (
            <span className="k-path">
              <PlatformGlyph platform={i.account.platform} bare /> {i.account.name || i.account.handle} <span className="k-muted">@{i.account.handle}</span>
            </span>
          ),
        },
        { label: t("member"), value: i.account.member || "—" },
        { label: t("store"), value: i.account.unit || "—" },
        ...(i.url ? [{ label: t("openLink"), value: <a href={i.url} target="_blank" rel="noopener noreferrer">{i.url}</a> }] : []),
        { label: t("foundAt"), value: <Time value={i.found_at} /> },
        { label: t("proof"), value: proof },
        ...(i.proved_at ? [{ label: t("provedAt"), value: <><Time value={i.proved_at} /> {i.proved_by}</> }] : []),
        ...(i.decided_at ? [{ label: t("decidedAt"), value: <><Time value={i.decided_at} /> {i.decided_by || t("byProgram")} {i.decision_note}</> }] : []),
      ]}
    />
  );
}
