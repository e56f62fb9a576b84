import { Button, Form, Input } from "antd";
import { Link } from "react-router";
import { useGet, useSend } from "@/api";
import { useMe, type Brand } from "@/app/session";
import { comma } from "@/i18n/format";
import { Facts, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";

/** What the name or bio of a related account holds; set where it is used. */
function BrandWords() {
  const got = useGet<{ words: string[] }>("/api/v1/account/words");
  return <Link to="/matrix/unofficial">{got.data?.words.join(comma()) ?? "…"}</Link>;
}

/** The brand's name. */
export default function BrandSettings() {
  const me = useMe();
  const toast = useToast();
  const save = useSend<Brand, { name: string }>("PATCH", "/api/v1/identity/brand", ["/api/v1/identity/me"]);
  return (
    <Page title={t("brandTitle")}>
      <Section>
        <Form
          layout="vertical"
          requiredMark={false}
          initialValues={{ name: me.brand.name }}
          onFinish={(body: { name: string }) => save.mutate({ body }, { onSuccess: (b) => toast.done(t("brandSaved", { name: b.name })), onError: toast.failed })}
          style={{ maxWidth: 420 }}
        >
          <Form.Item name="name" label={t("brandName")} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={60} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={save.isPending}>{t("save")}</Button>
        </Form>
      </Section>
      <Section>
        <Facts items={[{ label: t("slug"), value: me.brand.slug }, { label: t("zone"), value: me.brand.zone ?? "—" }, { label: t("brandWords"), value: <BrandWords /> }]} />
      </Section>
    </Page>
  );
}
