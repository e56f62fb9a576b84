/** The steps of the wizard and what each is given. */
import type { Plan } from "./types";

export const STEPS = ["goal", "audience", "tasks", "briefs", "materials", "time", "check"] as const;
export type Step = (typeof STEPS)[number];

/** What a step is drawn from. */
export interface StepProps {
  id: string;
  plan: Plan;
  set: (change: Partial<Plan>) => void;
  /** What the server says of a field of the plan. */
  fault: (field: string) => string | undefined;
}

const PLACES: [RegExp, Step][] = [
  [/^(audience|not_|followers|tenure)/, "audience"],
  [/^tasks/, "tasks"],
  [/^briefs/, "briefs"],
  [/^materials/, "materials"],
  [/^(starts_at|ends_at|phases|quiet|weekly_minutes|mode|recur|similar)/, "time"],
];

/** The step a field of the plan stands in. */
export function stepOf(field: string): Step {
  const bare = field.replace(/^body\./, "").replace(/^plan\./, "");
  return PLACES.find(([like]) => like.test(bare))?.[1] ?? "goal";
}
