import { Tabs } from "antd";
import { lazy, Suspense } from "react";
import { useGet, type PageOf } from "@/api";
import { useScope, useUrlState } from "@/app/scope";
import { useCan } from "@/app/session";
import { Page } from "@/ui";
import { t } from "./i18n";
import { Log } from "./Log";
import { API, type Count, type State } from "./types";

const ChannelForms = lazy(() => import("./ChannelForms"));
const Robots = lazy(() => import("./Robots"));
const Defaults = lazy(() => import("./Defaults"));

/** How people are told: what was sent, robots, mail and SMS, and how kinds come by default. */
export default function Channels() {
  const can = useCan();
  const { unit } = useScope();
  const [tab, setTab] = useUrlState("tab", "log");
  const counts = useGet<PageOf<Count>>(`${API}/deliveries/count`, { unit: unit || undefined });
  const sum = (s: State) => (counts.data?.items ?? []).filter((c) => c.state === s).reduce((n, c) => n + c.n, 0);
  const any = (counts.data?.items ?? []).length > 0;
  const tabs = [
    { key: "log", label: t("tabLog"), children: <Log unit={unit} /> },
    ...(can("notify.robots") ? [{ key: "robots", label: t("tabRobots"), children: <Robots /> }] : []),
    ...(can("notify.settings")
      ? [
          { key: "channels", label: t("tabChannels"), children: <ChannelForms /> },
          { key: "kinds", label: t("tabKinds"), children: <Defaults /> },
        ]
      : []),
  ];
  const lead = any ? t("logSentence", { sent: sum("sent"), queued: sum("queued") + sum("sending"), failed: sum("failed"), unknown: sum("unknown") }) : t("settingsLead");
  return (
    <Page title={t("settingsTitle")} lead={lead}>
      <Tabs
        activeKey={tab}
        onChange={setTab}
        destroyOnHidden
        items={tabs.map((x) => ({ ...x, children: <Suspense fallback={null}>{x.children}</Suspense> }))}
      />
    </Page>
  );
}
