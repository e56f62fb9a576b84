import { DatePicker, Input, InputNumber, Modal, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { asProblem, useSend, type Problem } from "@/api";
import { options, PLATFORMS, platformName, useToast } from "@/ui";
import { Field } from "../plan/parts";
import { fieldOf, momentOf } from "../plan/when";
import { AccountsPick } from "./AccountsPick";
import { t } from "./i18n";
import { ACTIVITY_KINDS, PARTNER_KINDS, type Activity, type Partner } from "../run/types";

const NO_PARTNER: Partner = { id: null, kind: "kol", name: "", platform: "", cost_fen: null, links: [], for: [], views: null, interactions: null, followers: null, leads: null, note: "", for_names: [] };

/** Enters or edits a partner; a figure nobody told stays empty. */
export function PartnerDialog({ path, partner, onClose }: { path: string; partner: Partner | null; onClose: () => void }) {
  const [p, setP] = useState<Partner>(partner ?? NO_PARTNER);
  const form = useForm<Partner>(path, onClose);
  const set = (c: Partial<Partner>) => setP({ ...p, ...c });
  return (
    <Modal open title={t(partner ? "editPartner" : "addPartner")} width={640} onCancel={onClose} okText={t("save")} cancelText={t("cancel")} okButtonProps={{ disabled: !p.name.trim() }} confirmLoading={form.busy} onOk={() => form.send({ ...p, for_names: [] }, p.name)}>
      <div className="c-form">
        <div className="c-inline">
          <Field label={t("kind")}>
            <Select style={{ width: 140 }} value={p.kind} onChange={(kind: Partner["kind"]) => set({ kind })} options={options(PARTNER_KINDS, (k) => t.slug("partner", k))} />
          </Field>
          <Field label={t("nameOf")} fault={form.fault("name")}>
            <Input value={p.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
          </Field>
          <Platform value={p.platform} onChange={(platform) => set({ platform })} />
          <Field label={t("cost")} fault={form.fault("cost_fen")}>
            <InputNumber min={0} precision={2} prefix="¥" value={p.cost_fen === null ? null : p.cost_fen / 100} onChange={(v) => set({ cost_fen: v === null ? null : Math.round(v * 100) })} />
          </Field>
        </div>
        <Field label={t("links")} hint={t("linksHint")} fault={form.fault("links")}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} value={(p.links ?? []).join("\n")} onChange={(e) => set({ links: e.target.value.split("\n").map((x) => x.trim()).filter((x, i, all) => x || i === all.length - 1) })} />
        </Field>
        <Field label={t("broughtTo")} hint={t("broughtHint")} group>
          <AccountsPick label={t("broughtTo")} value={p.for ?? []} names={p.for_names ?? []} onChange={(ids) => set({ for: ids })} />
        </Field>
        <Numbers keys={["views", "interactions", "followers", "leads"]} value={p} onChange={set} />
        <Field label={t("noteOf")} fault={form.fault("note")}>
          <Input.TextArea rows={2} maxLength={500} value={p.note} onChange={(e) => set({ note: e.target.value })} />
        </Field>
      </div>
    </Modal>
  );
}

const NO_ACTIVITY: Activity = { id: null, kind: "challenge", title: "", platform: "", link: "", starts_at: null, ends_at: null, outsiders: null, posts: null, views: null, interactions: null, as_of: null, rules: "" };

/** Enters or edits a public activity with the outsiders it brought. */
export function ActivityDialog({ path, activity, onClose }: { path: string; activity: Activity | null; onClose: () => void }) {
  const [a, setA] = useState<Activity>(activity ?? NO_ACTIVITY);
  const form = useForm<Activity>(path, onClose);
  const set = (c: Partial<Activity>) => setA({ ...a, ...c });
  return (
    <Modal open title={t(activity ? "editActivity" : "addActivity")} width={640} onCancel={onClose} okText={t("save")} cancelText={t("cancel")} okButtonProps={{ disabled: !a.title.trim() }} confirmLoading={form.busy} onOk={() => form.send(a, a.title)}>
      <div className="c-form">
        <div className="c-inline">
          <Field label={t("kind")}>
            <Select style={{ width: 140 }} value={a.kind} onChange={(kind: Activity["kind"]) => set({ kind })} options={options(ACTIVITY_KINDS, (k) => t.slug("activity", k))} />
          </Field>
          <Field label={t("nameOf")} fault={form.fault("title")}>
            <Input value={a.title} maxLength={80} onChange={(e) => set({ title: e.target.value })} />
          </Field>
          <Platform value={a.platform} onChange={(platform) => set({ platform })} />
        </div>
        <Field label={t("link")} fault={form.fault("link")}>
          <Input value={a.link} maxLength={500} inputMode="url" onChange={(e) => set({ link: e.target.value })} />
        </Field>
        <div className="c-inline">
          {(["starts_at", "ends_at"] as const).map((k) => (
            <Field key={k} label={t(k)} fault={form.fault(k)}>
              <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" value={fieldOf(a[k])} onChange={(d) => set({ [k]: momentOf(d) })} />
            </Field>
          ))}
          <Field label={t("figuresOf")} fault={form.fault("as_of")}>
            <DatePicker value={a.as_of ? dayjs(a.as_of) : null} onChange={(d) => set({ as_of: d ? d.format("YYYY-MM-DD") : null })} />
          </Field>
        </div>
        <Numbers keys={["outsiders", "posts", "views", "interactions"]} value={a} onChange={set} />
        <Field label={t("rules")} fault={form.fault("rules")}>
          <Input.TextArea rows={3} maxLength={2000} value={a.rules} onChange={(e) => set({ rules: e.target.value })} />
        </Field>
      </div>
    </Modal>
  );
}

type Figures = "views" | "interactions" | "followers" | "leads" | "outsiders" | "posts";

function Numbers<K extends Figures>({ keys, value, onChange }: { keys: K[]; value: Record<K, number | null>; onChange: (c: Record<K, number | null>) => void }) {
  return (
    <div className="c-inline">
      {keys.map((k) => (
        <Field key={k} label={t(k)}>
          <InputNumber min={k === "followers" ? undefined : 0} precision={0} value={value[k]} onChange={(v) => onChange({ [k]: v } as Record<K, number | null>)} />
        </Field>
      ))}
    </div>
  );
}

function Platform({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  return (
    <Field label={t("platform")}>
      <Select allowClear style={{ width: 140 }} value={value || undefined} onChange={(v?: string) => onChange(v ?? "")} options={options(PLATFORMS, platformName)} />
    </Field>
  );
}

function useForm<T>(path: string, onClose: () => void) {
  const toast = useToast();
  const save = useSend<unknown, T>("PUT", path, [path, path.replace(/\/\w+$/, "/")]);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    busy: save.isPending,
    fault: (field: string) => problem?.fault(field),
    send: (body: T, name: string) =>
      save.mutate(
        { body },
        {
          onSuccess: () => {
            toast.done(t("savedOne", { name }));
            onClose();
          },
          onError: (err) => {
            setProblem(asProblem(err));
            toast.failed(err);
          },
        },
      ),
  };
}
