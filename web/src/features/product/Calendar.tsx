import { Button, DatePicker, Form, Input, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { asProblem, request, useGet, useRefresh, type PageOf } from "@/api";
import { useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { aside, dayText, monthText, todayIn } from "@/i18n/format";
import { EmptyState, ErrorState, Page, StatusTag, useToast } from "@/ui";
import { t } from "./i18n";
import { API, LAUNCHES, policyText, type Item, type Launch, type Policy } from "./types";
import { Strip } from "./words";

interface Entry {
  day: string;
  key: string;
  what: string;
  product: string;
  label: string;
  launch?: Launch;
}

const MONTHS = 6;

/** The launch calendar, with the prices that begin or end, month by month. */
export default function Calendar() {
  const can = useCan();
  const [from, setFrom] = useUrlState("since", `${todayIn().slice(0, 7)}-01`);
  const to = dayjs(from).add(MONTHS, "month").subtract(1, "day").format("YYYY-MM-DD");
  const [edited, setEdited] = useState<Launch | "new">();
  const got = useGet<{ launches: Launch[]; policies: Policy[] }>(`${API}/calendar`, { from, to }, { keep: true });
  const months = [...Array(MONTHS).keys()].map((i) => dayjs(from).add(i, "month").format("YYYY-MM"));
  const entries = got.data ? entriesOf(got.data.launches, got.data.policies, from, to) : [];
  const add = can("product.write") ? (
    <Button type="primary" onClick={() => setEdited("new")}>
      {t("launchAdd")}
    </Button>
  ) : undefined;
  return (
    <Page
      title={t("calendar")}
      lead={t("calendarLead")}
      actions={
        <>
          <DatePicker picker="month" aria-label={t("month")} value={dayjs(from)} allowClear={false} onChange={(d) => d && setFrom(d.format("YYYY-MM-01"))} />
          {add}
        </>
      }
    >
      <Strip />
      {got.error && <ErrorState error={got.error} onRetry={() => void got.refetch()} />}
      {got.data && entries.length === 0 && <EmptyState title={t("calendarNone")} text={t("calendarNoneText")} action={add} />}
      <div className="pr-months">
        {months
          .map((m) => ({ m, list: entries.filter((e) => e.day.startsWith(m)) }))
          .filter((x) => x.list.length > 0)
          .map(({ m, list }) => (
            <section key={m} className="k-card pr-month">
              <div className="k-card-body">
                <h2>{monthText(m)}</h2>
                <ul>
                  {list.map((e) => (
                    <li key={e.key}>
                      <b className="k-num">{t("dayOf", { day: Number(e.day.slice(8)) })}</b>
                      <span>
                        {e.launch && can("product.write") ? (
                          <Button type="link" size="small" style={{ padding: 0, height: "auto", whiteSpace: "normal", textAlign: "left" }} onClick={() => setEdited(e.launch)}>
                            {e.what}
                          </Button>
                        ) : (
                          e.what
                        )}
                        <br />
                        <span className="k-muted">{e.product}</span>
                      </span>
                      <StatusTag tone={e.day < todayIn() ? "off" : e.launch ? "good" : "plain"}>{e.label}</StatusTag>
                    </li>
                  ))}
                </ul>
              </div>
            </section>
          ))}
      </div>
      {edited && <LaunchForm launch={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}

function entriesOf(launches: Launch[], policies: Policy[], from: string, to: string): Entry[] {
  const out: Entry[] = launches.map((l) => ({
    day: l.day < from ? from : l.day, key: l.id, what: l.end_day ? l.title + aside(`${dayText(l.day)} – ${dayText(l.end_day)}`) : l.title, product: l.product, label: t(`launch.${l.kind}`), launch: l,
  }));
  for (const p of policies) {
    const name = [p.product, p.sku, p.unit].filter(Boolean).join(" · ");
    if (p.from >= from && p.from <= to) out.push({ day: p.from, key: `${p.id}>`, what: policyText(p), product: name, label: t("begins", { kind: t(`kind.${p.kind}`) }) });
    if (p.to && p.to >= from && p.to <= to) out.push({ day: p.to, key: `${p.id}<`, what: policyText(p), product: name, label: t("ends", { kind: t(`kind.${p.kind}`) }) });
  }
  return out.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

interface Values {
  product_id: string;
  kind: Launch["kind"];
  days: [Dayjs, Dayjs | null];
  title: string;
  note?: string;
}

function LaunchForm({ launch: l, onClose }: { launch?: Launch; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const products = useGet<PageOf<Item>>(`${API}/products`, { limit: 200 });
  const run = async (job: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await job();
      refresh(`${API}/calendar`);
      toast.done(done);
      onClose();
    } catch (err) {
      const bad = asProblem(err).fields.map((f) => ({ name: (f.location.replace(/^body\./, "") === "end_day" ? "days" : f.location.replace(/^body\./, "")) as keyof Values, errors: [f.message] }));
      if (bad.length) form.setFields(bad);
      else toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const save = (v: Values) => {
    const [day, end] = v.days;
    const body = {
      product_id: v.product_id, kind: v.kind, title: v.title, note: v.note ?? "", day: day.format("YYYY-MM-DD"),
      end_day: end && !end.isSame(day, "day") ? end.format("YYYY-MM-DD") : null,
    };
    return run(() => request(l ? "PUT" : "POST", l ? `${API}/launches/${l.id}` : `${API}/launches`, { body }), t("launchSaved", { title: v.title }));
  };
  const need = [{ required: true, message: t("required") }];
  return (
    <Modal
      open
      title={l ? t("launchEdit") : t("launchAdd")}
      onCancel={onClose}
      footer={
        <>
          {l && (
            <Button danger disabled={busy} onClick={() => void run(() => request("DELETE", `${API}/launches/${l.id}`), t("launchDropped", { title: l.title }))}>
              {t("launchDrop")}
            </Button>
          )}
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="primary" loading={busy} onClick={() => form.submit()}>
            {t("save")}
          </Button>
        </>
      }
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(v) => void save(v)}
        initialValues={l ? { ...l, days: [dayjs(l.day), dayjs(l.end_day ?? l.day)] } : { kind: "launch", days: [dayjs(), dayjs()] }}
      >
        <Form.Item name="product_id" label={t("product")} rules={need}>
          <Select showSearch={{ optionFilterProp: "label" }} options={(products.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }))} />
        </Form.Item>
        <Form.Item name="kind" label={t("kind")}>
          <Select options={LAUNCHES.map((value) => ({ value, label: t(`launch.${value}`) }))} />
        </Form.Item>
        <Form.Item name="days" label={t("days")} rules={need}>
          <DatePicker.RangePicker allowEmpty={[false, true]} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="title" label={t("launchTitle")} rules={need}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="note" label={t("note")}>
          <Input.TextArea maxLength={300} autoSize={{ minRows: 2 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
