import { CalendarOutlined } from "@ant-design/icons";
import { Button, Popover, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";
import { dayText } from "@/i18n/format";
import { t } from "./i18n";
import { PRESETS, presetOf, presetPeriod, useScope } from "./scope";

const SpanPick = lazy(() => import("./SpanPick"));

/** Chooses the days the pages show: ready-made spans or any other. */
export function PeriodPicker() {
  const { from, to, setPeriod } = useScope();
  const [open, setOpen] = useState(false);
  const preset = presetOf({ from, to });
  const text = preset ? t(preset) : `${dayText(from)} – ${dayText(to)}`;
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <div style={{ width: 280 }}>
          <div style={{ display: "flex", flexWrap: "wrap", gap: 8, marginBottom: 12 }}>
            {PRESETS.map((p) => (
              <Button
                key={p}
                size="small"
                type={p === preset ? "primary" : "default"}
                onClick={() => {
                  setPeriod(presetPeriod(p));
                  setOpen(false);
                }}
              >
                {t(p)}
              </Button>
            ))}
          </div>
          <div className="k-muted" style={{ marginBottom: 4 }}>
            {t("custom")}
          </div>
          <Suspense fallback={<Skeleton.Input block active />}>
            <SpanPick
              from={from}
              to={to}
              onPick={(p) => {
                setPeriod(p);
                setOpen(false);
              }}
            />
          </Suspense>
        </div>
      }
    >
      <Button icon={<CalendarOutlined />} aria-label={`${t("period")}: ${text}`} title={`${from} – ${to}`}>
        {text}
      </Button>
    </Popover>
  );
}
