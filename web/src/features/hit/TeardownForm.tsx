import { Alert, Button, Input } from "antd";
import { useEffect, useState } from "react";
import { asProblem, request, useGet, useRefresh } from "@/api";
import { comma, relativeTime } from "@/i18n/format";
import { ErrorState, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { API, type Edition, type Fields, type Teardown } from "./types";
import "./hit.css";

/** Fields that take more than a line. */
const LONG = ["title_words", "opening", "middle", "ending", "creative", "emotion", "usefulness", "scenes", "editing"];

const fieldName = (f: string): string => t.slug("field", f);

/** The PCTI teardown: filled with what is known, the rest by hand; two editors are told of each other. */
export function TeardownForm({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const path = `${API}/hits/${id}/teardown`;
  const got = useGet<Teardown>(path);
  const versions = useGet<{ items: Edition[] }>(`${path}/versions`);
  const toast = useToast();
  const refresh = useRefresh();
  const [mine, setMine] = useState<Fields | null>(null);
  const [base, setBase] = useState<Fields>({}); // what was read, or saved last
  const [rev, setRev] = useState(0);
  const [busy, setBusy] = useState(false);
  const [clash, setClash] = useState<Clash | null>(null);
  const td = got.data;
  useEffect(() => {
    if (td && mine === null) {
      setMine(td.fields);
      setBase(td.fields);
      setRev(td.rev);
    }
  }, [td, mine]);
  if (!td || !mine) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  const save = async (over: number, fields: Fields) => {
    setBusy(true);
    try {
      const made = await request<{ rev: number }>("PUT", path, { body: { rev: over, fields } });
      setRev(made.rev);
      setBase(fields);
      setClash(null);
      refresh(path);
      toast.done(t("teardownSaved", { n: made.rev }));
    } catch (err) {
      if (asProblem(err).slug !== "hit.teardown_changed") return toast.failed(err);
      setClash(await theirs(path, asProblem(err).message, base));
    } finally {
      setBusy(false);
    }
  };
  const list = versions.data?.items ?? [];
  return (
    <Section
      title={t("teardown")}
      extra={
        <span className="ht-row">
          <span className="k-muted">{list[0] ? t("savedBy", { n: list[0].rev, by: list[0].by, at: relativeTime(list[0].at) }) : t("neverSaved")}</span>
          {mayWrite && (
            <Button type="primary" loading={busy} onClick={() => void save(rev, mine)}>
              {t("saveTeardown")}
            </Button>
          )}
        </span>
      }
    >
      {clash && <ClashNote clash={clash} mine={mine} onTheirs={() => { setMine({ ...mine, ...Object.fromEntries(clash.changed.map((f) => [f, clash.now.fields[f] ?? ""])) }); setBase(clash.now.fields); setRev(clash.now.rev); setClash(null); }} onMine={() => void save(clash.now.rev, mine)} />}
      {td.parts.map((p) => (
        <fieldset key={p.key} className="ht-part">
          <legend>{t(`part.${p.key}`)}</legend>
          <div className="ht-fields">
            {p.fields.map((f) => (
              <label key={f} className={LONG.includes(f) ? "ht-long" : undefined}>
                <span>
                  {fieldName(f)} {td.known[f] && mine[f] === td.known[f] && <small className="k-muted">{t("filledIn")}</small>}
                </span>
                <Input.TextArea autoSize={{ minRows: LONG.includes(f) ? 2 : 1, maxRows: 8 }} maxLength={2000} readOnly={!mayWrite} placeholder={td.known[f] || t.slug("hint", f)} value={mine[f] ?? ""} onChange={(e) => setMine({ ...mine, [f]: e.target.value })} />
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      {list.length > 1 && (
        <details>
          <summary>{t("versions", { n: list.length })}</summary>
          <ul>
            {list.map((v) => (
              <li key={v.rev}>
                {t("version", { n: v.rev, by: v.by, at: relativeTime(v.at) })} <span className="k-muted">{v.changed.map(fieldName).join(comma())}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

/** What somebody else saved meanwhile. */
interface Clash {
  message: string;
  now: Teardown;
  changed: string[];
}

/** Reads the newer version and which fields it says otherwise than the one that was read. */
async function theirs(path: string, message: string, read: Fields): Promise<Clash> {
  const now = await request<Teardown>("GET", path);
  const names = now.parts.flatMap((p) => p.fields);
  return { message, now, changed: names.filter((f) => (now.fields[f] ?? "") !== (read[f] ?? "")) };
}

function ClashNote({ clash: c, mine, onTheirs, onMine }: { clash: Clash; mine: Fields; onTheirs: () => void; onMine: () => void }) {
  return (
    <Alert
      type="warning"
      role="alert"
      style={{ marginBottom: 12 }}
      title={c.message}
      description={
        <>
          <ul>
            {c.changed.map((f) => (
              <li key={f}>
                <b>{fieldName(f)}</b> {t("theirs", { text: c.now.fields[f] || "—" })} {(mine[f] ?? "") !== (c.now.fields[f] ?? "") && <span className="k-muted">{t("yours", { text: mine[f] || "—" })}</span>}
              </li>
            ))}
          </ul>
          <span className="ht-row">
            <Button size="small" onClick={onTheirs}>
              {t("takeTheirs")}
            </Button>
            <Button size="small" danger onClick={onMine}>
              {t("keepMine")}
            </Button>
          </span>
        </>
      }
    />
  );
}
