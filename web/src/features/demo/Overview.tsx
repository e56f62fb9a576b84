import { Page, Section, FigureRow, Figure, Trend, Bars, metricName, PLATFORMS, platformName, EmptyState } from "@/ui";
import { useScopedLink } from "@/app/scope";

import { Button } from "antd";
import { t } from "./i18n";
const x = Array.from({ length: 30 }, (_, i) => `2026-11-${String(i + 1).padStart(2, "0")}`);
const a = { name: platformName("douyin"), platform: "douyin", values: x.map((_, i) => 12000 + i * 900 + (i % 5) * 3000) };
const b = { name: platformName("xiaohongshu"), platform: "xiaohongshu", values: x.map((_, i) => 22000 + i * 200 + (i % 7) * 2000) };
const c = { name: metricName("views"), quiet: true, values: x.map(() => 18000) };
export default function Overview() {
  const link = useScopedLink();
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button type="primary">{t("name")}</Button>}>
      <FigureRow>
        {["accounts", "active", "asleep", "abnormal", "posts", "lives", "views", "interactions", "followers_delta"].map((k, i) => (
          <Figure key={k} label={metricName(k)} as={k === "followers_delta" ? "signed" : "count"} lessIsBetter={i === 2} to={link("/matrix/accounts")} data={{ value: k === "lives" ? null : 312 * (i * i * 90 + 1), previous: i === 3 ? 0 : 280 * (i * i * 91 + 1), peer: 200, origins: ["file"], as_of: i % 2 ? "2026-11-21T10:32:00+08:00" : "2026-11-10T10:32:00+08:00" }} />
        ))}
      </FigureRow>
      <Section title={metricName("views")}>
        <Trend label={metricName("views")} x={x} series={[a, b, c]} notes={[{ at: "2026-11-11", text: t("name") }]} />
      </Section>
      <Section title={metricName("posts")}>
        <Bars label={metricName("posts")} sideways x={PLATFORMS.map(platformName)} series={[{ name: metricName("posts"), values: [5, 6, 7, 8, 9, 10, 23456] }]} />
      </Section>
      <Section><EmptyState action={<Button type="primary">{t("name")}</Button>} /></Section>
      
    </Page>
  );
}
