import { useState, type KeyboardEvent } from "react";

interface Acts<T> {
  open?: (row: T, aside?: boolean) => void;
  toggle?: (row: T) => void;
}

/** Keyboard of a list: j/k or arrows move, Enter opens, x chooses. `at` is the row the keys stand on. */
export function useRowKeys<T>(rows: T[], acts: Acts<T>) {
  const [at, setAt] = useState(-1);
  const onKeyDown = (e: KeyboardEvent) => {
    const el = e.target as HTMLElement;
    if (el.closest("input,textarea,select,[role=combobox],[contenteditable],button,a,th") && !["j", "k"].includes(e.key)) return;
    if (el.closest("input:not([type=checkbox]),textarea,[role=combobox]") || e.metaKey || e.ctrlKey || e.altKey) return;
    const row = rows[at];
    if (e.key === "j") setAt(Math.min(at + 1, rows.length - 1));
    else if (e.key === "k") setAt(Math.max(at - 1, 0));
    else if (e.key === "Enter" && row && acts.open) acts.open(row);
    else if (e.key === "x" && row && acts.toggle) acts.toggle(row);
    else return;
    e.preventDefault();
  };
  return { at, onKeyDown };
}
