import { Button, Checkbox, Form, Input, Popover } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { useToast } from "@/ui";
import { t } from "./i18n";
import { API, type SavedView } from "./types";

/** Keeps the filters in sight as a named tab, for the person or the whole team, and takes tabs away. */
export function SaveViewButton({ query, views }: { query: Record<string, string>; views: SavedView[] }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [shared, setShared] = useState(true);
  const toast = useToast();
  const save = useSend<unknown, { name: string; query: string; shared: boolean }>("POST", `${API}/views`, [`${API}/views`]);
  const drop = useSend("DELETE", `${API}/views/{id}`, [`${API}/views`]);
  const any = Object.keys(query).length > 0;
  const submit = () =>
    save.mutate(
      { body: { name, query: new URLSearchParams(query).toString(), shared } },
      {
        onSuccess: () => {
          toast.done(t("viewSaved", { name }));
          setName("");
          setOpen(false);
        },
        onError: toast.failed,
      },
    );
  const mine = views.filter((v) => v.mine);
  if (!any && !mine.length) return null;
  const body = (
    <div style={{ width: 260 }}>
      {any ? (
        <Form onFinish={submit} layout="vertical">
          <Form.Item label={t("viewName")} style={{ marginBottom: 8 }}>
            <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={20} />
          </Form.Item>
          <Checkbox checked={shared} onChange={(e) => setShared(e.target.checked)}>
            {t("shared")}
          </Checkbox>
          <Button type="primary" htmlType="submit" size="small" disabled={!name.trim()} loading={save.isPending} style={{ float: "right" }}>
            {t("save")}
          </Button>
        </Form>
      ) : (
        <p className="k-muted">{t("noViews")}</p>
      )}
      {mine.length > 0 && (
        <div style={{ marginTop: 16, clear: "both" }}>
          {mine.map((v) => (
            <div key={v.id} style={{ display: "flex", justifyContent: "space-between", alignItems: "center" }}>
              <span>{v.name}</span>
              <Button
                type="link"
                size="small"
                onClick={() => drop.mutate({ path: { id: v.id } }, { onSuccess: () => toast.done(t("viewDropped", { name: v.name })), onError: toast.failed })}
              >
                {t("dropView")}
              </Button>
            </div>
          ))}
        </div>
      )}
    </div>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} content={body} placement="bottomLeft">
      <Button type="link" size="small">
        {any ? t("saveView") : t("manageViews")}
      </Button>
    </Popover>
  );
}
