/** Answers of /api/v1/product. */
import { lang } from "@/i18n";
import { money, type Money } from "@/i18n/format";
import { t } from "./i18n";

export const API = "/api/v1/product";

export const STATES = ["draft", "live", "ended"] as const;
export const KINDS = ["price", "discount", "promotion"] as const;
export const LAUNCHES = ["teaser", "launch", "refresh", "offer", "end"] as const;
export const STALE_STATES = ["open", "fixed", "fine"] as const;
export const SHEETS = ["products", "prices", "stock"] as const;

export interface Point {
  title: string;
  text: string;
}

export interface SKU {
  id: string | null;
  code: string;
  name: string;
  spec: string;
  aliases: string[];
  state: "live" | "ended";
}

export interface Product {
  id: string;
  line_id: string | null;
  line: string;
  code: string;
  name: string;
  aliases: string[];
  points: Point[];
  scenes: Point[];
  copy_text: string;
  state: (typeof STATES)[number];
  skus: SKU[];
  version: number;
  updated_at: string;
  updated_by: string;
}

/** A product in the list, with today's figures. */
export interface Item extends Product {
  least?: Money | null;
  most?: Money | null;
  stock: number | null;
  stale: number;
}

export interface Line {
  id: string | null;
  name: string;
  products: number;
}

export interface Channel {
  key: string;
  name: string;
  closed: boolean;
}

export interface Settings {
  channels: Channel[];
  region_prices: boolean;
  stale_days: number;
  watch_days: number;
  version: number;
}

export interface Policy {
  id: string;
  product_id: string;
  product: string;
  sku_id: string | null;
  sku: string;
  unit_id: string | null;
  unit: string;
  channel: string;
  kind: (typeof KINDS)[number];
  money?: Money | null;
  rate: number | null;
  title: string;
  note: string;
  from: string;
  to: string | null;
  when: "now" | "planned" | "past" | "withdrawn";
  created_at: string;
  created_by: string;
  withdrawn_at: string | null;
  withdrawn_by: string;
  withdrawn_note: string;
}

export interface Quote {
  sku_id: string;
  list?: Money | null;
  final?: Money | null;
  price?: Policy | null;
  discount?: Policy | null;
  /** With the promotion that takes the most off. */
  promoted?: Money | null;
  promotions: Policy[];
}

export interface Overlap {
  kind: "same_start" | "covers" | "covered" | "returns";
  from: string;
  to: string | null;
  policy: Policy;
}

export interface Planned {
  sku_id: string | null;
  before?: Money | null;
  after?: Money | null;
  overlaps: Overlap[];
  asks: boolean;
  refused: boolean;
}

export interface Launch {
  id: string;
  product_id: string;
  product: string;
  kind: (typeof LAUNCHES)[number];
  day: string;
  end_day: string | null;
  title: string;
  note: string;
}

export interface Stock {
  sku_id: string;
  unit_id: string;
  product_id: string;
  product: string;
  sku: string;
  code: string;
  qty: number;
  as_of: string;
  origin: "manual" | "file" | "api";
  by: string;
}

export interface Stale {
  product_id: string;
  object_id: string;
  product: string;
  kind: "post" | "template";
  account: { handle: string; name: string; platform: string; unit: string; member: string };
  unit_id: string | null;
  content: string;
  span: { start: number; end: number };
  url: string;
  old: Money;
  new?: Money | null;
  state: (typeof STALE_STATES)[number];
  how: string;
  note: string;
  found_at: string;
  decided_at: string | null;
  decided_by: string;
}

export interface Check {
  id: string;
  title: string;
  state: "searching" | "done";
  looked: number;
  total: number;
  found: number;
  started_at: string;
  started_by: string;
  finished_at: string | null;
  changes: { product_id: string; sku_id: string; unit_id: string | null; channel: string; old: Money[]; new?: Money | null }[];
}

export interface Import {
  id: string;
  kind: (typeof SHEETS)[number];
  file_name: string;
  state: "ready" | "applying" | "done" | "undoing" | "undone" | "discarded";
  rows: number;
  added: number;
  changed: number;
  same: number;
  faulty: number;
  done: number;
  kept: number;
  by: string;
  created_at: string;
  applied_at: string | null;
  undone_at: string | null;
  faults: { row: number; column: string; message: string; warning: boolean }[];
}

/** A product in the phone's list. */
export interface CardItem {
  id: string;
  name: string;
  line: string;
  point: string;
  least?: Money | null;
  most?: Money | null;
  stock: number | null;
}

/** A product as a store's people need it. */
export interface Card {
  id: string;
  name: string;
  line: string;
  points: Point[];
  scenes: Point[];
  unit: string;
  channel: string;
  least?: Money | null;
  most?: Money | null;
  skus: { sku: SKU; quote: Quote; stock: number | null; stock_as_of: string | null }[];
  copy: string;
  next: Launch[];
}

/** From the lowest to the highest price. */
export function spanText(least: Money | null | undefined, most: Money | null | undefined): string {
  if (!least) return t("noPrice");
  return most && most.fen !== least.fen ? `${money(least)} – ${money(most)}` : money(least);
}

/** What is left to pay of 1,000, as people say it: 9.5 折, 5 % off. */
export const rateText = (rate: number): string => t("rateText", { figure: lang() === "zh" ? rate / 100 : (1000 - rate) / 10 });

/** What people type for a discount, as what is left to pay of 1,000: 9.5 折 in Chinese, 5 % off in English. */
export const rateOf = (typed: number): number => Math.round(lang() === "zh" ? typed * 100 : 1000 - typed * 10);

/** The most people may type for a discount. */
export const MOST_TYPED = lang() === "zh" ? 9.99 : 99.9;

/** What a policy says, in a few words. */
export function policyText(p: Policy): string {
  if (p.kind === "price") return money(p.money);
  if (p.kind === "discount") return p.rate !== null ? rateText(p.rate) : t("offText", { money: money(p.money) });
  return [p.title, p.money ? money(p.money) : ""].filter(Boolean).join(" · ");
}

/** The days a policy holds. */
export const daysText = (p: { from: string; to: string | null }): string => (p.to ? `${p.from} – ${p.to}` : t("fromOn", { day: p.from }));
