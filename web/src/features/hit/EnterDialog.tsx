import { DatePicker, Form, Input, InputNumber, Modal, Radio } from "antd";
import type { Dayjs } from "dayjs";
import { asProblem, useSend } from "@/api";
import { useToast } from "@/ui";
import { t } from "./i18n";
import { API, KINDS, type Kind } from "./types";
import "./hit.css";

interface Values {
  link: string;
  kind: Kind;
  title?: string;
  author?: string;
  followers?: number | null;
  published?: Dayjs | null;
  views?: number | null;
  likes?: number | null;
  comments?: number | null;
  saves?: number | null;
  shares?: number | null;
  note?: string;
}

const FIGURES = ["views", "likes", "comments", "saves", "shares"] as const;

/** A post seen elsewhere, by its link; figures only where they can be seen. */
export function EnterDialog({ onClose, onEntered }: { onClose: () => void; onEntered: (id: string) => void }) {
  const [form] = Form.useForm<Values>();
  const toast = useToast();
  const send = useSend<{ id: string; known: boolean }>("POST", `${API}/hits`, [`${API}/`]);
  const ok = (v: Values) =>
    send.mutate(
      { body: { ...v, title: v.title ?? "", author: v.author ?? "", note: v.note ?? "", published: v.published?.format("YYYY-MM-DD") ?? null } },
      {
        onSuccess: (got) => {
          toast.done(t(got.known ? "knownAlready" : "entered"));
          onEntered(got.id);
        },
        onError: (err) => {
          const p = asProblem(err);
          const names = ["link", "kind", "title", "author", "followers", "published", "note", ...FIGURES] as const;
          const faults = names.flatMap((name) => (p.fault(name) ? [{ name, errors: [p.fault(name) as string] }] : []));
          if (faults.length) form.setFields(faults);
          else toast.failed(err);
        },
      },
    );
  return (
    <Modal open title={t("enter")} width={640} onCancel={onClose} okText={t("save")} cancelText={t("cancel")} confirmLoading={send.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" initialValues={{ kind: "competitor" }} onFinish={ok} requiredMark={false}>
        <Form.Item name="link" label={t("link")} extra={t("linkHint")}>
          <Input.TextArea autoFocus rows={2} maxLength={4000} />
        </Form.Item>
        <Form.Item name="kind" label={t("kind")}>
          <Radio.Group optionType="button" options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="title" label={t("postTitle")} extra={t("postTitleHint")}>
          <Input maxLength={500} />
        </Form.Item>
        <div className="ht-cols">
          <Form.Item name="author" label={t("author")}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="followers" label={t("followers")}>
            <InputNumber min={0} precision={0} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="published" label={t("published")}>
            <DatePicker style={{ width: "100%" }} />
          </Form.Item>
          {FIGURES.map((k) => (
            <Form.Item key={k} name={k} label={t(k === "views" ? "metric.views" : `given.${k}`)}>
              <InputNumber min={0} precision={0} style={{ width: "100%" }} />
            </Form.Item>
          ))}
        </div>
        <p className="k-muted">{t("figuresHint")}</p>
        <Form.Item name="note" label={t("note")}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
