import { useEffect } from "react";
import { useSend } from "@/api";
import { percent, timeText } from "@/i18n/format";
import { Drawer, Facts, Section, UnitPath } from "@/ui";
import { FindingList } from "./checked/FindingList";
import { Marked } from "./checked/Marked";
import { t } from "./i18n";
import { AccountCell, ObjectLink, OpinionButtons, VerdictTag, versionName } from "./parts";
import type { AccountRef, Shown } from "./types";

/** One judged text: what was found, whether it is right, and where the same text stands. */
export function ShownDrawer({ of: x, onClose }: { of: Shown | null; onClose: () => void }) {
  return (
    <Drawer open={x !== null} onClose={onClose} title={x && <VerdictTag verdict={x.verdict} />} extra={x && <ObjectLink of={x} />}>
      {x && (
        <div className="r-drawer">
          <p style={{ fontSize: 16 }}>
            <Marked text={x.text || "—"} findings={x.findings} />
          </p>
          <FindingList findings={x.findings} extra={(f) => <OpinionButtons of={x} finding={f} />} />
          <Facts
            items={[
              { label: t("account"), value: <AccountCell account={x.account} /> },
              { label: t("unit"), value: <UnitPath unit={x.account.unit_id} /> },
              { label: t("member"), value: x.account.member || "—" },
              { label: t("published_at"), value: timeText(x.published_at) },
              ...(x.checked_at ? [{ label: t("checkedAt"), value: timeText(x.checked_at) }, { label: t("byVersion"), value: versionName(x.version) }] : []),
            ]}
          />
          <SameElsewhere text={x.text} except={x.object} />
        </div>
      )}
    </Drawer>
  );
}

interface Same {
  post: string;
  text: string;
  score: number;
  account: AccountRef;
  published_at: string | null;
}

/** Posts that say the same or nearly the same. */
export function SameElsewhere({ text, except }: { text: string; except?: string }) {
  const find = useSend<{ items: Same[] }>("POST", "/api/v1/risk/same");
  const { mutate } = find;
  const short = Array.from(text).length < 6;
  useEffect(() => {
    if (!short) mutate({ body: { text, limit: 10 } });
  }, [text, short, mutate]);
  if (short || find.isError) return null;
  const list = (find.data?.items ?? []).filter((s) => s.post !== except);
  return (
    <Section title={t("sameElsewhere")}>
      {find.data && !list.length && <p className="k-muted">{t("sameNone")}</p>}
      <ul className="r-changes">
        {list.map((s) => (
          <li key={s.post}>
            {s.text} <span className="k-muted">{t("sameScore", { score: percent(s.score, 0) })}</span>
            <div className="k-muted">
              <AccountCell account={s.account} /> · {timeText(s.published_at)}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
