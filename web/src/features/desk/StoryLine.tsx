import { timeText } from "@/i18n/format";
import { t } from "./i18n";
import type { Story } from "./types";

interface Line {
  at: string;
  head: string;
  more: string[];
}

/** What happened, newest first, with who and why. */
export function StoryLine({ story: s }: { story: Story }) {
  const lines: Line[] = [
    ...s.versions.map((v) => ({
      at: v.at,
      head: t("versionLine", { n: v.version, name: v.by }),
      more: [t.slug("outcome", v.outcome), v.version === s.version ? "" : v.texts.map((x) => x.text).join(" / ")],
    })),
    ...s.reviews.map((r) => ({
      at: r.at,
      head: t("reviewLine", { name: r.reviewer, decision: t(`decision.${r.decision}`) }),
      more: [r.reason, r.suggestion.map((x) => x.text).join(" / "), r.minutes > 0 ? t("waitedLine", { minutes: r.minutes }) : "", r.late ? t("lateLine") : ""],
    })),
    ...s.links.map((l, i) => ({ at: l.at, head: t(i === 0 ? "linkLine" : "linkAgain", { name: l.by }), more: [l.link] })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <ul className="d-story">
      {lines.map((l, i) => (
        <li key={i}>
          <div>
            {l.head} <time className="k-muted">{timeText(l.at)}</time>
          </div>
          {l.more.filter(Boolean).map((m, j) => (
            <div key={j} className="k-muted">{m}</div>
          ))}
        </li>
      ))}
    </ul>
  );
}

