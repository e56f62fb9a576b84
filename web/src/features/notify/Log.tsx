import { App, Button } from "antd";
import { Link } from "react-router";
import { request, useGet, useRefresh, type PageOf } from "@/api";
import { useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { semicolon } from "@/i18n/format";
import { DataTable, EmptyState, RelTime, StatusTag, UnitPath, useToast, type Bulk, type Column, type Tone } from "@/ui";
import { t } from "./i18n";
import { API, STATES, type Delivery, type Kind, type State } from "./types";

const TONES: Record<State, Tone> = { queued: "plain", sending: "plain", sent: "good", failed: "bad", skipped: "off", unknown: "warn" };

/** What there is to say about a delivery beside its state. */
export function whyText(d: Delivery): string {
  const parts = [d.words];
  if (d.state === "failed" && d.tries > 1) parts.push(t("gaveUp", { n: d.tries }));
  if (d.state === "queued" && d.tries > 0) parts.push(t("nextTry", { n: d.tries }));
  return parts.filter(Boolean).join(semicolon());
}

const name = (d: Delivery) => (d.target || (d.channel === "robot" ? t("removed") : "—")) + (d.channel === "robot" ? t("people", { n: d.people }) : "");

const columns: Column<Delivery>[] = [
  { key: "kind", title: t("kind"), fixed: true, render: (d) => d.kind_name, plain: (d) => d.kind_name },
  { key: "channel", title: t("channel"), width: 110, render: (d) => t(`channel.${d.channel}`), plain: (d) => t(`channel.${d.channel}`) },
  { key: "target", title: t("target"), width: 180, render: name, plain: name },
  { key: "unit", title: t("unit"), width: 160, render: (d) => <UnitPath unit={d.unit_id} short /> },
  { key: "state", title: t("state"), width: 100, render: (d) => <StatusTag tone={TONES[d.state]}>{t(`state.${d.state}`)}</StatusTag>, plain: (d) => t(`state.${d.state}`) },
  {
    key: "why",
    title: t("why"),
    width: 320,
    render: (d) => (
      <span style={{ whiteSpace: "normal" }}>
        {whyText(d) || "—"}
        {d.detail && <span className="k-muted"> {d.detail}</span>}
      </span>
    ),
    plain: (d) => [whyText(d), d.detail].filter(Boolean).join(" "),
  },
  { key: "due", title: t("due"), width: 130, render: (d) => <RelTime value={d.due} />, plain: (d) => d.due },
  { key: "done", title: t("done"), width: 130, render: (d) => <RelTime value={d.done_at} />, plain: (d) => d.done_at },
  { key: "created", title: t("created"), width: 130, hidden: true, render: (d) => <RelTime value={d.created_at} />, plain: (d) => d.created_at },
  { key: "tries", title: t("tries"), width: 80, hidden: true, align: "right", render: (d) => d.tries, plain: (d) => d.tries },
];

/** Every delivery by mail, SMS and robot, and sending again what did not arrive. */
export function Log({ unit }: { unit: string }) {
  const can = useCan();
  const again = useAgain();
  const kinds = useGet<PageOf<Kind>>(`${API}/kinds`);
  const [target, setTarget] = useUrlState("target");
  const [who, setWho] = useUrlState("who");
  return (
    <DataTable<Delivery>
      id="notify.deliveries"
      path={`${API}/deliveries`}
      params={{ unit: unit || undefined, target: target || undefined }}
      columns={columns}
      rowKey={(d) => d.id}
      onOpen={(d) => {
        setTarget(d.target_id);
        setWho(d.target);
      }}
      views={[
        { key: "all", label: t("viewAll"), query: {} },
        { key: "failed", label: t("state.failed"), query: { state: "failed" } },
        { key: "unknown", label: t("state.unknown"), query: { state: "unknown" } },
      ]}
      filters={[
        { key: "channel", type: "select", label: t("channel"), options: (["mail", "sms", "robot"] as const).map((value) => ({ value, label: t(`channel.${value}`) })) },
        { key: "state", type: "select", label: t("state"), options: STATES.map((value) => ({ value, label: t(`state.${value}`) })) },
        { key: "kind", type: "select", label: t("kind"), width: 160, options: (kinds.data?.items ?? []).map((k) => ({ value: k.kind, label: k.name })) },
      ]}
      extra={
        target && (
          <Button
            size="small"
            onClick={() => {
              setTarget("");
              setWho("");
            }}
          >
            {t("onlyThis", { name: who || "—" })} ×
          </Button>
        )
      }
      bulk={can("notify.robots") ? again : undefined}
      exportName={t("tabLog")}
      empty={<EmptyState title={t("logNone")} text={t("logNoneText")} action={<ToChannels />} />}
    />
  );
}

/** Where one begins: a mail server, or a robot of the own group. */
function ToChannels() {
  const can = useCan();
  const tab = can("notify.settings") ? "channels" : can("notify.robots") ? "robots" : "";
  if (!tab) return null;
  return (
    <Link to={`/settings/channels?tab=${tab}`}>
      <Button type="primary">{t(tab === "channels" ? "setChannels" : "robotAdd")}</Button>
    </Link>
  );
}

function useAgain(): Bulk<Delivery>[] {
  const toast = useToast();
  const refresh = useRefresh();
  const { modal } = App.useApp();
  const send = async (rows: Delivery[]) => {
    const got = await request<{ queued: number }>("POST", `${API}/deliveries/again`, { body: { ids: rows.slice(0, 200).map((d) => d.id) } });
    refresh(`${API}/deliveries`);
    toast.done(t("againDone", { n: got.queued }));
  };
  const may = (d: Delivery) => d.state === "failed" || d.state === "skipped" || d.state === "unknown";
  return [
    {
      key: "again",
      label: t("again"),
      blocked: (rows) => (rows.every(may) ? undefined : t("againOnly")),
      run: (rows) => {
        const unsure = rows.filter((d) => d.state === "unknown").length;
        if (!unsure) return send(rows);
        return new Promise<unknown>((resolve, reject) =>
          modal.confirm({
            title: t("againAsk", { n: rows.length }),
            content: t("againUnknown", { n: unsure }),
            okText: t("again"),
            cancelText: t("cancel"),
            onOk: () => send(rows).then(resolve, reject),
            onCancel: () => resolve(false),
          }),
        );
      },
    },
  ];
}
