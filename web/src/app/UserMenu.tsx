import { LogoutOutlined, MobileOutlined, SettingOutlined } from "@ant-design/icons";
import { Avatar, Button, Dropdown } from "antd";
import { useNavigate } from "react-router";
import { request } from "@/api";
import { t } from "./i18n";
import type { Entry } from "./routes";
import { personName, useMe } from "./session";

/** The person: own settings, the phone version, signing out. */
export function UserMenu({ entries }: { entries: Entry[] }) {
  const me = useMe();
  const navigate = useNavigate();
  const name = personName(me);
  const profile = entries.find((e) => e.label === "profile");
  const signOut = () =>
    void request("POST", "/api/v1/identity/logout")
      .catch(() => {}) // an ended session is signed out as well
      .finally(() => location.assign("/login"));
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "who", label: <span className="k-muted">{me.user.login || me.user.name}</span>, disabled: true },
          ...(profile ? [{ key: "profile", label: t("profile"), icon: <SettingOutlined />, onClick: () => void navigate(profile.path) }] : []),
          { key: "phone", label: t("phone"), icon: <MobileOutlined />, onClick: () => location.assign("/m") },
          { type: "divider" as const },
          { key: "out", label: t("signOut"), icon: <LogoutOutlined />, onClick: signOut },
        ],
      }}
    >
      <Button type="text" aria-label={`${t("userMenu")}: ${name}`} style={{ paddingInline: 6 }}>
        <Avatar size={24} style={{ background: "var(--k-accent)", color: "var(--k-card)", fontSize: 13 }}>
          {[...name][0]?.toUpperCase()}
        </Avatar>
        <span className="k-hide-narrow">{name}</span>
      </Button>
    </Dropdown>
  );
}
