import { DownOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useSend } from "@/api";
import { t } from "./i18n";
import { useMe } from "./session";

/** The brand at the screen; a menu when the person works for several. */
export function BrandSwitch() {
  const me = useMe();
  const { message } = App.useApp();
  const change = useSend("POST", "/api/v1/identity/switch");
  const others = me.brands ?? [];
  if (others.length < 2) return <strong className="k-hide-narrow">{me.brand.name}</strong>;
  const go = (id: string) => {
    if (id === me.brand.id) return;
    const hide = message.loading(t("switching"), 0);
    change.mutate(
      { body: { brand_id: id } },
      {
        onSuccess: () => location.assign("/"), // nothing of the old brand may stay in memory
        onError: (p) => void message.error(p.message),
        onSettled: hide,
      },
    );
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items: others.map((b) => ({ key: b.id, label: b.name })), selectedKeys: [me.brand.id], onClick: ({ key }) => go(key) }}
    >
      <Button type="text" aria-label={t("brandSwitch")} loading={change.isPending}>
        <strong>{me.brand.name}</strong> <DownOutlined />
      </Button>
    </Dropdown>
  );
}
