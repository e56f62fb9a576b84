import { Button, Checkbox, Form, InputNumber, Radio, Select, Skeleton, Steps, Switch } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { dayText } from "@/i18n/format";
import { ErrorState, options, Page, Section, useToast } from "@/ui";
import { GuideResult } from "./GuideResult";
import { t } from "./i18n";
import { API, DROPS, type Answers, type Fit, type Pack, type Word } from "./types";
import { wordOf } from "./words";

const EMPTY: Answers = {
  conditions: [], goal: "", industry: "", gender: "", ages: [], tiers: [], spending: "",
  outlets: 0, lines: [], regions: [], famous: false, uneven: false, private: false,
};
const STEPS = ["stepReady", "stepGoal", "stepShape", "stepResult"] as const;
const DRAFT = "kosmos.org.guide";

/** The start guide: self-test, goal and audience, shape, result. Answers are kept while one is on the way. */
export default function Guide() {
  const pack = useGet<Pack>(`${API}/fit/pack`, undefined, { stale: 60 * 60_000 });
  const last = useGet<{ fit: Fit | null }>(`${API}/fit`);
  if (pack.error) return <ErrorState error={pack.error} onRetry={() => void pack.refetch()} />;
  if (last.error) return <ErrorState error={last.error} onRetry={() => void last.refetch()} />;
  return (
    <Page title={t("guideTitle")} lead={t("guideLead")}>
      {!pack.data || !last.data ? <Skeleton active paragraph={{ rows: 10 }} /> : <Wizard pack={pack.data} last={last.data.fit ?? undefined} />}
    </Page>
  );
}

function Wizard({ pack, last }: { pack: Pack; last?: Fit }) {
  const [form] = Form.useForm<Answers>();
  const [step, setStep] = useState(last ? 3 : 0);
  const toast = useToast();
  const judge = useSend<Fit, Answers>("POST", `${API}/fit`, DROPS);
  const fit = judge.data ?? last;
  const go = async () => {
    try {
      await form.validateFields();
    } catch {
      return;
    }
    const answers = { ...EMPTY, ...(form.getFieldsValue(true) as Answers) };
    if (step < 2) return setStep(step + 1);
    judge.mutate({ body: answers }, { onSuccess: () => { localStorage.removeItem(DRAFT); setStep(3); }, onError: toast.failed });
  };
  const shown = Math.min(step, 3);
  return (
    <>
      <Steps size="small" current={shown} items={STEPS.map((k) => ({ title: t(k) }))} style={{ marginBottom: 16 }} />
      {step === 3 && fit ? (
        <GuideResult key={fit.id} fit={fit} pack={pack} onAgain={() => setStep(0)} />
      ) : (
        <Section>
          <Form
            form={form}
            layout="vertical"
            initialValues={draft(fit)}
            style={{ maxWidth: 720 }}
            onValuesChange={() => localStorage.setItem(DRAFT, JSON.stringify(form.getFieldsValue(true)))}
          >
            {step === 0 && <Ready pack={pack} />}
            {step === 1 && <Audience pack={pack} />}
            {step === 2 && <Shape />}
            <div className="o-actions" style={{ margin: "16px 0 0" }}>
              {step > 0 && <Button onClick={() => setStep(step - 1)}>{t("back")}</Button>}
              <Button type="primary" loading={judge.isPending} onClick={() => void go()}>
                {t(step < 2 ? "next" : "judge")}
              </Button>
            </div>
          </Form>
          <p className="k-muted">{t("guideDay", { day: dayText(pack.day) })}</p>
        </Section>
      )}
    </>
  );
}

/** What was typed before: an unfinished draft, else the last answers. */
function draft(fit?: Fit): Answers {
  try {
    const kept = JSON.parse(localStorage.getItem(DRAFT) ?? "null") as Answers | null;
    if (kept && Array.isArray(kept.conditions)) return { ...EMPTY, ...kept };
  } catch {
    // A broken draft counts as none.
  }
  return { ...EMPTY, ...fit?.answers };
}

const words = (list: Word[]) => list.map((w) => ({ value: w.key, label: wordOf(w) }));

function Ready({ pack }: { pack: Pack }) {
  return (
    <Form.Item name="conditions" label={t("readyAsk")}>
      <Checkbox.Group style={{ display: "grid", gap: 12 }} options={words(pack.conditions)} />
    </Form.Item>
  );
}

const must = () => [{ required: true, message: t("required") }];

// A group of boxes may not say "required" to screen readers: it is checked without the mark.
const some = () => [{ validator: (_: unknown, v?: string[]) => (v?.length ? Promise.resolve() : Promise.reject(new Error(t("required")))) }];

function Audience({ pack }: { pack: Pack }) {
  return (
    <>
      <Form.Item name="goal" label={t("goal")} rules={must()}>
        <Radio.Group options={words(pack.goals)} />
      </Form.Item>
      <Form.Item name="industry" label={t("industry")} rules={must()}>
        <Select options={words(pack.industries)} showSearch={{ optionFilterProp: "label" }} style={{ maxWidth: 320 }} />
      </Form.Item>
      <Form.Item name="gender" label={t("gender")} rules={must()}>
        <Radio.Group options={options(["women", "men", "balanced"], (k) => t.slug("gender", k))} />
      </Form.Item>
      <Form.Item name="ages" label={t("ages")} rules={some()}>
        <Checkbox.Group options={options(["young", "middle", "senior"], (k) => t.slug("age", k))} />
      </Form.Item>
      <Form.Item name="tiers" label={t("tiers")} rules={some()}>
        <Checkbox.Group options={options(["tier1", "new_tier1", "tier4"], (k) => t.slug("tier", k))} />
      </Form.Item>
      <Form.Item name="spending" label={t("spending")} rules={must()}>
        <Radio.Group options={options(["low", "mid", "high"], (k) => t.slug("spending", k))} />
      </Form.Item>
    </>
  );
}

function Shape() {
  return (
    <>
      <Form.Item name="outlets" label={t("outlets")} rules={must()}>
        <InputNumber min={0} max={1_000_000} style={{ width: 200 }} />
      </Form.Item>
      <Form.Item name="regions" label={t("regions")}>
        <Select mode="tags" open={false} suffixIcon={null} />
      </Form.Item>
      <Form.Item name="lines" label={t("lines")}>
        <Select mode="tags" open={false} suffixIcon={null} />
      </Form.Item>
      {(["famous", "uneven", "private"] as const).map((k) => (
        <Form.Item key={k} name={k} label={t(k === "private" ? "privateChats" : k)} valuePropName="checked">
          <Switch />
        </Form.Item>
      ))}
    </>
  );
}
