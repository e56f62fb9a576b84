import { Button, Checkbox, InputNumber, Select, Skeleton, Switch, TimePicker, DatePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import { ErrorState, Facts, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { API, LEVELS, type Rule, type Settings } from "./types";
import "./desk.css";

/** The brand's rules of the desk. */
export default function SettingsPage() {
  const got = useGet<Settings>(`${API}/settings`);
  if (!got.data) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 10 }} />;
  return <Form key={JSON.stringify(got.data)} kept={got.data} />;
}

const clock = (minutes: number) => dayjs().startOf("day").add(minutes, "minute");

function Form({ kept }: { kept: Settings }) {
  const can = useCan();
  const toast = useToast();
  const [s, set] = useState(kept);
  const [day, setDay] = useState<string | null>(null);
  const fixed = !can("desk.settings");
  const save = useSend<Settings, Partial<Settings>>("PUT", `${API}/settings`, [API]);
  const level = (i: number, change: Partial<Rule>) => set({ ...s, levels: s.levels.map((l, at) => (at === i ? { ...l, ...change } : l)) });
  const send = () => {
    const body: Partial<Settings> = { ...s };
    delete body.may_review;
    delete body.missing;
    save.mutate({ body }, { onSuccess: () => toast.done(t("saved")), onError: toast.failed });
  };
  return (
    <Page
      title={t("settingsTitle")}
      lead={fixed ? t("settingsRead") : t("settingsLead")}
      back="/content/desk"
      actions={!fixed && <Button type="primary" onClick={send} loading={save.isPending}>{t("save")}</Button>}
    >
      <Section title={t("settingsLevel")}>
        <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={t("settingsLevel")}>
          <table className="d-levels">
            <thead>
              <tr>
                {(["settingsLevel", "action", "percent", "people", "deadline"] as const).map((k) => <th key={k} scope="col">{t(k)}</th>)}
              </tr>
            </thead>
            <tbody>
              {s.levels.map((l, i) => {
                const name = t.slug("levelOf", LEVELS[i]);
                return (
                  <tr key={LEVELS[i]}>
                    <th scope="row">{name}</th>
                    <td>
                      <Select aria-label={`${name} ${t("action")}`} disabled={fixed} value={l.action} onChange={(action) => level(i, { action })} style={{ width: 190 }} options={(["sample", "review", "block"] as const).map((value) => ({ value, label: t(`action.${value}`) }))} />
                    </td>
                    <td>{l.action === "sample" ? <InputNumber aria-label={`${name} ${t("percent")}`} disabled={fixed} min={0} max={100} value={l.percent} onChange={(v) => level(i, { percent: v ?? 0 })} suffix="%" /> : "—"}</td>
                    <td>
                      {l.action === "block" ? "—" : (
                        <Select aria-label={`${name} ${t("people")}`} disabled={fixed} value={l.reviewers} onChange={(reviewers) => level(i, { reviewers })} style={{ width: 90 }} options={([1, 2] as const).map((value) => ({ value, label: t(`people.${value}`) }))} />
                      )}
                    </td>
                    <td>{l.action === "block" ? "—" : <InputNumber aria-label={`${name} ${t("deadline")}`} disabled={fixed} min={1} max={14_400} value={l.minutes} onChange={(v) => level(i, { minutes: v ?? 1 })} />}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Section>
      <Section>
        <Facts
          items={[
            { key: "hq", label: t("settingsHq"), value: <Switch aria-label={t("settingsHq")} disabled={fixed} checked={s.hq_reviews} onChange={(v) => set({ ...s, hq_reviews: v })} /> },
            { key: "reuse", label: t("settingsReuse"), value: <Switch aria-label={t("settingsReuse")} disabled={fixed} checked={s.reuse_approved} onChange={(v) => set({ ...s, reuse_approved: v })} /> },
            { key: "days", label: t("settingsDays"), value: <InputNumber aria-label={t("settingsDays")} disabled={fixed} min={1} max={365} value={s.approval_days} onChange={(v) => set({ ...s, approval_days: v ?? 1 })} /> },
            { key: "profile", label: t("settingsProfileDays"), value: <InputNumber aria-label={t("settingsProfileDays")} disabled={fixed} min={1} max={730} value={s.profile_days} onChange={(v) => set({ ...s, profile_days: v ?? 1 })} /> },
            {
              key: "pictures", label: t("settingsPictures"),
              value: <Select aria-label={t("settingsPictures")} disabled={fixed} value={s.unread_pictures} onChange={(v) => set({ ...s, unread_pictures: v })} style={{ width: 160 }} options={(["review", "pass"] as const).map((value) => ({ value, label: t(`pictures.${value}`) }))} />,
            },
            {
              key: "hours", label: t("settingsHours"),
              value: (
                <TimePicker.RangePicker
                  aria-label={t("settingsHours")}
                  disabled={fixed}
                  format="HH:mm"
                  minuteStep={15}
                  allowClear={false}
                  value={[clock(s.opens), clock(s.closes)]}
                  onChange={(v) => v?.[0] && v[1] && set({ ...s, opens: v[0].hour() * 60 + v[0].minute(), closes: v[1].hour() * 60 + v[1].minute() || 1440 })}
                />
              ),
            },
            {
              key: "weekdays", label: t("settingsWeekdays"),
              value: <Checkbox.Group disabled={fixed} value={s.weekdays} onChange={(v) => set({ ...s, weekdays: v.map(Number).sort() })} options={([1, 2, 3, 4, 5, 6, 7] as const).map((value) => ({ value, label: t(`weekday.${value}`) }))} />,
            },
            {
              key: "holidays", label: t("settingsHolidays"),
              value: (
                <span className="d-acts">
                  {s.holidays.map((h) => (
                    <Button key={h} size="small" disabled={fixed} onClick={() => set({ ...s, holidays: s.holidays.filter((x) => x !== h) })}>{dayText(h)} ×</Button>
                  ))}
                  {!fixed && (
                    <>
                      <DatePicker aria-label={t("settingsHolidays")} size="small" value={day ? dayjs(day) : null} onChange={(v) => setDay(v ? v.format("YYYY-MM-DD") : null)} />
                      <Button size="small" disabled={!day || s.holidays.includes(day)} onClick={() => { if (day) set({ ...s, holidays: [...s.holidays, day].sort() }); setDay(null); }}>{t("addHoliday")}</Button>
                    </>
                  )}
                </span>
              ),
            },
          ]}
        />
      </Section>
    </Page>
  );
}
