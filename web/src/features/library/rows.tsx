import { Button, Input, InputNumber, Select } from "antd";
import { t } from "./i18n";
import { VAR_TYPES, type Kind, type Shot, type Variable } from "./types";

/** Replaces one row of a list. */
const put = <T,>(list: T[], i: number, p: Partial<T>): T[] => list.map((x, k) => (k === i ? { ...x, ...p } : x));

/** The shots of a video or the steps of a live session. */
export function Shots({ kind, list, onChange, fault }: { kind: Kind; list: Shot[]; onChange: (l: Shot[]) => void; fault?: string }) {
  const scene = t(kind === "rundown" ? "step" : "scene");
  return (
    <div role="group" aria-label={t(kind === "rundown" ? "steps" : "shots")} className="l-set">
      <h3>{t(kind === "rundown" ? "steps" : "shots")}</h3>
      {fault && <p className="k-bad">{fault}</p>}
      {list.map((s, i) => (
        <div key={i} className="l-shot">
          <Input.TextArea aria-label={`${scene} ${i + 1}`} placeholder={scene} autoSize={{ minRows: 2 }} maxLength={500} value={s.scene} onChange={(e) => onChange(put(list, i, { scene: e.target.value }))} />
          <Input.TextArea aria-label={`${t("words")} ${i + 1}`} placeholder={t("words")} autoSize={{ minRows: 2 }} maxLength={2000} value={s.words} onChange={(e) => onChange(put(list, i, { words: e.target.value }))} />
          <InputNumber aria-label={`${t("seconds")} ${i + 1}`} placeholder={t("seconds")} min={0} max={36000} value={s.seconds || null} onChange={(n) => onChange(put(list, i, { seconds: n ?? 0 }))} style={{ width: "100%" }} />
          <Button onClick={() => onChange(list.filter((_, k) => k !== i))} aria-label={`${t("remove")} ${i + 1}`}>
            {t("remove")}
          </Button>
        </div>
      ))}
      <Button onClick={() => onChange([...list, { scene: "", words: "", seconds: 0, note: "" }])}>{t(kind === "rundown" ? "addStep" : "addShot")}</Button>
    </div>
  );
}

/** Variables beyond the well-known ones. */
export function Variables({ list, onChange, faults }: { list: Variable[]; onChange: (l: Variable[]) => void; faults: Record<string, string> }) {
  return (
    <div role="group" aria-label={t("variables")} className="l-set">
      <h3>{t("variables")}</h3>
      <p className="k-muted">{t("variablesHint")}</p>
      {list.map((v, i) => (
        <div key={i}>
          <div className="l-var">
            <Input aria-label={`${t("varName")} ${i + 1}`} placeholder={t("varName")} maxLength={20} value={v.name} onChange={(e) => onChange(put(list, i, { name: e.target.value }))} />
            <Select aria-label={`${t("varType")} ${i + 1}`} value={v.type} onChange={(type) => onChange(put(list, i, { type }))} options={VAR_TYPES.map((value) => ({ value, label: t(`var.${value}`) }))} />
            <Input aria-label={`${t("varValue")} ${i + 1}`} placeholder={t(v.type === "free" ? "varValue" : "varStandIn")} maxLength={200} value={v.value} onChange={(e) => onChange(put(list, i, { value: e.target.value }))} />
            <Button onClick={() => onChange(list.filter((_, k) => k !== i))} aria-label={`${t("remove")} ${v.name}`}>
              {t("remove")}
            </Button>
          </div>
          {[faults[`content.variables[${i}].name`], faults[`content.variables[${i}].value`]].filter(Boolean).map((x) => (
            <p key={x} className="k-bad">
              {x}
            </p>
          ))}
        </div>
      ))}
      <Button onClick={() => onChange([...list, { name: "", type: "free", value: "" }])}>{t("addVariable")}</Button>
    </div>
  );
}
