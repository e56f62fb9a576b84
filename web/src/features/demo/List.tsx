import { Page, DataTable, Drawer, Facts, Num, PlatformGlyph, StatusTag, scoreTone, UnitPath, RelTime, PLATFORMS, platformName, options, metricName, useToast, UnitSelect } from "@/ui";
import { useScope } from "@/app/scope";
import { useState } from "react";
import { Button } from "antd";
import { t } from "./i18n";
interface Row { id: string; name: string; platform: string; unit_id: string; views: number; delta: number; score: number; at: string }
export default function List() {
  const { query } = useScope();
  const [open, setOpen] = useState<Row | null>(null);
  const toast = useToast();
  return (
    <Page title={metricName("accounts")} lead={t("lead")} actions={<Button type="primary" onClick={() => toast.undoable(t("lead"), () => {})}>{t("name")}</Button>}>
      <DataTable<Row> id="demo.rows" path="/api/v1/demo/rows" params={query} rowKey={(r) => r.id} onOpen={setOpen} total={120} defaultSort="-views"
        filters={[{ key: "q", label: t("name"), type: "search" }, { key: "platform", label: metricName("accounts"), type: "select", options: options(PLATFORMS, platformName) }, { key: "kind", label: metricName("posts"), type: "multi", options: options(PLATFORMS, platformName) }]}
        views={[{ key: "dy", label: platformName("douyin"), query: { platform: "douyin" } }]}
        bulk={[{ key: "a", label: t("name"), run: () => toast.done(t("lead")) }]}
        columns={[
          { key: "name", title: t("name"), fixed: true, render: (r) => r.name, plain: (r) => r.name, sort: "name" },
          { key: "p", title: metricName("accounts"), render: (r) => <PlatformGlyph platform={r.platform} />, plain: (r) => platformName(r.platform) },
          { key: "u", title: metricName("posts"), render: (r) => <UnitPath unit={r.unit_id} short /> },
          { key: "v", title: metricName("views"), align: "right", sort: "views", sortFirst: "desc", render: (r) => <Num value={r.views} />, plain: (r) => r.views },
          { key: "d", title: metricName("followers_delta"), align: "right", render: (r) => <Num value={r.delta} sign /> },
          { key: "s", title: metricName("active"), render: (r) => <StatusTag tone={scoreTone(r.score)}>{String(r.score)}</StatusTag> },
          { key: "t", title: metricName("lives"), render: (r) => <RelTime value={r.at} /> },
          { key: "h", title: metricName("leads"), hidden: true, render: () => null },
        ]} />
      <Drawer open={!!open} onClose={() => setOpen(null)} title={open?.name}>
        <Facts items={[{ label: t("name"), value: open?.name }, { label: metricName("views"), value: <Num value={open?.views} /> }, { label: metricName("leads"), value: null }]} />
        <UnitSelect value={open?.unit_id} />
      </Drawer>
    </Page>
  );
}
