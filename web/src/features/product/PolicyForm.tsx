import { Alert, Button, Checkbox, DatePicker, Form, Input, InputNumber, Modal, Radio, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { asProblem, useSend } from "@/api";
import { useCan } from "@/app/session";
import { colon, money } from "@/i18n/format";
import { UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { API, daysText, KINDS, MOST_TYPED, policyText, rateOf, type Planned, type Policy, type Product } from "./types";
import { useSettings } from "./words";

interface Values {
  kind: Policy["kind"];
  sku_ids: string[];
  unit?: string | null;
  channel?: string;
  how: "rate" | "off";
  yuan?: number;
  fold?: number;
  title?: string;
  note?: string;
  from: Dayjs;
  to?: Dayjs | null;
}

function bodyOf(product: Product, v: Values, accept: boolean) {
  const rate = v.kind === "discount" && v.how === "rate";
  return {
    product_id: product.id, sku_ids: v.sku_ids ?? [], unit: v.unit ?? "", channel: v.channel ?? "", kind: v.kind, title: v.title ?? "", note: v.note ?? "", accept,
    money: !rate && v.yuan ? { fen: Math.round(v.yuan * 100), currency: "CNY" } : undefined,
    rate: rate && v.fold ? rateOf(v.fold) : undefined,
    from: v.from.format("YYYY-MM-DD"), to: v.to ? v.to.format("YYYY-MM-DD") : undefined,
  };
}

const FIELD: Record<string, keyof Values> = { money: "yuan", rate: "fold", sku_id: "sku_ids" };

/** Adds a price, a discount or a promotion; what it does is seen before. */
export function PolicyForm({ product, kind = "price", onClose }: { product: Product; kind?: Policy["kind"]; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const now = Form.useWatch("kind", form) ?? kind;
  const how = Form.useWatch("how", form) ?? "rate";
  const [planned, setPlanned] = useState<Planned[]>();
  const [accept, setAccept] = useState(false);
  const toast = useToast();
  const can = useCan();
  const set = useSettings();
  const look = useSend<{ items: Planned[] }>("POST", `${API}/policies/preview`);
  const save = useSend<{ ids: string[] }>("POST", `${API}/policies`, [`${API}/`]);
  const failed = (err: unknown) => {
    const fields = asProblem(err).fields.map((f) => {
      const name = f.location.replace(/^body\./, "").split(/[.[]/)[0] ?? "";
      return { name: (FIELD[name] ?? name) as keyof Values, errors: [f.message] };
    });
    if (fields.length) form.setFields(fields);
    else toast.failed(err);
  };
  const preview = () =>
    void form.validateFields().then(
      (v) => look.mutate({ body: bodyOf(product, v, false) }, { onSuccess: (r) => setPlanned(r.items), onError: failed }),
      () => undefined,
    );
  const send = (v: Values) =>
    save.mutate(
      { body: bodyOf(product, v, accept) },
      {
        onSuccess: () => {
          toast.done(t(v.from.isAfter(dayjs(), "day") ? "policyPlanned" : "policyDone", { name: product.name }));
          onClose();
        },
        onError: failed,
      },
    );
  const asks = planned?.some((p) => p.asks);
  const refused = planned?.some((p) => p.refused);
  const need = [{ required: true, message: t("required") }];
  return (
    <Modal
      open
      width={640}
      title={t("policyAdd", { name: product.name })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button onClick={preview} loading={look.isPending}>
            {t("look")}
          </Button>
          <Button type="primary" onClick={() => form.submit()} loading={save.isPending} disabled={!planned || refused || (asks && !accept)} title={planned ? undefined : t("lookFirst")}>
            {t("policySave")}
          </Button>
        </>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind, how: "rate", sku_ids: product.skus.filter((k) => k.state === "live").map((k) => k.id ?? "").slice(0, 1), from: dayjs() }}
        onFinish={send}
        onValuesChange={() => {
          setPlanned(undefined);
          setAccept(false);
        }}
      >
        <Form.Item name="kind" label={t("kind")}>
          <Radio.Group optionType="button" options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="sku_ids" label={t("skus")} rules={now === "price" ? need : []} extra={now === "price" ? undefined : t("skusHint")}>
          <Select mode="multiple" options={product.skus.map((k) => ({ value: k.id ?? "", label: k.name }))} optionFilterProp="label" />
        </Form.Item>
        {now === "discount" && (
          <Form.Item name="how" label={t("how")}>
            <Radio.Group options={(["rate", "off"] as const).map((value) => ({ value, label: t(`how.${value}`) }))} />
          </Form.Item>
        )}
        {now === "discount" && how === "rate" ? (
          <Form.Item name="fold" label={t("fold")} extra={t("foldHint")} rules={need}>
            <InputNumber min={0.01} max={MOST_TYPED} step={0.1} style={{ width: 200 }} />
          </Form.Item>
        ) : (
          <Form.Item name="yuan" label={t(now === "price" ? "priceYuan" : "offYuan")} rules={now === "promotion" ? [] : need}>
            <InputNumber min={0.01} step={100} precision={2} prefix="¥" style={{ width: 220 }} />
          </Form.Item>
        )}
        {now === "promotion" && (
          <Form.Item name="title" label={t("promotionTitle")} rules={need}>
            <Input maxLength={60} placeholder={t("promotionHint")} />
          </Form.Item>
        )}
        <div className="pr-row">
          <Form.Item className="pr-wide" name="unit" label={t("where")} rules={can("product.write") ? [] : need}>
            <UnitSelect allowClear placeholder={can("product.write") ? t("wholeBrand") : undefined} />
          </Form.Item>
          <Form.Item name="channel" label={t("channel")}>
            <Select allowClear style={{ width: 160 }} placeholder={t("everyChannel")} options={(set?.channels ?? []).filter((c) => !c.closed).map((c) => ({ value: c.key, label: c.name }))} />
          </Form.Item>
        </div>
        <div className="pr-row">
          <Form.Item name="from" label={t("from")} rules={need}>
            <DatePicker allowClear={false} />
          </Form.Item>
          <Form.Item name="to" label={t("to")}>
            <DatePicker placeholder={t("untilNext")} />
          </Form.Item>
        </div>
        <Form.Item name="note" label={t("note")}>
          <Input maxLength={300} />
        </Form.Item>
      </Form>
      {planned && <Effects product={product} planned={planned} />}
      {asks && !refused && (
        <Checkbox checked={accept} onChange={(e) => setAccept(e.target.checked)}>
          {t("accept")}
        </Checkbox>
      )}
    </Modal>
  );
}

function Effects({ product, planned }: { product: Product; planned: Planned[] }) {
  const name = (sku: string | null) => product.skus.find((k) => k.id === sku)?.name ?? t("wholeProduct");
  const bad = planned.some((p) => p.refused);
  return (
    <Alert
      type={bad ? "error" : planned.some((p) => p.asks) ? "warning" : "info"}
      style={{ marginBottom: 12 }}
      title={t("effects")}
      description={
        <ul className="pr-points">
          {planned.map((p, i) => (
            <li key={i}>
              {name(p.sku_id)}
              {(p.before || p.after) && `${colon()}${p.before ? money(p.before) : t("noPrice")} → ${p.after ? money(p.after) : t("noPrice")}`}
              {p.overlaps.map((o) => (
                <div key={o.policy.id} className="k-muted">
                  {t(`overlap.${o.kind}`, { what: policyText(o.policy), days: daysText(o.policy), from: o.from, to: o.to ?? "" })}
                </div>
              ))}
            </li>
          ))}
        </ul>
      }
    />
  );
}
