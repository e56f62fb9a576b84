import { PlusOutlined } from "@ant-design/icons";
import { Button, Popconfirm } from "antd";
import { useState } from "react";
import { useSend } from "@/api";
import { DataTable, EmptyState, StatusTag, UnitPath, useToast, type Column } from "@/ui";
import { t } from "./i18n";
import { RobotDialog } from "./RobotDialog";
import { Outcome } from "./TestBar";
import { API, type Robot, type Tested } from "./types";

const PATH = `${API}/robots`;

/** The group robots of the units one manages. */
export default function Robots() {
  const [editing, setEditing] = useState<Robot | "new" | null>(null);
  const [tested, setTested] = useState<Tested | null>(null);
  const toast = useToast();
  const test = useSend<Tested>("POST", `${PATH}/{id}/test`);
  const remove = useSend("DELETE", `${PATH}/{id}`, [PATH]);
  const columns: Column<Robot>[] = [
    { key: "name", title: t("robotName"), fixed: true, render: (r) => <b>{r.name}</b>, plain: (r) => r.name },
    { key: "vendor", title: t("robotVendor"), width: 110, render: (r) => t(`vendor.${r.vendor}`), plain: (r) => t(`vendor.${r.vendor}`) },
    { key: "unit", title: t("robotUnit"), width: 180, render: (r) => <UnitPath unit={r.unit_id} short /> },
    { key: "kinds", title: t("robotKinds"), width: 120, render: (r) => t("kindsN", { n: r.kinds.length }), plain: (r) => r.kinds.length },
    { key: "on", title: t("state"), width: 90, render: (r) => <StatusTag tone={r.on ? "good" : "off"}>{r.on ? t("on") : t("off")}</StatusTag>, plain: (r) => (r.on ? t("on") : t("off")) },
    {
      key: "act",
      title: "",
      width: 220,
      render: (r) => (
        <span style={{ display: "flex", gap: 8 }}>
          <Button
            size="small"
            loading={test.isPending && test.variables.path?.id === r.id}
            onClick={() => test.mutate({ path: { id: r.id } }, { onSuccess: setTested, onError: toast.failed })}
          >
            {t("robotTest")}
          </Button>
          <Button size="small" onClick={() => setEditing(r)}>
            {t("robotEdit")}
          </Button>
          <Popconfirm
            title={t("robotRemoveAsk", { name: r.name })}
            okText={t("robotRemove")}
            cancelText={t("cancel")}
            onConfirm={() => remove.mutate({ path: { id: r.id } }, { onSuccess: () => toast.done(t("robotRemoved", { name: r.name })), onError: toast.failed })}
          >
            <Button size="small" danger>
              {t("robotRemove")}
            </Button>
          </Popconfirm>
        </span>
      ),
    },
  ];
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing("new")}>
      {t("robotAdd")}
    </Button>
  );
  return (
    <>
      {tested && <Outcome tested={tested} />}
      <DataTable<Robot>
        id="notify.robots"
        path={PATH}
        columns={columns}
        rowKey={(r) => r.id}
        extra={add}
        empty={<EmptyState title={t("robotNone")} text={t("robotNoneText")} />}
      />
      {editing && <RobotDialog robot={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}
