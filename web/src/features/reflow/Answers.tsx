import { Button, DatePicker, Form, Input, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { options, platformName, PLATFORMS, Section, useToast } from "@/ui";
import { accountText } from "./Imports";
import { t } from "./i18n";
import type { Import, Mapping } from "./types";

interface Account {
  id: string;
  platform: string;
  handle: string;
  name: string;
  unit: { name: string };
  member?: { name: string } | null;
}

interface Said {
  account?: string;
  platform?: string;
  as_of: Dayjs;
  mapping?: string;
  post_title?: string;
}

/** What only a person knows about a file: whose figures, as of when, read how. */
export function Answers({ of: i }: { of: Import }) {
  const [form] = Form.useForm<Said>();
  const [dirty, setDirty] = useState(i.state === "waiting");
  const toast = useToast();
  const review = useSend<Import, Record<string, string>>("POST", `/api/v1/reflow/imports/${i.id}/review`, ["/api/v1/reflow/imports"]);
  const mappings = useGet<{ items: Mapping[] }>("/api/v1/reflow/mappings");
  const named = (i.understood?.accounts.length ?? 0) > 0;
  const submit = (v: Said) => {
    const body: Record<string, string> = {};
    if (v.as_of.valueOf() !== dayjs(i.as_of).valueOf()) body.as_of = v.as_of.toISOString();
    for (const k of ["account", "platform", "mapping", "post_title"] as const) if (v[k]) body[k] = v[k];
    review.mutate({ body }, { onSuccess: () => setDirty(false), onError: toast.failed });
  };
  if (i.kind === "roster") return null; // it names its accounts and has no moment
  return (
    <Section title={t("answers")}>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ account: i.account || undefined, as_of: dayjs(i.as_of), mapping: i.mapping || undefined, post_title: i.post_title, platform: i.needs === "platform" ? undefined : i.platform || undefined }}
        onValuesChange={() => setDirty(true)}
        onFinish={submit}
        style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(260px, 1fr))", gap: "0 16px", alignItems: "start" }}
      >
        <Form.Item name="account" label={t("accountPick")} rules={[{ required: i.needs === "account", message: t("required") }]}>
          <AccountSelect platform={i.platform} optional={named} />
        </Form.Item>
        <Form.Item name="as_of" label={t("asOf")} extra={t.slug("asOf", i.as_of_source)} tooltip={t("asOfHint")} rules={[{ required: true, message: t("required") }]}>
          <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" style={{ width: "100%" }} allowClear={false} disabledDate={(d) => d.isAfter(dayjs())} />
        </Form.Item>
        {i.needs === "platform" && (
          <Form.Item name="platform" label={t("platformPick")} rules={[{ required: true, message: t("required") }]}>
            <Select options={options(PLATFORMS, platformName)} />
          </Form.Item>
        )}
        {(i.needs === "post" || i.post_title) && (
          <Form.Item name="post_title" label={t("postTitle")} rules={[{ required: true, message: t("required") }]}>
            <Input maxLength={500} />
          </Form.Item>
        )}
        {(mappings.data?.items.length ?? 0) > 0 && (
          <Form.Item name="mapping" label={t("mapping")}>
            <Select allowClear placeholder={t("mappingAuto")} options={mappings.data?.items.map((m) => ({ value: m.name, label: m.name }))} />
          </Form.Item>
        )}
        <Form.Item label=" " colon={false}>
          <Button htmlType="submit" type={i.state === "waiting" ? "primary" : "default"} disabled={!dirty} loading={review.isPending}>
            {t("again")}
          </Button>
        </Form.Item>
      </Form>
    </Section>
  );
}

/** Finds an account by typing. Its value is PLATFORM:HANDLE. */
function AccountSelect(p: { platform: string; optional: boolean; value?: string; onChange?: (v?: string) => void; id?: string }) {
  const [q, setQ] = useState("");
  const got = useGet<{ items: Account[] }>("/api/v1/account/accounts", { q, platform: p.platform, limit: 20 }, { keep: true });
  const found = (got.data?.items ?? []).map((a) => ({
    value: `${a.platform}:${a.handle}`,
    label: [a.name || a.handle, a.name && a.name !== a.handle ? a.handle : "", a.member?.name, a.unit.name].filter(Boolean).join(" · "),
  }));
  if (p.value && !found.some((o) => o.value === p.value)) found.unshift({ value: p.value, label: accountText(p.value) });
  return (
    <Select
      id={p.id}
      showSearch={{ filterOption: false, onSearch: setQ }}
      allowClear={p.optional}
      placeholder={p.optional ? t("accountFrom") : t("accountHint")}
      value={p.value}
      onChange={p.onChange}
      options={found}
      loading={got.isFetching}
    />
  );
}
