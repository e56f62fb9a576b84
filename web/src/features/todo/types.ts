/** Answers of /api/v1/todo. */

/** A to-do. */
export interface Item {
  id: string;
  kind: string;
  title: string;
  link: string;
  unit_id: string | null;
  unit_name: string;
  member_id: string | null;
  member_name: string;
  audience: string;
  due: string | null;
  overdue: boolean;
  state: string;
  outcome: string;
  note: string;
  created_at: string;
  created_by: string;
  closed_at: string | null;
  closed_by: string;
}

/** How much is open for the person at the screen. */
export interface Summary {
  open: number;
  today: number;
  overdue: number;
}
