import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input, InputNumber, Switch } from "antd";
import { useState } from "react";
import { asProblem, request, useGet, useRefresh } from "@/api";
import { ErrorState, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { fieldPath } from "./ProductForm";
import { API, type Line, type Settings } from "./types";
import { Strip } from "./words";

/** Channels, who may set prices, and product lines. */
export default function SettingsPage() {
  const set = useGet<Settings>(`${API}/settings`, undefined, { stale: 0 });
  const lines = useGet<{ items: Line[] }>(`${API}/lines`, undefined, { stale: 0 });
  return (
    <Page title={t("settings")} lead={t("settingsLead")}>
      <Strip />
      {set.error ? <ErrorState error={set.error} onRetry={() => void set.refetch()} /> : set.data && <Rules key={set.data.version} settings={set.data} />}
      {lines.data && <Lines key={JSON.stringify(lines.data.items)} lines={lines.data.items} />}
    </Page>
  );
}

function Rules({ settings }: { settings: Settings }) {
  const [form] = Form.useForm<Settings>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const save = async (v: Settings) => {
    setBusy(true);
    try {
      await request("PUT", `${API}/settings`, { body: { ...v, channels: v.channels.map((c) => ({ ...c, closed: c.closed ?? false })) }, ifMatch: `"${settings.version}"` });
      refresh(`${API}/`);
      toast.done(t("settingsSaved"));
    } catch (err) {
      const bad = asProblem(err).fields.map((f) => ({ name: fieldPath(f.location) as never, errors: [f.message] }));
      if (bad.length) form.setFields(bad);
      else toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const need = [{ required: true, message: t("required") }];
  return (
    <Section title={t("rules")} extra={<Button type="primary" size="small" loading={busy} onClick={() => form.submit()}>{t("save")}</Button>}>
      <Form<Settings> form={form} layout="vertical" requiredMark={false} initialValues={settings} onFinish={(v) => void save(v)}>
        <Form.Item name="region_prices" label={t("regionPrices")} extra={t("regionPricesHint")} valuePropName="checked">
          <Switch />
        </Form.Item>
        <div className="pr-row">
          <Form.Item name="stale_days" label={t("staleDays")} rules={need}>
            <InputNumber min={1} max={60} suffix={t("daysUnit")} />
          </Form.Item>
          <Form.Item name="watch_days" label={t("watchDays")} rules={need}>
            <InputNumber min={1} max={365} suffix={t("daysUnit")} />
          </Form.Item>
        </div>
        <Form.List name="channels">
          {(rows, { add }) => (
            <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
              <legend>{t("channels")}</legend>
              {rows.map((r) => {
                const old = r.name < settings.channels.length;
                return (
                  <div key={r.key} className="pr-row">
                    <Form.Item name={[r.name, "name"]} rules={need}>
                      <Input aria-label={t("channelName")} maxLength={30} style={{ width: 200 }} />
                    </Form.Item>
                    <Form.Item name={[r.name, "key"]} rules={need}>
                      <Input aria-label={t("channelKey")} placeholder={t("channelKey")} maxLength={30} disabled={old} style={{ width: 200 }} />
                    </Form.Item>
                    <Form.Item name={[r.name, "closed"]} getValueProps={(closed: boolean) => ({ checked: !closed })} normalize={(open: boolean) => !open}>
                      <Switch checkedChildren={t("closedOff")} unCheckedChildren={t("closedOn")} aria-label={t("closedOff")} />
                    </Form.Item>
                  </div>
                );
              })}
              <Button size="small" icon={<PlusOutlined />} onClick={() => add({ key: "", name: "", closed: false })}>
                {t("addChannel")}
              </Button>
            </fieldset>
          )}
        </Form.List>
      </Form>
    </Section>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  const [form] = Form.useForm<{ lines: Line[] }>();
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const save = async (v: { lines?: Line[] }) => {
    setBusy(true);
    try {
      await request("PUT", `${API}/lines`, { body: { items: (v.lines ?? []).map((l) => ({ id: l.id ?? null, name: l.name, products: 0 })) } });
      refresh(`${API}/`);
      toast.done(t("linesSaved"));
    } catch (err) {
      toast.failed(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("lines")} extra={<Button type="primary" size="small" loading={busy} onClick={() => form.submit()}>{t("save")}</Button>}>
      <Form form={form} layout="vertical" initialValues={{ lines }} onFinish={(v) => void save(v)}>
        <Form.List name="lines">
          {(rows, { add, remove }) => (
            <>
              {rows.map((r) => (
                <div key={r.key} className="pr-row">
                  <Form.Item name={[r.name, "id"]} hidden>
                    <Input />
                  </Form.Item>
                  <Form.Item name={[r.name, "name"]} rules={[{ required: true, message: t("required") }]}>
                    <Input aria-label={t("line")} maxLength={40} style={{ width: 260 }} />
                  </Form.Item>
                  <Button type="text" icon={<DeleteOutlined />} aria-label={t("remove")} onClick={() => remove(r.name)} />
                </div>
              ))}
              <Button size="small" icon={<PlusOutlined />} onClick={() => add({ name: "" })}>
                {t("addLine")}
              </Button>
            </>
          )}
        </Form.List>
      </Form>
    </Section>
  );
}
