import { ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input, InputNumber, Select, Switch } from "antd";
import { useState } from "react";
import { asProblem, request, useGet, useRefresh, type PageOf } from "@/api";
import { ErrorState, Page, Section, useToast } from "@/ui";
import { API } from "../types";
import { t } from "./i18n";
import { Targets } from "./Targets";
import { COLORS, PILLARS, usePillars, type Pillars } from "./types";
import WORDS from "./starters.json";

interface Row {
  id?: string;
  name: string;
  color: string;
  active: boolean;
  words: string[];
  hashtags: string[];
  products: string[];
}

interface Values {
  days: number;
  least: number;
  rows: Row[];
}

/** The five pillars most brands have, for a beginning; their words are Chinese as posts are, whatever language the console speaks. */
const starters = (): Row[] =>
  (["1", "2", "3", "4", "5"] as const).map((n, i) => ({
    name: t(`start.${n}`), color: COLORS[i] as string, active: true, words: WORDS[n], hashtags: [], products: [],
  }));

/** What the pillars are and what belongs to each; below, the target mixes. */
export default function PillarSetup() {
  const set = usePillars();
  if (!set.data) return set.error ? <ErrorState error={set.error} onRetry={() => void set.refetch()} /> : null;
  return (
    <Page back="/content/library/pillars" title={t("setupTitle")} lead={t("setupLead")}>
      {set.data.may_set && <Rules key={set.data.version} set={set.data} />}
      {set.data.items.length > 0 && <Targets pillars={set.data.items} />}
    </Page>
  );
}

function Rules({ set }: { set: Pillars }) {
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const known = new Map(set.items.flatMap((p) => p.products.map((x) => [x.id, x.name] as const)));
  const rows: Row[] = set.version ? set.items.map((p) => ({ ...p, products: p.products.map((x) => x.id) })) : starters();
  const save = async (v: Values) => {
    setBusy(true);
    const items = (v.rows ?? []).map((r) => ({ id: r.id ?? null, name: r.name, color: r.color, active: r.active, words: r.words ?? [], hashtags: r.hashtags ?? [], product_ids: r.products ?? [] }));
    try {
      await request("PUT", PILLARS, { body: { version: set.version, days: v.days, least: v.least, items } });
      refresh(`${API}/`);
      toast.done(t("saved"));
    } catch (err) {
      const bad = asProblem(err).fields.map((f) => ({ name: place(f.location) as never, errors: [f.message] }));
      if (bad.length) form.setFields(bad);
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const need = [{ required: true, message: t("required") }];
  return (
    <Section
      title={t("rules")}
      extra={
        <Button type="primary" size="small" loading={busy} onClick={() => form.submit()}>
          {t("save")}
        </Button>
      }
    >
      <Form<Values> form={form} layout="vertical" requiredMark={false} initialValues={{ days: set.days, least: set.least, rows }} onFinish={(v) => void save(v)}>
        <div className="lp-head">
          <Form.Item name="days" label={t("days")} rules={need} style={{ flex: "none" }}>
            <InputNumber min={7} max={180} suffix={t("daysUnit")} style={{ width: 140 }} />
          </Form.Item>
          <Form.Item name="least" label={t("least")} rules={need}>
            <InputNumber min={1} max={100} suffix={t("leastUnit")} style={{ width: 140 }} />
          </Form.Item>
        </div>
        <Form.List name="rows">
          {(fields, { add, remove, move }) => (
            <>
              {fields.map((f) => (
                <PillarForm key={f.key} at={f.name} known={known} onUp={f.name > 0 ? () => move(f.name, f.name - 1) : undefined} onRemove={() => remove(f.name)} />
              ))}
              <Button icon={<PlusOutlined />} disabled={fields.length >= 20} onClick={() => add({ name: "", color: COLORS[fields.length % COLORS.length], active: true, words: [], hashtags: [], products: [] })}>
                {t("add")}
              </Button>
            </>
          )}
        </Form.List>
      </Form>
    </Section>
  );
}

/** Where a fault of the API belongs: "body.items[0].name" is ["rows", 0, "name"]. */
export function place(location: string): (string | number)[] {
  const path = location
    .replace(/^body\./, "")
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((x) => (/^\d+$/.test(x) ? Number(x) : x));
  return path.map((x) => (x === "items" ? "rows" : x === "product_ids" ? "products" : x));
}

function PillarForm({ at, known, onUp, onRemove }: { at: number; known: Map<string, string>; onUp?: () => void; onRemove: () => void }) {
  const form = Form.useFormInstance<Values>();
  const row = Form.useWatch(["rows", at], form) as Row | undefined;
  const tags = { mode: "tags" as const, open: false, suffixIcon: null, tokenSeparators: [",", "，", "、", " "] };
  return (
    <div role="group" aria-label={row?.name || t("add")} className="lp-form" data-off={row?.active === false}>
      <Form.Item name={[at, "id"]} hidden>
        <Input />
      </Form.Item>
      <div className="lp-head">
        <Form.Item name={[at, "name"]} label={t("name")} rules={[{ required: true, whitespace: true, message: t("required") }]}>
          <Input aria-label={t("name")} maxLength={20} />
        </Form.Item>
        <Form.Item name={[at, "color"]} label={t("color")}>
          <Input type="color" aria-label={t("color")} style={{ width: 56, padding: 3 }} />
        </Form.Item>
        <Form.Item name={[at, "active"]} label={t("active")} valuePropName="checked">
          <Switch aria-label={t("active")} />
        </Form.Item>
        <Form.Item label=" ">
          <Button type="text" icon={<ArrowUpOutlined />} aria-label={t("up")} title={t("up")} disabled={!onUp} onClick={onUp} />
          {!row?.id && <Button type="text" icon={<DeleteOutlined />} aria-label={t("remove")} title={t("remove")} onClick={onRemove} />}
        </Form.Item>
      </div>
      <div className="lp-terms">
        <Form.Item name={[at, "words"]} label={t("words")} extra={t("wordsHint")}>
          <Select aria-label={t("words")} {...tags} />
        </Form.Item>
        <Form.Item name={[at, "hashtags"]} label={t("hashtags")} extra={t("hashtagsHint")}>
          <Select aria-label={t("hashtags")} {...tags} />
        </Form.Item>
        <Form.Item name={[at, "products"]} label={t("products")} extra={t("productsHint")}>
          <Products known={known} />
        </Form.Item>
      </div>
    </div>
  );
}

/** Finds products by name. */
function Products({ value, onChange, known }: { value?: string[]; onChange?: (v: string[]) => void; known: Map<string, string> }) {
  const [typed, setTyped] = useState("");
  const [names, setNames] = useState(known);
  const found = useGet<PageOf<{ id: string; name: string }>>("/api/v1/product/products", { q: typed.trim(), limit: 20 }, { keep: true });
  const shown = (found.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }));
  const chosen = (value ?? []).filter((v) => !shown.some((o) => o.value === v)).map((v) => ({ value: v, label: names.get(v) ?? t("products") }));
  const pick = (list: string[]) => {
    setNames(new Map([...names, ...shown.map((o) => [o.value, o.label] as const)]));
    onChange?.(list);
  };
  return <Select aria-label={t("products")} mode="multiple" value={value} onChange={pick} showSearch={{ filterOption: false, onSearch: setTyped }} options={[...shown, ...chosen]} notFoundContent={null} />;
}
