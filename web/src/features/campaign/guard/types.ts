/** The brand's choices for campaigns, as /api/v1/campaign/settings keeps them. */
export interface Threshold {
  platform: string;
  kind: string;
  industry: string;
  /** Percent; 100 allows everything. */
  most: number;
  from: string | null;
  why: string;
}

export const CONFIDENCES = ["official", "observed", "estimate"] as const;

export interface Limit {
  platform: string;
  per_hour: number;
  per_day: number;
  from: string | null;
  /** "" for what comes with the program. */
  source: string;
  confidence: (typeof CONFIDENCES)[number];
}

export const APPROVALS = ["other_if_any", "other"] as const;
export const PLANNED = ["off", "warn", "block"] as const;
export const SUBMITTED = ["off", "look", "reject"] as const;
export const KINDS = ["", "fact", "image", "video", "live"] as const;
export const INDUSTRIES = ["automotive", "beauty", "infant", "insurance", "finance", "property", "education", "medical", "food", "retail", "other"] as const;

/** What is saved whole. */
export interface Choices {
  approval: (typeof APPROVALS)[number];
  planned: (typeof PLANNED)[number];
  submitted: (typeof SUBMITTED)[number];
  thresholds: Threshold[];
  limits: Limit[];
}

export interface Settings extends Omit<Choices, "thresholds" | "limits"> {
  thresholds: Threshold[] | null;
  limits: Limit[] | null;
  shipped_thresholds: Threshold[] | null;
  shipped_limits: Limit[] | null;
  industry: string;
  at: string | null;
  by: string;
  /** For If-Match. */
  rev: number;
}

/** Two thresholds for the same place. */
export const samePlace = (a: Threshold, b: Threshold): boolean => a.platform === b.platform && a.kind === b.kind && a.industry === b.industry;

/** The limit of a platform that holds on a day (yyyy-mm-dd): the brand's newest, else the program's. */
export function holds(s: Settings, platform: string, day: string): Limit | undefined {
  const own = (s.limits ?? []).filter((l) => l.platform === platform && (l.from ?? "") <= day).sort((a, b) => (b.from ?? "").localeCompare(a.from ?? ""))[0];
  return own ?? (s.shipped_limits ?? []).find((l) => l.platform === platform);
}
