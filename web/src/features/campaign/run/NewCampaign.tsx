import { Input, Modal, Radio, Select, Skeleton } from "antd";
import { useState } from "react";
import { asProblem, newKey, request, useGet, useRefresh, type PageOf } from "@/api";
import { useToast } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import type { Row, Template } from "./types";

/** Begins a campaign: empty, from a shipped template, or as a copy of an earlier one. */
export function NewCampaign({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const templates = useGet<{ items: Template[] | null }>(`${API}/templates`);
  const earlier = useGet<PageOf<Row>>(`${API}/campaigns`, { limit: 50 });
  const [from, setFrom] = useState("");
  const [copy, setCopy] = useState<string>();
  const [title, setTitle] = useState("");
  const [key] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const list = templates.data?.items ?? [];
  const make = async () => {
    setBusy(true);
    try {
      const made = await request<{ id: string }>("POST", `${API}/campaigns`, {
        idempotencyKey: key + from + (copy ?? ""),
        body: { title: title.trim() || t("untitled"), template: from === "copy" ? "" : from, from: from === "copy" ? (copy ?? null) : null },
      });
      refresh(`${API}/campaigns`);
      onMade(made.id);
    } catch (err) {
      toast.failed(asProblem(err));
      setBusy(false);
    }
  };
  const choose = (v: string) => {
    setFrom(v);
    const picked = list.find((x) => x.key === v);
    if (picked && !title.trim()) setTitle(picked.title);
  };
  return (
    <Modal open title={t("add")} width={560} onCancel={onClose} onOk={() => void make()} okText={t("begin")} cancelText={t("cancel")} okButtonProps={{ disabled: from === "copy" && !copy }} confirmLoading={busy}>
      <div className="c-form">
        <label className="c-field">
          <span className="c-label">{t("name")}</span>
          <Input value={title} maxLength={80} placeholder={t("nameHint")} onChange={(e) => setTitle(e.target.value)} autoFocus />
        </label>
        <div className="c-field" role="group" aria-label={t("beginWith")}>
          <span className="c-label">{t("beginWith")}</span>
          {templates.isPending ? (
            <Skeleton active paragraph={{ rows: 3 }} />
          ) : (
            <Radio.Group className="c-lines" value={from} onChange={(e) => choose(e.target.value as string)}>
              <Radio value="">
                {t("empty")} <span className="k-muted">{t("emptyText")}</span>
              </Radio>
              {list.map((x) => (
                <Radio key={x.key} value={x.key}>
                  {x.title} <span className="k-muted">{x.about}</span>
                </Radio>
              ))}
              <Radio value="copy" disabled={!earlier.data?.items?.length}>
                {t("copyOf")}
              </Radio>
            </Radio.Group>
          )}
          {from === "copy" && (
            <Select aria-label={t("copyOf")} placeholder={t("copyPick")} value={copy} onChange={setCopy} showSearch={{ optionFilterProp: "label" }} options={(earlier.data?.items ?? []).map((r) => ({ value: r.id, label: r.title }))} style={{ width: "100%" }} />
          )}
        </div>
      </div>
    </Modal>
  );
}
