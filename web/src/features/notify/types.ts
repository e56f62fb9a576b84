/** Answers of /api/v1/notify. */

/** Where the room's routes begin. */
export const API = "/api/v1/notify";

/** A notification. */
export interface Notice {
  id: string;
  kind: string;
  title: string;
  body: string;
  link: string;
  at: string;
  read: boolean;
  folded: number;
}

/** Ways to tell a person. */
export const CHANNELS = ["in_app", "mail", "sms"] as const;

/** A way to tell a person. */
export type PersonalChannel = (typeof CHANNELS)[number];

/** When a kind comes on a channel. */
export type Mode = "off" | "instant" | "daily" | "weekly";

/** What each channel knows. */
export const MODES: Record<PersonalChannel, Mode[]> = { in_app: ["instant", "off"], mail: ["instant", "daily", "weekly", "off"], sms: ["instant", "off"] };

/** How a kind of notification comes. */
export interface Preference {
  kind: string;
  room: string;
  name: string;
  loud: boolean;
  in_app: Mode;
  mail: Mode;
  sms: Mode;
}

/** A span of the day, 22:00 to 08:00. */
export interface Quiet {
  from: string;
  to: string;
}

/** What a person set, and what can reach the person at all. */
export interface Preferences {
  items: Preference[];
  mail: boolean;
  sms: boolean;
  has_mail: boolean;
  has_phone: boolean;
  mail_off: boolean;
  own_quiet: boolean;
  quiet: Quiet;
  brand_quiet: Quiet;
  digest_at: string;
}

/** The channels of the brand. */
export interface Settings {
  address: string;
  quiet: Quiet;
  digest_at: string;
  digest_day: number;
  reminders: number;
  mail: { on: boolean; host: string; port: number; security: "tls" | "starttls" | "none"; user: string; from: string; from_name: string; password_set: boolean };
  sms: { on: boolean; host: string; secret_set: boolean };
}

/** How a test went. */
export interface Tested {
  result: "sent" | "refused" | "later" | "unknown";
  words: string;
  detail: string;
}

/** Whose robots there are. */
export const VENDORS = ["wecom", "feishu", "dingtalk"] as const;

/** A group's robot. */
export interface Robot {
  id: string;
  name: string;
  vendor: (typeof VENDORS)[number];
  unit_id: string;
  lang: "zh" | "en";
  quiet: boolean;
  kinds: string[];
  hint: string;
  signed: boolean;
  on: boolean;
}

/** A kind's name. */
export interface Kind {
  kind: string;
  name: string;
}

/** Where a delivery stands. */
export const STATES = ["queued", "sending", "sent", "failed", "skipped", "unknown"] as const;

/** Where a delivery stands. */
export type State = (typeof STATES)[number];

/** A line of the delivery log. */
export interface Delivery {
  id: string;
  channel: "mail" | "sms" | "robot";
  kind: string;
  kind_name: string;
  target_id: string;
  target: string;
  unit_id: string | null;
  people: number;
  mode: Mode;
  state: State;
  words: string;
  detail: string;
  tries: number;
  due: string;
  created_at: string;
  done_at: string | null;
}

/** How many deliveries of a channel are in a state. */
export interface Count {
  channel: string;
  state: State;
  n: number;
}

/** Times of the day by half hours. */
export const TIMES: string[] = Array.from({ length: 48 }, (_, i) => `${String(i >> 1).padStart(2, "0")}:${i % 2 ? "30" : "00"}`);

/** The times to choose from, with one that was set to the minute. */
export function timesWith(...own: string[]): { value: string; label: string }[] {
  return [...new Set([...TIMES, ...own])].sort().map((value) => ({ value, label: value }));
}
