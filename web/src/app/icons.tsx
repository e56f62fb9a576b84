/** Menu glyphs: 18 px line drawings of our own, one stroke weight. */
import type { ReactNode } from "react";
import type { Entry } from "./routes";

const PATHS: Record<string, string> = {
  overview: "M3 9.5 9 4l6 5.5M4.5 8.5V15h9V8.5M7.5 15v-4h3v4",
  todo: "M3.5 4.5h11v10h-11zM6 9.5l2 2 4-4.5",
  units: "M7 3h4v3.5H7zM2.5 11.5h4V15h-4zM11.5 11.5h4V15h-4zM9 6.5V9M4.5 11.5V9h9v2.5",
  members: "M6.5 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM2 15c0-3 2-4.5 4.5-4.5S11 12 11 15M11.5 4a2.3 2.3 0 0 1 0 4.5M13 10.8c2 .5 3 2 3 4.2",
  accounts: "M3 3.5h12v11H3zM6.5 8.5a1.5 1.5 0 1 0 0-.01M4.8 12c.3-1.2 1-1.7 1.7-1.7s1.4.5 1.7 1.7M10.5 7.5H13M10.5 10.5H13",
  unofficial: "M9 3l6 2.5v4c0 3-2.5 5-6 6-3.500-1-6-3-6-6v-4zM9 7v3M9 12.300v.01",
  layouts: "M9 2.500 12 6.500H6zM5 9.500h8M3 13h3M7.500 13h3M12 13h3",
  coverage: "M3 3h4.500v4.500H3zM10.500 3H15v4.500h-4.500zM3 10.500h4.500V15H3zM10.500 10.500H15V15h-4.500z",
  health: "M2.500 9.500h3l1.500-4 3 8 2-5.500 1 1.500h2.500",
  imports: "M9 3v8M5.500 8 9 11.500 12.500 8M3 12.500V15h12v-2.500",
  leaderboard: "M3 15V9.500h3.500V15zM7.300 15V4h3.500v11zM11.500 15V7h3.500v8z",
  posts: "M4 2.500h10v13H4zM6.500 6h5M6.500 9h5M6.500 12h3",
  dashboard: "M3 15h12M4.500 12 8 8.500l2.500 2L14.500 5",
  users: "M9 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 9 8zM3.500 15.500c.3-3.300 2.500-5 5.500-5s5.200 1.700 5.500 5",
  tokens: "M6 12a3 3 0 1 1 2.800-4H15v2.500h-1.500V12h-2v-1.500H8.800A3 3 0 0 1 6 12z",
  audit: "M5 2.500h8v13H5zM7 6h4M7 8.500h4M7 11h2.500",
  jobs: "M9 5.500V9l2.500 1.500M9 15.500a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13z",
  rules: "M9 2.500l6 2v4.500c0 3.500-2.500 5.500-6 6.500-3.500-1-6-3-6-6.500V4.500zM6.300 9l2 2 3.500-4",
  recall: "M5.500 5.500H11a3.500 3.500 0 0 1 0 7H6M5.500 5.500 8 3M5.500 5.500 8 8",
  review: "M3.500 3h11v12h-11zM6 7l1.200 1.200L9.500 6M11 7.300h1.500M6 11.500l1.200 1.200 2.300-2.200M11 11.800h1.500",
  submissions: "M3 9 15.500 3 12 15.500 8.500 10.500zM8.500 10.500 15.500 3",
  evidence: "M7.500 6.500 5 9a2.800 2.800 0 0 0 4 4l1.500-1.500M10.500 11.500 13 9a2.800 2.800 0 0 0-4-4L7.500 6.500M7 11l4-4",
  anomalies: "M9 2.800 16 15H2zM9 7.500v3.500M9 13v.01",
  notices: "M5 12.500V8.500a4 4 0 0 1 8 0v4l1.500 1.500h-11zM7.500 15.500h3",
  cleanup: "M10.500 2.500 8.500 9M5.500 9h7l1 6.500h-9zM8 12v3.500M10.500 12v3.500",
  leavers: "M7.500 3H3.500v12h4M7 9h8M12 6l3 3-3 3",
  leagues: "M5.500 3h7v4a3.500 3.500 0 0 1-7 0zM9 10.500V13M6 15h6M5.500 4.500H3v1.500a2 2 0 0 0 2.500 2M12.500 4.500H15v1.500a2 2 0 0 1-2.500 2",
  guide: "M9 2.500 10.800 7.200 15.500 9l-4.700 1.800L9 15.500l-1.800-4.700L2.500 9l4.700-1.800z",
  mappings: "M3 4.500h5v3H3zM10 10.500h5v3h-5zM8 6h3v6",
  sources: "M9 6.500c3 0 5.500-.8 5.500-2S12 2.500 9 2.500s-5.500.8-5.500 2 2.500 2 5.500 2zM3.500 4.500v9c0 1.200 2.500 2 5.500 2s5.500-.8 5.500-2v-9M3.500 9c0 1.200 2.500 2 5.500 2s5.500-.8 5.500-2",
  movers: "M3 12.500 7 8.500l3 3 5-6M11 5.500h4v4",
  reports: "M4.500 2.500h6l3 3v10h-9zM7 9h4M7 12h4",
  brand: "M3 7.500V3h4.500l7.500 7.500L10.500 15zM6 6v.01",
  profile: "M9 8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM4 15c.3-3 2.200-4.500 5-4.500s4.700 1.500 5 4.500",
  library: "M3 3.500h4v11H3zM7 3.500h4v11H7zM12 4l3 .8-2.500 10",
  settings: "M3 5h7M13 5h2M3 9h2M8 9h7M3 13h6M12 13h3M11.500 3.500v3M6.500 7.500v3M10.500 11.500v3",
};

const DEFAULT = "M4 4h10v10H4z";

/** The glyph of a menu entry. */
export function iconOf(e: Entry): ReactNode {
  const d = PATHS[e.label ?? ""] ?? PATHS[e.group ?? ""] ?? DEFAULT;
  return (
    <svg width={18} height={18} viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth={1.4} strokeLinejoin="round" strokeLinecap="round" aria-hidden>
      <path d={d} />
    </svg>
  );
}
