import { Modal, Select, Switch } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { options, useToast } from "@/ui";
import { t } from "./i18n";
import type { Draft } from "./types";

/** The brand's industry and which shipped packs are in force. */
export function PacksDialog({ draft: d, onClose }: { draft: Draft; onClose: () => void }) {
  const [industry, setIndustry] = useState(d.industry);
  const [off, setOff] = useState(() => new Set(d.packs.filter((p) => !p.on).map((p) => p.name)));
  const toast = useToast();
  const save = useSend("PUT", "/api/v1/risk/draft/packs", ["/api/v1/risk/"]);
  const turn = (name: string, on: boolean) => {
    const next = new Set(off);
    if (on) next.delete(name);
    else next.add(name);
    setOff(next);
  };
  const submit = () =>
    save.mutate(
      { body: { industry, off: [...off] } },
      {
        onSuccess: () => {
          toast.done(t("packsSaved"));
          onClose();
        },
        onError: toast.failed,
      },
    );
  return (
    <Modal open width={640} title={t("packsTitle")} okText={t("save")} cancelText={t("cancel")} confirmLoading={save.isPending} onOk={submit} onCancel={onClose}>
      <p style={{ marginBottom: 4 }}>{t("industry")}</p>
      <Select
        style={{ width: "100%" }}
        allowClear
        aria-label={t("industry")}
        placeholder={t("industryPick")}
        value={industry || undefined}
        onChange={(v?: string) => setIndustry(v ?? "")}
        options={options(d.choices.industries, (x) => t.slug("industry", x))}
      />
      <p className="k-muted">{t("industryHint")}</p>
      <ul className="r-changes" style={{ maxHeight: "50vh", overflow: "auto" }}>
        {d.packs.map((p) => (
          <li key={p.name} style={{ display: "flex", gap: 12, alignItems: "center" }}>
            <Switch checked={!off.has(p.name)} onChange={(on) => turn(p.name, on)} aria-label={p.title} />
            <span>
              <b>{p.title}</b>
              <br />
              <span className="k-muted">{t("packRules", { n: p.rules, version: p.version })}</span>
            </span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
