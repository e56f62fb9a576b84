import { App, Button, DatePicker, Input, Modal } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useCan } from "@/app/session";
import { comma, relativeTime } from "@/i18n/format";
import { lang } from "@/i18n";
import { Day, ErrorState, Facts, Figure, FigureRow, Num, Page, platformName, RelTime, Section, StatusTag, UnitPath, useToast } from "@/ui";
import { lines } from "./diff";
import { t } from "./i18n";
import { Cover, Files, GradeTag, StateTag } from "./parts";
import { PillarName } from "./pillar/parts";
import { usePillars } from "./pillar/types";
import { API, said, type Edition, type Item, type Results } from "./types";

type Verb = "submit" | "approve" | "return" | "retire" | "restore";

/** What can be done in a state. */
function verbsOf(i: Item): Verb[] {
  const out: Verb[] = [];
  if (i.state === "draft" && i.may_write) out.push("submit");
  if (i.state === "checked" && i.may_approve) out.push("return", "approve");
  if (i.state !== "out" && i.may_approve) out.push("retire");
  if (i.state === "out" && i.may_approve) out.push("restore");
  return out;
}

/** One item: what it says, where it stands, its versions, uses and results. */
export default function ItemPage() {
  const { id = "" } = useParams();
  const can = useCan();
  const path = `${API}/items/${id}`;
  const got = useGet<Item>(path);
  const pillars = usePillars().data?.items ?? [];
  const turn = useTurn(got.data);
  const [taking, setTaking] = useState(false);
  const i = got.data;
  if (!i) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const c = i.content;
  return (
    <Page
      back="/content/library"
      title={i.title}
      tab={i.title}
      lead={
        <>
          <StateTag item={i} /> {t(`kind.${i.kind}`)} · {t("version", { n: i.version })}
          {i.live > 0 && i.live !== i.version && ` · ${t("liveVersion", { n: i.live })}`} · {t("by", { name: i.owner || "—" })} {relativeTime(i.updated_at)}
        </>
      }
      actions={
        <>
          {i.may_approve && can("recall.write") && i.uses > 0 && (
            <Button danger onClick={() => setTaking(true)}>
              {t("takeBack")}
            </Button>
          )}
          {verbsOf(i).map((v) => (
            <Button key={v} type={v === "approve" || v === "submit" ? "primary" : "default"} onClick={() => turn(v)}>
              {t(`verb.${v}`)}
            </Button>
          ))}
          {i.may_write && i.state !== "out" && (
            <Link to={`/content/library/${i.id}/edit`}>
              <Button>{t("edit")}</Button>
            </Link>
          )}
        </>
      }
    >
      {i.reason && <p className="k-muted">{t("reasonIs", { reason: i.reason })}</p>}
      {can("library.read") && <ResultsBlock id={id} />}
      <div className="l-two">
        <Section title={t("content")}>
          {c && <Says item={i} />}
          {(i.files?.length ?? 0) > 0 && <Files list={i.files ?? []} />}
        </Section>
        <div>
          <Section title={t("facts")}>
            <Facts
              items={[
                { label: t("unit"), value: <UnitPath unit={i.unit_id} /> },
                { label: t("tags"), value: i.tags.join(comma()) || "—" },
                { label: t("product"), value: i.product || "—" },
                ...(pillars.length ? [{ label: t("pillar"), value: i.pillar_id ? <PillarName pillar={pillars.find((p) => p.id === i.pillar_id)} /> : "—" }] : []),
                { label: t("platforms"), value: (c?.platforms ?? []).map(platformName).join(comma()) || t("allPlatforms") },
                { label: t("holder"), value: c?.holder || "—" },
                { label: t("licence"), value: c?.licence || "—" },
                { label: t("expires"), value: <Day value={c?.expires} /> },
                ...(i.plan_day ? [{ label: t("planDay"), value: <Day value={i.plan_day} /> }] : []),
              ]}
            />
          </Section>
          <Section title={t("verdict")} extra={<GradeTag grade={i.verdict} />}>
            {i.findings?.length ? (
              <ul className="l-editions">
                {i.findings.map((f, k) => (
                  <li key={k}>
                    <q>{f.text}</q> {lang() === "en" && f.reason_en ? f.reason_en : f.reason}
                    {f.article && <div className="k-muted">{f.article}</div>}
                    {f.rewrite && <div>{t("advice", { rewrite: f.rewrite })}</div>}
                  </li>
                ))}
              </ul>
            ) : (
              <p className="k-muted">{t("noFindings")}</p>
            )}
          </Section>
          {i.kind === "asset" && can("library.read") && <ShownIn id={id} />}
        </div>
      </div>
      {can("library.read") && <Editions id={id} live={i.live} />}
      {taking && <TakeBack item={i} onClose={() => setTaking(false)} />}
    </Page>
  );
}

