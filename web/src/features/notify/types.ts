/** Answers of /api/v1/notify. */

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

/** Whether a kind of notification comes. */
export interface Preference {
  kind: string;
  name: string;
  muted: boolean;
  loud: boolean;
}
