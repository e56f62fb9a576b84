import { DatePicker } from "antd";
import dayjs from "dayjs";
import { todayIn } from "@/i18n/format";
import { t } from "./i18n";
import type { Period } from "./scope";

/** Two days from the calendar, none in the future. */
export default function SpanPick({ from, to, onPick }: Period & { onPick: (p: Period) => void }) {
  const today = todayIn();
  return (
    <DatePicker.RangePicker
      style={{ width: "100%" }}
      allowClear={false}
      defaultValue={[dayjs(from), dayjs(to)]}
      disabledDate={(d) => d.format("YYYY-MM-DD") > today}
      placeholder={[t("dayFrom"), t("dayTo")]}
      onChange={(v) => v?.[0] && v[1] && onPick({ from: v[0].format("YYYY-MM-DD"), to: v[1].format("YYYY-MM-DD") })}
    />
  );
}
