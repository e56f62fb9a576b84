import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { request, useGet, useRefresh, type Problem } from "@/api";
import { Drawer, options, platformName, PLATFORMS, useToast } from "@/ui";
import { t } from "./i18n";
import type { Layouts, MapColumn, Mapping } from "./types";

interface Draft {
  name: string;
  platform?: string;
  grain: string;
  columns: MapColumn[];
}

const GRAINS = ["post", "account_day", "live"];
const UNITS: Record<string, string[]> = { ratio: ["", "percent", "fraction"], duration: ["", "s", "min", "h", "ms"], count: ["", "wan"], money: ["", "wan"] };

/** Makes or changes a mapping: start from a known table or pasted headers, then say what each column means. */
export function MappingEditor({ of: m, onClose }: { of: Mapping | null; onClose: () => void }) {
  const [form] = Form.useForm<Draft>();
  const [paste, setPaste] = useState("");
  const [saving, setSaving] = useState(false);
  const toast = useToast();
  const refresh = useRefresh();
  const got = useGet<Layouts>("/api/v1/reflow/layouts");
  const layouts = (got.data?.layouts ?? []).filter((l) => l.columns.length > 0 && GRAINS.includes(l.grain));
  const known = new Map(layouts.flatMap((l) => l.columns.map((c) => [c.header, c.field] as const)));

  const start = (kind: string) => {
    const l = layouts.find((x) => x.kind === kind);
    if (l) form.setFieldsValue({ platform: l.platform || undefined, grain: l.grain, columns: l.columns });
  };
  const fill = () => {
    const heads = [...new Set(paste.split(/[\t,，;\n]+/).map((h) => h.trim()).filter(Boolean))];
    form.setFieldsValue({ columns: heads.map((header) => ({ header, field: known.get(header) ?? "" })) });
    setPaste("");
  };
  const save = async (d: Draft) => {
    setSaving(true);
    try {
      const body = { ...d, columns: (d.columns ?? []).filter((c) => c.header && c.field) };
      await request(m ? "PUT" : "POST", m ? `/api/v1/reflow/mappings/${m.id}` : "/api/v1/reflow/mappings", { body, ifMatch: m ? `"${m.version}"` : undefined });
      refresh("/api/v1/reflow/mappings");
      toast.done(t("saved", { name: d.name }));
      onClose();
    } catch (err) {
      showFaults(err as Problem);
      toast.failed(err);
    } finally {
      setSaving(false);
    }
  };
  const showFaults = (p: Problem) => {
    const name = p.fault?.("name");
    if (name) form.setFields([{ name: "name", errors: [name] }]);
  };
  return (
    <Drawer
      open
      width={760}
      onClose={onClose}
      title={m ? m.name : t("add")}
      loading={got.isPending}
      error={got.error}
      footer={
        <Button type="primary" loading={saving} onClick={() => form.submit()}>
          {t("save")}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={m ?? { grain: "post", columns: [] }} onFinish={(d) => void save(d)}>
        <Form.Item name="name" label={t("name")} rules={[{ required: true, max: 60, message: t("required") }]}>
          <Input placeholder={t("nameHint")} />
        </Form.Item>
        <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 16 }}>
          <Form.Item name="grain" label={t("grain")}>
            <Select options={options(GRAINS, (g) => t.slug("grain", g))} />
          </Form.Item>
          <Form.Item name="platform" label={t("platformPick")}>
            <Select allowClear placeholder={t("anyPlatform")} options={options(PLATFORMS, platformName)} />
          </Form.Item>
        </div>
        {!m && (
          <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 16 }}>
            <Form.Item label={t("startFrom")}>
              <Select aria-label={t("startFrom")} options={layouts.map((l) => ({ value: l.kind, label: t.slug("kind", l.kind) }))} onChange={start} />
            </Form.Item>
            <Form.Item label={t("paste")}>
              <Input.Search aria-label={t("paste")} value={paste} onChange={(e) => setPaste(e.target.value)} placeholder={t("pasteHint")} enterButton={t("pasteDo")} onSearch={fill} />
            </Form.Item>
          </div>
        )}
        <Columns layouts={got.data} />
      </Form>
    </Drawer>
  );
}

/** The rows header → meaning → unit. */
function Columns({ layouts }: { layouts?: Layouts }) {
  const fields = layouts?.fields ?? [];
  const types = new Map(fields.map((f) => [f.field, f.type]));
  const choices = fields.map((f) => ({ value: f.field, label: t.slug("field", f.field) })).filter((f) => f.label !== "—");
  return (
    <Form.List name="columns">
      {(rows, { add, remove }) => (
        <>
          {rows.map((r) => (
            <div key={r.key} style={{ display: "grid", gridTemplateColumns: "1fr 1fr 130px 32px", gap: 8 }}>
              <Form.Item name={[r.name, "header"]} style={{ marginBottom: 8 }} rules={[{ required: true, message: t("required") }]}>
                <Input aria-label={t("header")} placeholder={t("header")} />
              </Form.Item>
              <Form.Item name={[r.name, "field"]} style={{ marginBottom: 8 }}>
                <Select aria-label={t("means")} showSearch={{ optionFilterProp: "label" }} allowClear placeholder={t("means")} options={choices} />
              </Form.Item>
              <Form.Item noStyle shouldUpdate>
                {(f) => {
                  const units = UNITS[types.get((f.getFieldValue(["columns", r.name, "field"]) as string) ?? "") ?? ""];
                  return units ? (
                    <Form.Item name={[r.name, "unit"]} style={{ marginBottom: 8 }}>
                      <Select aria-label={t("unit")} placeholder={t("unit")} options={options(units, (u) => t.slug("unit", u))} popupMatchSelectWidth={false} />
                    </Form.Item>
                  ) : (
                    <span />
                  );
                }}
              </Form.Item>
              <Button type="text" aria-label={t("dropColumn")} onClick={() => remove(r.name)}>
                ×
              </Button>
            </div>
          ))}
          <Button type="dashed" block onClick={() => add({ header: "", field: undefined })}>
            {t("addColumn")}
          </Button>
        </>
      )}
    </Form.List>
  );
}
