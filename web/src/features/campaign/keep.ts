/** A half-filled answer to a task stays in the browser until it was sent. */

/** What a person typed for a task; pictures are too big to be kept. */
export interface Kept {
  link: string;
  post: string;
  /** What was published; null = the own text as it was given. */
  text: string | null;
  note: string;
  form: Record<string, string>;
  answer: number | null;
}

export const NOTHING: Kept = { link: "", post: "", text: null, note: "", form: {}, answer: null };

const PLACE = "kosmos.campaign.task.";

/** What was left for a task. */
export function loadKept(id: string): Kept {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(PLACE + id) ?? "{}") as Partial<Kept>) };
  } catch {
    return NOTHING;
  }
}

/** Keeps it, or forgets it. */
export function keep(id: string, kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(PLACE + id, JSON.stringify(kept));
    else localStorage.removeItem(PLACE + id);
  } catch {
    // A browser without storage keeps nothing.
  }
}
