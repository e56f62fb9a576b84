/** Moments of the wire in date fields: always the brand's clock, whatever the browser's is. */
import dayjs, { type Dayjs } from "dayjs";
import { timeText, ZONE } from "@/i18n/format";

/** A moment for a date field. */
export function fieldOf(at: string | null): Dayjs | null {
  return at ? dayjs(timeText(at)) : null;
}

/** What a date field holds, as a moment of the wire. */
export function momentOf(d: Dayjs | null | undefined): string | null {
  if (!d) return null;
  const guess = new Date(`${d.format("YYYY-MM-DDTHH:mm")}:00Z`);
  const shown = new Date(`${timeText(guess.toISOString(), ZONE).replace(" ", "T")}:00Z`);
  return new Date(guess.getTime() - (shown.getTime() - guess.getTime())).toISOString();
}

/** Minutes of a day as 22:00. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
