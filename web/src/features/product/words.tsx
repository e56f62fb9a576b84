import { Alert } from "antd";
import { NavLink } from "react-router";
import { useGet } from "@/api";
import { useCan } from "@/app/session";
import { StatusTag } from "@/ui";
import { t } from "./i18n";
import { API, type Item, type Policy, type Settings } from "./types";
import "./product.css";

/** The pages of the room, below each page's head. */
export function Strip() {
  const can = useCan();
  const tabs: [string, string, boolean][] = [
    ["/content/products", t("title"), true],
    ["/content/products/prices", t("prices"), true],
    ["/content/products/calendar", t("calendar"), true],
    ["/content/products/stock", t("stock"), true],
    ["/content/products/stale", t("stale"), can("product.settle")],
    ["/content/products/imports", t("imports"), can("product.stock") || can("product.write")],
    ["/content/products/settings", t("settings"), can("product.write")],
  ];
  return (
    <nav className="pr-strip" aria-label={t("title")}>
      {tabs
        .filter(([, , shown]) => shown)
        .map(([to, label]) => (
          <NavLink key={to} to={to} end>
            {label}
          </NavLink>
        ))}
    </nav>
  );
}

/** The brand's channels and rules. */
export function useSettings(): Settings | undefined {
  return useGet<Settings>(`${API}/settings`).data;
}

/** A channel's name; every channel for none. */
export function useChannelName(): (key: string) => string {
  const set = useSettings();
  return (key) => (key ? (set?.channels.find((c) => c.key === key)?.name ?? key) : t("everyChannel"));
}

/** Where a product stands. */
export function StateTag({ state }: { state: Item["state"] }) {
  return <StatusTag tone={state === "live" ? "good" : state === "draft" ? "plain" : "off"}>{t(`state.${state}`)}</StatusTag>;
}

/** Whether a policy holds today. */
export function WhenTag({ when }: { when: Policy["when"] }) {
  return <StatusTag tone={when === "now" ? "good" : when === "planned" ? "plain" : "off"}>{t(`when.${when}`)}</StatusTag>;
}

/** A text with the old price marked. */
export function Marked({ text, span }: { text: string; span: { start: number; end: number } }) {
  const cs = [...text];
  return (
    <>
      {cs.slice(0, span.start).join("")}
      <mark>{cs.slice(span.start, span.end).join("")}</mark>
      {cs.slice(span.end).join("")}
    </>
  );
}

/** Says what a region manager may not do here, and why. */
export function RegionNote() {
  const set = useSettings();
  const can = useCan();
  if (!set || set.region_prices || can("product.write") || !can("product.price")) return null;
  return <Alert type="info" showIcon style={{ marginBottom: 12 }} title={t("regionOff")} />;
}
