import { Alert, Button, DatePicker, Form, Input, Modal, Radio } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { asProblem, useSend } from "@/api";
import { UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { MarkedText } from "./MarkedText";
import { API, type Found } from "./types";

interface Values {
  title: string;
  terms: string;
  except?: string;
  action: "take_down" | "edit";
  reason: string;
  article?: string;
  unit?: string;
  due: Dayjs;
}

/** What a recall may start from: a rule of the risk pages. */
export interface Seed {
  title?: string;
  terms?: string[];
  except?: string[];
  rule?: string;
  reason?: string;
  article?: string;
}

const lines = (text = ""): string[] => text.split("\n").map((x) => x.trim()).filter(Boolean);

/** Opens a recall; what it would find can be seen before. */
export function NewRecall({ seed, onClose, onOpened }: { seed?: Seed; onClose: () => void; onOpened: (id: string) => void }) {
  const [form] = Form.useForm<Values>();
  const toast = useToast();
  const [found, setFound] = useState<Found>();
  const look = useSend<Found, { terms: string[]; except: string[]; unit: string }>("POST", `${API}/preview`);
  const open = useSend<{ id: string }>("POST", `${API}/recalls`, [`${API}/`]);
  const failed = (err: unknown) => {
    const fields = asProblem(err).fields.map((f) => ({ name: f.location.replace(/^body\./, "").split(".")[0] as keyof Values, errors: [f.message] }));
    if (fields.length) form.setFields(fields);
    else toast.failed(err);
  };
  const preview = () => {
    const v = form.getFieldsValue();
    setFound(undefined);
    look.mutate({ body: { terms: lines(v.terms), except: lines(v.except), unit: v.unit ?? "" } }, { onSuccess: setFound, onError: failed });
  };
  const send = (v: Values) =>
    open.mutate(
      {
        body: {
          title: v.title, terms: lines(v.terms), except: lines(v.except), rule_id: seed?.rule ?? "", action: v.action, reason: v.reason,
          article: v.article ?? "", unit: v.unit ?? "", due: v.due.format("YYYY-MM-DD"),
        },
      },
      { onSuccess: (r) => { toast.done(t("sent", { title: v.title })); onOpened(r.id); }, onError: failed },
    );
  const need = [{ required: true, message: t("required") }];
  return (
    <Modal open title={t("add")} width={640} onCancel={onClose} onOk={() => form.submit()} okText={t("send")} cancelText={t("cancel")} confirmLoading={open.isPending}>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          title: seed?.title, terms: seed?.terms?.join("\n"), except: seed?.except?.join("\n"), reason: seed?.reason, article: seed?.article,
          action: "take_down", due: dayjs().add(3, "day"),
        }}
        onFinish={send}
        onValuesChange={(v: Partial<Values>) => ("terms" in v || "except" in v || "unit" in v) && setFound(undefined)}
      >
        <Form.Item name="terms" label={t("terms")} extra={t("termsHint")} rules={need}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} autoFocus />
        </Form.Item>
        <Form.Item name="except" label={t("except")} extra={t("exceptHint")}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />
        </Form.Item>
        <Form.Item name="unit" label={t("unit")}>
          <UnitSelect allowClear placeholder={t("unitAll")} />
        </Form.Item>
        <div style={{ marginBottom: 16 }}>
          <Button onClick={preview} loading={look.isPending}>
            {t("look")}
          </Button>
          {found && <Seen found={found} />}
        </div>
        <Form.Item name="title" label={t("name")} rules={[...need, { max: 60 }]}>
          <Input placeholder={t("nameHint")} maxLength={60} />
        </Form.Item>
        <Form.Item name="reason" label={t("reason")} rules={need}>
          <Input.TextArea rows={2} maxLength={500} placeholder={t("reasonHint")} />
        </Form.Item>
        <Form.Item name="article" label={t("article")}>
          <Input placeholder={t("articleHint")} maxLength={200} />
        </Form.Item>
        <Form.Item name="action" label={t("action")}>
          <Radio.Group optionType="button" options={(["take_down", "edit"] as const).map((value) => ({ value, label: t(`action.${value}`) }))} />
        </Form.Item>
        <Form.Item name="due" label={t("due")} rules={need}>
          <DatePicker style={{ width: "100%" }} disabledDate={(d) => d.isBefore(dayjs(), "day")} allowClear={false} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Seen({ found }: { found: Found }) {
  return (
    <Alert
      style={{ marginTop: 8 }}
      type={found.found ? "warning" : "info"}
      title={found.found ? t("lookText", { looked: found.looked, found: found.found, accounts: found.accounts }) : t("lookNone", { looked: found.looked })}
      description={
        <>
          {!found.whole && <p>{t("lookPart")}</p>}
          {found.samples.length > 0 && (
            <ul className="r-samples">
              {found.samples.map((s, i) => (
                <li key={i}>
                  <MarkedText text={s.content} spans={s.spans} /> <span className="k-muted">@{s.account.handle}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      }
    />
  );
}
