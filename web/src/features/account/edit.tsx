import { Checkbox, Form, Input, Select } from "antd";
import { useSend } from "@/api";
import { ACCOUNT_KINDS, accountKindName, options, ownershipName, platformName, PLATFORMS, UnitSelect, useToast } from "@/ui";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { Ask, need, type DialogProps } from "./dialogs";
import { t } from "./i18n";
import { MemberSelect } from "./parts";
import { API, LEVELS, OWNERSHIPS, type Account } from "./types";

interface Draft {
  platform: string;
  handle: string;
  name?: string;
  external_id?: string;
  kind: string;
  unit: string;
  member_id?: string;
  ownership: string;
  verified?: boolean;
  poi?: string;
  level?: string;
}

/** Registers one account by hand. */
export function CreateDialog({ unit, onClose, onDone }: { unit?: string; onClose: () => void; onDone: (a: Account) => void }) {
  const send = useSend<Account, Draft>("POST", `${API}/accounts`, [`${API}/`, "/api/v1/org/"]);
  const toast = useToast();
  return (
    <Ask<Draft>
      title={t("createTitle")}
      width={620}
      initial={{ kind: "employee", ownership: "personal", unit: unit || undefined }}
      onClose={onClose}
      send={async (v) => {
        const a = await send.mutateAsync({ body: { ...v, member_id: v.member_id || undefined } });
        toast.done(t("createdToast", { handle: a.handle }));
        onDone(a);
      }}
    >
      <Pair>
        <Form.Item name="platform" label={t("platform")} rules={need()}>
          <Select options={options(PLATFORMS, platformName)} />
        </Form.Item>
        <Form.Item name="handle" label={t("handle")} rules={need()}>
          <Input maxLength={120} autoComplete="off" />
        </Form.Item>
      </Pair>
      <Shared />
      <Form.Item name="member_id" label={t("member")}>
        <MemberSelect />
      </Form.Item>
    </Ask>
  );
}

/** Edits an account; refuses when somebody was faster. */
export function EditDialog({ account: a, onClose }: DialogProps) {
  const send = useSend<Account>("PATCH", `${API}/accounts/${a.id}`, [`${API}/`, "/api/v1/org/"]);
  const toast = useToast();
  return (
    <Ask<Draft>
      title={t("editTitle", { handle: a.handle })}
      width={620}
      initial={{ handle: a.handle, name: a.name, external_id: a.external_id, kind: a.kind, unit: a.unit.id, ownership: a.ownership, verified: a.verified, poi: a.poi, level: a.level }}
      onClose={onClose}
      send={async (v) => {
        await send.mutateAsync({ body: { ...v, level: v.level ?? "", rev: a.rev } });
        toast.done(t("saved", { handle: v.handle }));
      }}
    >
      <Form.Item name="handle" label={t("handle")} rules={need()}>
        <Input maxLength={120} autoComplete="off" />
      </Form.Item>
      <Shared />
    </Ask>
  );
}

function Pair({ children }: { children: React.ReactNode }) {
  return <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", columnGap: 16 }}>{children}</div>;
}

function Shared() {
  return (
    <>
      <Pair>
        <Form.Item name="name" label={t("name")}>
          <CheckedText field="name" kind="profile" rows={1} maxLength={120} />
        </Form.Item>
        <Form.Item name="external_id" label={t("externalId")}>
          <Input maxLength={120} autoComplete="off" />
        </Form.Item>
        <Form.Item name="kind" label={t("kind")} rules={need()}>
          <Select options={options(ACCOUNT_KINDS, accountKindName)} />
        </Form.Item>
        <Form.Item name="ownership" label={t("ownership")} rules={need()}>
          <Select options={options(OWNERSHIPS, ownershipName)} />
        </Form.Item>
        <Form.Item name="unit" label={t("unit")} rules={need()}>
          <UnitSelect style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="level" label={t("level")}>
          <Select allowClear options={options(LEVELS, (s) => t.slug("level", s))} placeholder={t("level.")} />
        </Form.Item>
      </Pair>
      <Form.Item name="poi" label={t("poi")}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="verified" valuePropName="checked">
        <Checkbox>{t("verified")}</Checkbox>
      </Form.Item>
    </>
  );
}
