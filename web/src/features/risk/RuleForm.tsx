import { Checkbox, DatePicker, Form, Input, InputNumber, Modal, Radio, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useSend, type Problem } from "@/api";
import { options, platformName, PLATFORMS, useToast } from "@/ui";
import { CheckedText } from "./checked/CheckedText";
import { t } from "./i18n";
import { t as ranker } from "./ranker/i18n";
import { RULE_KINDS, SEVERITIES, type Draft, type RuleFields } from "./types";

/** The form's own shape: lists as text, days as dates. */
export interface RuleValues extends Omit<RuleFields, "terms" | "a" | "b" | "except" | "from" | "until"> {
  termsText?: string;
  aText?: string;
  bText?: string;
  exceptText?: string;
  fromDay?: Dayjs | null;
  untilDay?: Dayjs | null;
}

const lines = (s = "") => s.split(/[\n,\u3001\uff0c\uff5c|]/).map((x) => x.trim()).filter(Boolean);
const text = (l: string[] = []) => l.join("\n");

/** A rule as the form shows it. */
export function valuesOf(r?: RuleFields): RuleValues {
  if (!r) return { kind: "set", category: "brand", severity: "medium", reason: "", article: "", fold: ["lookalike", "soundalike"] };
  return {
    ...r,
    kind: r.kind === "literal" ? "set" : r.kind,
    termsText: text(r.terms), aText: text(r.a), bText: text(r.b), exceptText: text(r.except),
    fromDay: r.from ? dayjs(r.from) : null, untilDay: r.until ? dayjs(r.until) : null,
  };
}

/** What the form says as a rule. */
export function ruleOf(v: RuleValues): RuleFields {
  const { termsText, aText, bText, exceptText, fromDay, untilDay, ...rest } = v;
  const clean = Object.fromEntries(Object.entries(rest).filter(([, x]) => x !== undefined && x !== null)) as unknown as RuleFields;
  return {
    ...clean,
    terms: v.kind === "set" ? lines(termsText) : [],
    a: v.kind === "near" ? lines(aText) : [],
    b: v.kind === "near" ? lines(bText) : [],
    except: lines(exceptText),
    from: fromDay ? fromDay.format("YYYY-MM-DD") : null,
    until: untilDay ? untilDay.format("YYYY-MM-DD") : null,
  };
}

const NAMES: Record<string, string> = { terms: "termsText", a: "aText", b: "bText", except: "exceptText", from: "fromDay", until: "untilDay" };

/** The server's faults, by the form's names. */
export function faultsOf(p: Problem): { name: keyof RuleValues; errors: string[] }[] {
  return p.fields.map((f) => {
    const field = f.location.replace(/^body\./, "").replace(/^rule\./, "").replace(/\[.*$/, "");
    return { name: (NAMES[field] ?? field) as keyof RuleValues, errors: [f.message] };
  });
}

/** The fields of a rule. */
export function RuleInputs({ draft }: { draft: Draft }) {
  const kind = Form.useWatch<string>("kind");
  const must = [{ required: true, whitespace: true }];
  const choices = draft.choices;
  return (
    <div className="r-form">
      <Form.Item name="kind" label={t("field.kind")} className="r-wide">
        <Radio.Group optionType="button" options={options(RULE_KINDS, (x) => t.slug("kind", x))} />
      </Form.Item>
      {kind === "set" && (
        <Form.Item name="termsText" label={t("field.terms")} extra={t("termsHint")} rules={must} className="r-wide">
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
        </Form.Item>
      )}
      {kind === "near" && (
        <>
          <Form.Item name="aText" label={t("field.a")} extra={t("termsHint")} rules={must}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
          <Form.Item name="bText" label={t("field.b")} rules={must}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
          <Form.Item name="within" label={t("field.within")} rules={[{ required: true }]}>
            <InputNumber min={1} max={50} style={{ width: "100%" }} />
          </Form.Item>
        </>
      )}
      {kind === "pattern" && (
        <Form.Item name="pattern" label={t("field.pattern")} rules={[{ required: true }]}>
          <Select options={options(choices.patterns, (x) => t.slug("pattern", x))} />
        </Form.Item>
      )}
      <Form.Item name="category" label={t("field.category")} rules={[{ required: true }]}>
        <Select options={options(choices.categories, (x) => t.slug("category", x))} />
      </Form.Item>
      <Form.Item name="severity" label={t("field.severity")}>
        <Select options={options(SEVERITIES, (x) => t.slug("severity", x))} />
      </Form.Item>
      <Form.Item name="reason" label={t("field.reason")} extra={t("reasonHint")} rules={must} className="r-wide">
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="article" label={t("field.article")} extra={t("articleHint")} rules={must}>
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="rewrite" label={t("field.rewrite")} extra={t("rewriteHint")}>
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="replace" label={t("field.replace")} extra={t("replaceHint")} className="r-wide">
        <CheckedText field="body" kind="post" rows={1} maxLength={60} />
      </Form.Item>
      <Form.Item name="exceptText" label={t("field.except")} extra={t("exceptHint")} className="r-wide">
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="fold" label={t("field.fold")} extra={t("foldHint")} className="r-wide">
        <Checkbox.Group options={options(choices.folds, (x) => t.slug("fold", x))} />
      </Form.Item>
      <Form.Item name="noisy" valuePropName="checked" extra={ranker("noisyHint")} className="r-wide">
        <Checkbox>{t("field.noisy")}</Checkbox>
      </Form.Item>
      <Form.Item name="platforms" label={t("field.platforms")}>
        <Select mode="multiple" allowClear placeholder={t("everywhere")} options={options(PLATFORMS, platformName)} />
      </Form.Item>
      <Form.Item name="kinds" label={t("field.kinds")}>
        <Select mode="multiple" allowClear placeholder={t("everywhere")} options={options(choices.kinds, (x) => t.slug("content", x))} />
      </Form.Item>
      <Form.Item name="fromDay" label={t("field.from")}>
        <DatePicker style={{ width: "100%" }} placeholder={t("always")} />
      </Form.Item>
      <Form.Item name="untilDay" label={t("field.until")}>
        <DatePicker style={{ width: "100%" }} placeholder={t("always")} />
      </Form.Item>
      {(["industries", "fields", "gap", "whole", "source", "note", "reason_en"] as const).map((k) => (
        <Form.Item key={k} name={k} hidden>
          <Input />
        </Form.Item>
      ))}
    </div>
  );
}

/** Adds a rule, or changes the one with the code. */
export function RuleDialog({ draft, code, rule, onClose }: { draft: Draft; code?: string; rule?: RuleFields; onClose: () => void }) {
  const [form] = Form.useForm<RuleValues>();
  const toast = useToast();
  const save = useSend<{ code: string }, RuleFields>(code ? "PUT" : "POST", "/api/v1/risk/rule", ["/api/v1/risk/"]);
  const submit = (v: RuleValues) =>
    save.mutate(
      { body: ruleOf(v), query: code ? { code } : undefined },
      {
        onSuccess: () => {
          toast.done(t(code ? "ruleSaved" : "ruleAdded"));
          onClose();
        },
        onError: (p) => (p.fields.length ? form.setFields(faultsOf(p)) : toast.failed(p)),
      },
    );
  return (
    <Modal open width={760} title={t(code ? "editRule" : "newRule")} okText={t("save")} cancelText={t("cancel")} confirmLoading={save.isPending} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" initialValues={valuesOf(rule)} onFinish={submit} requiredMark={false}>
        <RuleInputs draft={draft} />
      </Form>
    </Modal>
  );
}
