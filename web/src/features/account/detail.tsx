import { Button, Timeline } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet } from "@/api";
import { useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { aside, comma, dayText, timeText } from "@/i18n/format";
import { accountKindName, Day, ErrorState, Facts, Fresh, Num, ownershipName, platformName, StatusTag, Text } from "@/ui";
import { ConsentDialog } from "./dialogs";
import { t } from "./i18n";
import { AccountCell, CertCell, StatusCell, tierName } from "./parts";
import { API, type Account, type Consent, type Entry, type PairRef } from "./types";

/** Everything known about an account, as name and value. */
export function AccountFacts({ account: a }: { account: Account }) {
  const link = useScopedLink();
  const publics = useGet<{ items: PairRef[] }>(a.side === "private" ? `${API}/accounts/${a.id}/publics` : null);
  return (
    <Facts
      items={[
        { label: t("status"), value: <><StatusCell account={a} />{a.status_cause && <div className="k-muted">{a.status_cause}{a.status_since && ` · ${t("since", { day: dayText(a.status_since) })}`}</div>}</> },
        { label: t("platform"), value: `${platformName(a.platform)} · ${t.slug("side", a.side)}` },
        { label: t("handle"), value: `@${a.handle}` },
        { label: t("externalId"), value: <Text value={a.external_id} /> },
        { label: t("kind"), value: accountKindName(a.kind) },
        { label: t("unit"), value: a.unit.path || a.unit.name },
        { label: t("member"), value: a.member ? a.member.name : <span className="k-muted">{t("nobody")}</span> },
        { label: t("ownership"), value: ownershipName(a.ownership) },
        { label: t("verified"), value: t(a.verified ? "yes" : "no") },
        { label: t.slug("certKind", a.cert_kind, t("certification")), value: <CertCell account={a} /> },
        { label: t("followers"), value: <><Num value={a.followers} /> {a.followers_as_of && <Fresh at={a.followers_as_of} />}</> },
        { label: t("lastPost"), value: <Day value={a.last_post_day} /> },
        { label: t("level"), value: t.slug("level", a.level) },
        { label: t("city"), value: a.city ? `${a.city} · ${tierName(a.city_tier)}` : "—" },
        { label: t("poi"), value: <Text value={a.poi} /> },
        ...(a.side === "public"
          ? [{ label: t("paired"), value: a.paired ? <Link to={link(`/matrix/accounts/${a.paired.id}`)}><AccountCell account={a.paired} /></Link> : "—" }]
          : [{ label: t("publics"), value: publics.data?.items.length ? publics.data.items.map((p) => <div key={p.id}><Link to={link(`/matrix/accounts/${p.id}`)}><AccountCell account={p} /></Link></div>) : "—" }]),
        { label: t("tags"), value: a.tags.length ? a.tags.join(comma()) : "—" },
        { label: t("created"), value: <Day value={a.created_day} /> },
      ]}
    />
  );
}

/** Who answered for the account, and every change with who and why. */
export function Custody({ account: a }: { account: Account }) {
  const got = useGet<{ items: Entry[] }>(`${API}/accounts/${a.id}/timeline`);
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const items = got.data?.items ?? [];
  return (
    <Timeline
      items={[
        ...items.map((e) => ({ key: e.id, content: <Line e={e} /> })),
        { key: "start", content: <span className="k-muted">{t("registered", { day: dayText(a.created_day) })}{!items.length && ` · ${t("timelineNone")}`}</span> },
      ]}
    />
  );
}

function Line({ e }: { e: Entry }) {
  const done = e.checklist.filter((c) => c.done).length;
  return (
    <div>
      <div>
        <b>{t.slug("what", e.what)}</b> {change(e)}
      </div>
      {e.reason && <div>{e.reason}</div>}
      {e.checklist.length > 0 && (
        <details>
          <summary className="k-muted">
            {t("checklist")} {done}/{e.checklist.length}
          </summary>
          {e.checklist.map((c) => (
            <div key={c.key} className="k-muted">
              {c.done ? "✓" : "—"} {t.slug("step", c.key)}
              {c.note && aside(c.note)}
            </div>
          ))}
        </details>
      )}
      <div className="k-muted">
        {timeText(e.at)} · {t("by", { who: e.actor })}
      </div>
    </div>
  );
}

const FIELDS = { status: "status", certification: "cert", level: "level" } as const;

/** From what to what, in words. */
function change(e: Entry): string {
  const word = (v: string) => {
    if (e.what in FIELDS) return t.slug(FIELDS[e.what as keyof typeof FIELDS], v || (e.what === "certification" ? "none" : v));
    if (e.what === "kind") return accountKindName(v);
    if (e.what === "ownership") return ownershipName(v);
    if (e.what === "verified") return t(v === "yes" ? "yes" : "no");
    return v || t("none");
  };
  const parts: string[] = [];
  if (e.from_member || e.to_member) parts.push(t("fromTo", { from: e.from_member || t("nobody"), to: e.to_member || t("nobody") }));
  if (e.from_unit || e.to_unit) parts.push(t("fromTo", { from: e.from_unit || "—", to: e.to_unit || "—" }));
  if (!parts.length && e.what === "handover_due") parts.push(t("handoverDue", { day: dayText(e.to) }));
  else if (!parts.length && e.what === "paired") parts.push(e.to || t("none"));
  else if (!parts.length && (e.from || e.to) && e.what !== "authorisation_ended") parts.push(t("fromTo", { from: word(e.from), to: word(e.to) }));
  return parts.join(" · ");
}

/** Nobody has agreed yet: the next thing to do about a personal account. */
function NoConsent({ account: a }: { account: Account }) {
  const can = useCan();
  const [open, setOpen] = useState(false);
  const may = can("account.handover") && a.status !== "closed" && a.status !== "handed_over";
  return (
    <>
      <p className="k-muted">{t("consentsNone")}</p>
      {may && <Button onClick={() => setOpen(true)}>{t("consent")}</Button>}
      {open && <ConsentDialog account={a} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Consents on record for a personal account. */
export function Consents({ account: a }: { account: Account }) {
  const got = useGet<{ items: Consent[] }>(`${API}/accounts/${a.id}/consents`);
  const rows = got.data?.items ?? [];
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!rows.length) return got.data ? <NoConsent account={a} /> : null;
  return (
    <>
      {rows.map((c) => (
        <div key={c.id} style={{ marginBottom: 12 }}>
          <div>
            <StatusTag tone={c.withdrawn_at ? "off" : "good"}>{t("consentLine", { member: c.member, day: dayText(c.agreed_at.slice(0, 10)), via: t.slug("via", c.via), version: c.text_version })}</StatusTag>
          </div>
          <div className="k-muted">
            {c.purposes.map((p) => t.slug("purpose", p)).join(comma())} · {t("recordedBy", { who: c.recorded_by })}
            {c.proof && ` · ${c.proof}`}
          </div>
          {c.withdrawn_at && <div className="k-muted">{t("consentsGone", { day: dayText(c.withdrawn_at.slice(0, 10)), why: c.withdrawn_reason })}</div>}
        </div>
      ))}
    </>
  );
}