function Says({ item: i }: { item: Item }) {
  const c = i.content;
  if (!c) return null;
  return (
    <>
      {c.stage && <p className="k-muted">{t("stageIs", { stage: c.stage })}</p>}
      {c.objection && <p>{t("objectionIs", { objection: c.objection })}</p>}
      {c.title && <h3 className="l-words">{c.title}</h3>}
      {c.body && <p className="l-words">{c.body}</p>}
      {(c.shots ?? []).length > 0 && (
        <table className="l-table">
          <thead>
            <tr>
              <th>#</th>
              <th>{t(i.kind === "rundown" ? "step" : "scene")}</th>
              <th>{t("words")}</th>
              <th>{t("seconds")}</th>
            </tr>
          </thead>
          <tbody>
            {(c.shots ?? []).map((s, n) => (
              <tr key={n}>
                <td>{n + 1}</td>
                <td className="l-words">{[s.scene, s.note].filter(Boolean).join("\n") || "—"}</td>
                <td className="l-words">{s.words || "—"}</td>
                <td>{s.seconds || "—"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {c.lesson && <p className="l-words">{t("lessonIs", { lesson: c.lesson })}</p>}
      {c.post_url && (
        <p>
          <a href={c.post_url} target="_blank" rel="noopener noreferrer">
            {t("openPost")}
          </a>
        </p>
      )}
    </>
  );
}

function ResultsBlock({ id }: { id: string }) {
  const got = useGet<Results>(`${API}/items/${id}/results`);
  const r = got.data;
  if (!r) return null;
  return (
    <Section title={t("results")} extra={!r.whole && <span className="k-muted">{t("notWhole")}</span>}>
      <FigureRow>
        <Figure label={t("uses")} data={{ value: r.uses }} />
        <Figure label={t("posts")} data={{ value: r.posts }} />
        <Figure label={t("views")} data={{ value: r.views }} />
        <Figure label={t("interactions")} data={{ value: r.interactions }} />
        <Figure label={t("leads")} data={{ value: r.leads }} />
      </FigureRow>
      {r.best.length > 0 ? (
        <>
          <h3>{t("bestAdapters")}</h3>
          <ol>
            {r.best.map((a) => (
              <li key={a.name}>
                <b>{a.name}</b> · {t("postsN", { n: a.posts })} · {t("views")} <Num value={a.views} /> · {t("interactions")} <Num value={a.interactions} />
              </li>
            ))}
          </ol>
        </>
      ) : (
        <p className="k-muted">{r.uses ? t("noFigures") : t("notUsed")}</p>
      )}
      {r.recent.length > 0 && <p className="k-muted">{t("recentUsers", { names: r.recent.join(comma()) })}</p>}
    </Section>
  );
}

function ShownIn({ id }: { id: string }) {
  const got = useGet<{ items: Item[] }>(`${API}/items/${id}/shown-in`);
  const list = got.data?.items ?? [];
  return (
    <Section title={t("shownIn")}>
      {list.length ? (
        <ul className="l-editions">
          {list.map((x) => (
            <li key={x.id}>
              <Link to={`/content/library/${x.id}`} className="l-name">
                <Cover item={x} /> <span>{x.title}</span>
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        <p className="k-muted">{t("shownNowhere")}</p>
      )}
    </Section>
  );
}

/** Every version with what it changed against the one before. */
function Editions({ id, live }: { id: string; live: number }) {
  const got = useGet<{ items: Edition[] }>(`${API}/items/${id}/versions`);
  const [open, setOpen] = useState<number>();
  const list = got.data?.items ?? [];
  if (!list.length) return null;
  return (
    <Section title={t("versions")}>
      <ul className="l-editions">
        {list.map((e, k) => (
          <li key={e.version}>
            <b>{t("version", { n: e.version })}</b> {e.version === live && <StatusTag tone="good">{t("live")}</StatusTag>} <GradeTag grade={e.verdict} />{" "}
            <span className="k-muted">
              {e.made_by || "—"} · <RelTime value={e.made_at} />
              {e.note && ` · ${e.note}`}
            </span>{" "}
            {list[k + 1] && (
              <Button size="small" type="link" onClick={() => setOpen(open === e.version ? undefined : e.version)} aria-expanded={open === e.version}>
                {t("changes")}
              </Button>
            )}
            {open === e.version && list[k + 1] && <Changed before={list[k + 1] as Edition} after={e} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Changed({ before, after }: { before: Edition; after: Edition }) {
  return (
    <div className="l-words">
      {lines(`${before.title}\n${said(before.content)}`, `${after.title}\n${said(after.content)}`).map((l, i) =>
        l.kind === "same" ? <div key={i}>{l.text}</div> : <div key={i}>{l.kind === "new" ? <ins>{l.text || " "}</ins> : <del>{l.text || " "}</del>}</div>,
      )}
    </div>
  );
}

/** Moves an item; asks why where that is needed. */
function useTurn(i: Item | undefined) {
  const toast = useToast();
  const { modal } = App.useApp();
  const send = useSend<Item>("POST", `${API}/items/{id}/{verb}`, [`${API}/`]);
  return (verb: Verb) => {
    if (!i) return;
    let note = "";
    const run = () =>
      send.mutateAsync({ path: { id: i.id, verb }, body: { rev: i.rev, note } }).then(
        () => toast.done(t(`did.${verb}`, { title: i.title })),
        (err: unknown) => {
          toast.failed(err);
          throw err;
        },
      );
    if (verb === "return" || verb === "retire") {
      modal.confirm({
        title: t(`ask.${verb}`, { title: i.title }),
        content: <Input.TextArea autoFocus aria-label={t("why")} placeholder={t("why")} maxLength={500} onChange={(e) => (note = e.target.value)} />,
        okText: t(`verb.${verb}`),
        cancelText: t("cancel"),
        onOk: run,
      });
    } else void run().catch(() => undefined);
  };
}

function TakeBack({ item: i, onClose }: { item: Item; onClose: () => void }) {
  const [terms, setTerms] = useState((i.findings ?? []).map((f) => f.text).filter((x, k, all) => all.indexOf(x) === k).join("\n"));
  const [reason, setReason] = useState("");
  const [due, setDue] = useState(dayjs().add(3, "day"));
  const toast = useToast();
  const send = useSend<{ recall_id: string }>("POST", `${API}/items/{id}/take-back`, [`${API}/`, "/api/v1/recall/"]);
  const list = terms.split("\n").map((x) => x.trim()).filter(Boolean);
  const ok = () =>
    send.mutate(
      { path: { id: i.id }, body: { terms: list, reason, due: due.format("YYYY-MM-DD") } },
      { onSuccess: () => { toast.done(t("takenBack", { title: i.title })); onClose(); }, onError: toast.failed },
    );
  return (
    <Modal open title={t("takeBackAsk", { title: i.title })} okText={t("takeBack")} cancelText={t("cancel")} onCancel={onClose} onOk={ok} confirmLoading={send.isPending} okButtonProps={{ danger: true, disabled: !list.length || !reason.trim() }}>
      <p>{t("takeBackText", { n: i.uses })}</p>
      <p>
        <Input.TextArea aria-label={t("terms")} placeholder={t("terms")} rows={3} value={terms} onChange={(e) => setTerms(e.target.value)} />
      </p>
      <p>
        <Input aria-label={t("why")} placeholder={t("why")} maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
      </p>
      <DatePicker aria-label={t("due")} value={due} allowClear={false} onChange={(d) => d && setDue(d)} />
    </Modal>
  );
}
