/** A text that is being written is kept in the browser until it was handed in. */
import type { FieldText, Kind, Media } from "./types";

/** What the form holds. */
export interface Draft {
  kind: Kind;
  accountId: string;
  platform: string;
  texts: Record<string, string>;
  media: Media[];
  pictures: { id: string; name: string }[];
}

export const EMPTY: Draft = { kind: "post", accountId: "", platform: "", texts: {}, media: [], pictures: [] };

const PLACE = "kosmos.desk.draft";

/** The draft that was left, or an empty one. Pictures that nobody handed in go away after two days; so does the draft. */
export function loadDraft(owner: string): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "null") as { owner: string; at: number; draft: Draft } | null;
    if (kept && kept.owner === owner && Date.now() - kept.at < 40 * 3600_000) return { ...EMPTY, ...kept.draft };
  } catch {
    // a browser without storage, or somebody else's words
  }
  return EMPTY;
}

/** Keeps a draft, or forgets it. */
export function keepDraft(owner: string, draft: Draft | null) {
  try {
    if (draft) localStorage.setItem(PLACE, JSON.stringify({ owner, at: Date.now(), draft }));
    else localStorage.removeItem(PLACE);
  } catch {
    // nothing is kept then
  }
}

/** Texts as they are sent, in the order of the kind's fields. */
export function textsOf(fields: readonly string[], texts: Record<string, string>): FieldText[] {
  return fields.flatMap((field) => (texts[field]?.trim() ? [{ field, text: texts[field] }] : []));
}

/** Texts as the form holds them. */
export const textMap = (list: FieldText[]): Record<string, string> => Object.fromEntries(list.map((x) => [x.field, x.text]));
