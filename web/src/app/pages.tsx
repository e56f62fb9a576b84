import { lazy, type ReactElement } from "react";
import { ENTRIES, type Entry } from "./routes";

const pages = new Map<Entry, ReactElement>(
  ENTRIES.map((e) => {
    const Page = lazy(e.page);
    return [e, <Page key={e.path} />];
  }),
);

/** The page of an entry, loaded when it is first drawn. */
export function pageOf(e: Entry): ReactElement {
  const page = pages.get(e);
  if (!page) throw new Error(`no page ${e.path}`);
  return page;
}
