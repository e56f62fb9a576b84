import { ApartmentOutlined, CloseCircleFilled } from "@ant-design/icons";
import { Button, Popover, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";
import { t } from "./i18n";
import { useScope } from "./scope";
import { trail, useUnits } from "./units";

const UnitTreePick = lazy(() => import("./UnitTreePick"));

/** Chooses the unit whose subtree the pages show. */
export function ScopeSwitch() {
  const { unit, setUnit } = useScope();
  const units = useUnits();
  const [open, setOpen] = useState(false);
  const names = trail(units.byId, unit);
  const text = unit ? (names.slice(-2).join(" / ") || "…") : t("scopeAll");
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <div style={{ width: 340 }}>
          <Suspense fallback={<Skeleton active />}>
            <UnitTreePick
              units={units}
              value={unit}
              onPick={(id) => {
                setUnit(id);
                setOpen(false);
              }}
            />
          </Suspense>
        </div>
      }
    >
      <Button icon={<ApartmentOutlined />} aria-label={`${t("scope")}: ${text}`} title={names.join(" / ") || undefined}>
        <span style={{ maxWidth: 200, overflow: "hidden", textOverflow: "ellipsis" }}>{text}</span>
        {unit && (
          <CloseCircleFilled
            className="k-muted"
            aria-label={t("scopeAll")}
            onClick={(e) => {
              e.stopPropagation();
              setUnit("");
            }}
          />
        )}
      </Button>
    </Popover>
  );
}
