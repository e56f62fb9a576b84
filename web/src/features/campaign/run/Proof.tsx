import { Alert, Image, Skeleton } from "antd";
import { useEffect } from "react";
import { request, useGet } from "@/api";
import { shortNumber, timeText } from "@/i18n/format";
import { ErrorState, Facts, PlatformGlyph, Section, StatusTag, type Tone } from "@/ui";
import { t as words } from "../i18n";
import { API, type Check, type Submission } from "../types";
import { t } from "./i18n";
import type { ReviewOne } from "./types";

const TONES: Record<Check["result"], Tone> = { pass: "good", wait: "plain", look: "warn", fail: "bad" };

/** A proof with all a reviewer needs: what was asked, what was handed in, what was found. */
export function Proof({ id }: { id: string }) {
  const got = useGet<ReviewOne>(`${API}/reviews/${id}`, undefined, { stale: 0 });
  const waits = got.data && ["look", "appealed", "submitted"].includes(got.data.row.state);
  useEffect(() => {
    if (waits) void request("POST", `${API}/reviews/${id}/claim`).catch(() => undefined); // somebody else has it: the row says so
  }, [id, waits]);
  if (!got.data) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 10 }} />;
  const { row, older, brief, alike } = got.data;
  const s = row.submission;
  return (
    <>
      <Section title={`${row.who.member} · ${row.task}`} extra={<span className="k-muted">{row.campaign}</span>}>
        {row.claimed_by && !row.claimed_own && <Alert type="warning" showIcon title={t("claimed", { who: row.claimed_by })} style={{ marginBottom: 12 }} />}
        {s.appeal && <Alert type="info" showIcon title={t("appealSays", { text: s.appeal })} style={{ marginBottom: 12 }} />}
        <Facts
          items={[
            { label: t("unitOf"), value: row.who.unit },
            { label: t("account"), value: row.who.account ? <><PlatformGlyph platform={row.who.platform} bare /> {row.who.account}</> : "—" },
            { label: t("handedAt"), value: timeText(s.at) },
            { label: t("link"), value: s.link ? <a href={s.link} target="_blank" rel="noopener noreferrer">{t("openLink")}</a> : "—" },
            { label: t("post"), value: s.post_title || (s.post_id ? t("noTitle") : t("postUnknown")) },
            { label: t("published"), value: s.published_at ? timeText(s.published_at) : "—" },
            { label: t("views"), value: shortNumber(s.figures.views) },
            { label: t("interactions"), value: shortNumber(s.figures.interactions) },
          ]}
        />
        {s.text && <p className="c-words c-said">{s.text}</p>}
        {s.note && <p className="k-muted">{t("noteSays", { text: s.note })}</p>}
        <Filled one={got.data} />
        <Pictures id={id} submission={s} />
      </Section>
      <Section title={t("checks")}>
        <Checks list={s.checks ?? []} />
      </Section>
      {(alike ?? []).length > 0 && (
        <Section title={t("alike")}>
          {(alike ?? []).slice(0, 3).map((a) => (
            <p key={a.assignment} className="c-words">
              <b>{t("alikeOf", { percent: a.percent, who: a.member, unit: a.unit.split("/").at(-1)?.trim() })}</b>
              {"\n"}
              {a.text}
            </p>
          ))}
        </Section>
      )}
      {(brief.text || brief.standard) && (
        <Section title={t("asked")}>
          <p className="c-words">{brief.text}</p>
          {brief.standard && <p className="c-words k-muted">{t("standard", { text: brief.standard })}</p>}
        </Section>
      )}
      {(older ?? []).length > 0 && (
        <Section title={t("older")}>
          <ul className="c-plain">
            {(older ?? []).map((o) => (
              <li key={o.id}>
                {timeText(o.at)} · {words.slug("state", o.state)} {o.why && `· ${o.why}`} {o.link && <a href={o.link} target="_blank" rel="noopener noreferrer">{t("openLink")}</a>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** Each test with its result, the bad ones first. */
export function Checks({ list }: { list: Check[] }) {
  const order = ["fail", "look", "wait", "pass"];
  const rows = [...list].sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result));
  if (!rows.length) return <p className="k-muted">{t("checksNone")}</p>;
  return (
    <ul className="c-plain">
      {rows.map((c) => (
        <li key={c.test}>
          <StatusTag tone={TONES[c.result]}>{t.slug("test", c.test)}</StatusTag> {c.text}
        </li>
      ))}
    </ul>
  );
}

function Filled({ one }: { one: ReviewOne }) {
  const s = one.row.submission;
  const q = one.brief.question;
  const filled = (one.fields ?? []).filter((f) => s.form?.[f.key]);
  if (!filled.length && s.answer === null) return null;
  return (
    <Facts
      items={[
        ...(s.answer !== null && q.text ? [{ label: q.text, value: q.options?.[s.answer] ?? "—" }] : []),
        ...filled.map((f) => ({ label: f.label, value: f.kind === "yes_no" ? words(s.form?.[f.key] === "yes" ? "yes" : "no") : s.form?.[f.key] })),
      ]}
    />
  );
}

function Pictures({ id, submission: s }: { id: string; submission: Submission }) {
  const list = s.pictures ?? [];
  if (!list.length) return null;
  return (
    <div className="c-proofs">
      <Image.PreviewGroup>
        {list.map((p, i) => (
          <Image key={p} src={`${API}/assignments/${id}/pictures/${p}`} alt={words("shot", { n: i + 1 })} width={180} />
        ))}
      </Image.PreviewGroup>
    </div>
  );
}
