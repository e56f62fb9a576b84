import { Select } from "antd";
import { StatusTag } from "@/ui";
import { t } from "./i18n";
import "./notify.css";
import { MODES, type Mode, type PersonalChannel, type Preference } from "./types";

/** Kinds by channels: how each comes. */
export function KindTable({ items, channels, onChoose }: { items: Preference[]; channels: PersonalChannel[]; onChoose: (k: Preference, c: PersonalChannel, m: Mode) => void }) {
  return (
    <div className="n-kinds" tabIndex={0} role="group" aria-label={t("kind")}>
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">{t("kind")}</th>
            {channels.map((c) => (
              <th key={c} scope="col">
                {t(`channel.${c}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((k) => (
            <tr key={k.kind}>
              <th scope="row">
                {k.name} {k.loud && <StatusTag tone="plain">{t("loud")}</StatusTag>}
              </th>
              {channels.map((c) => (
                <td key={c}>
                  <Select<Mode>
                    size="small"
                    variant="filled"
                    aria-label={`${k.name} ${t(`channel.${c}`)}`}
                    value={k[c]}
                    disabled={k.loud && c === "in_app"}
                    popupMatchSelectWidth={false}
                    style={{ width: 136 }}
                    options={MODES[c].map((value) => ({ value, label: t(`mode.${value}`) }))}
                    onChange={(m) => onChoose(k, c, m)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
