import { Button, Select } from "antd";
import { useEffect, useState } from "react";
import { asProblem, request, useGet, type PageOf } from "@/api";
import { useCan } from "@/app/session";
import { fullNumber } from "@/i18n/format";
import { platformName, PLATFORMS, Section } from "@/ui";
import { t } from "./i18n";
import { GradeTag } from "./parts";
import { API, type Content, type Kind, type Preview } from "./types";

/** How many people a store may have before the texts run out. */
const FEW = 30;

/** The text as people will get it: how many there are, what is too long, some of them filled for a chosen member. */
export function PreviewBox({ kind, content, product }: { kind: Kind; content: Content; product?: string }) {
  const [member, setMember] = useState<string>();
  const [platform, setPlatform] = useState<string>();
  const [from, setFrom] = useState(0);
  const [got, setGot] = useState<Preview>();
  const [failed, setFailed] = useState("");
  const key = JSON.stringify(content);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const body = { kind, content: JSON.parse(key) as Content, product_id: product ?? null, member_id: member ?? null, platform: platform ?? "", from };
      request<Preview>("POST", `${API}/preview`, { body, signal: stop.signal })
        .then((p) => {
          setGot(p);
          setFailed("");
        })
        .catch((err: unknown) => !stop.signal.aborted && setFailed(asProblem(err).message));
    }, 400);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [kind, key, product, member, platform, from]);
  return (
    <Section
      title={t("preview")}
      extra={
        <Button size="small" onClick={() => setFrom((n) => n + 3)} disabled={!got || got.choices < 4}>
          {t("others")}
        </Button>
      }
    >
      <div style={{ display: "grid", gap: 8, marginBottom: 8 }}>
        <MemberSelect value={member} onChange={setMember} />
        <Select aria-label={t("platform")} allowClear placeholder={t("anyPlatform")} value={platform} onChange={setPlatform} options={PLATFORMS.map((value) => ({ value, label: platformName(value) }))} />
      </div>
      {failed && <p className="k-bad">{failed}</p>}
      {got?.fault && <p className="k-bad">{t("faultAt", { line: got.fault.line, column: got.fault.column, what: t.slug("fault", got.fault.slug.replace("library.syntax_", "")) })}</p>}
      {got && !got.fault && (content.title || content.body || content.shots?.length ? <Strength p={got} /> : <p className="k-muted">{t("previewNone")}</p>)}
    </Section>
  );
}

function Strength({ p }: { p: Preview }) {
  return (
    <>
      <p>
        <b>{t("textsN", { n: fullNumber(p.texts) })}</b> {p.groups.length > 0 && <span className="k-muted">{p.groups.map((g) => `${g.name} ${g.alternatives}`).join(" × ")}</span>}
      </p>
      {p.texts < FEW && <p className="k-warn">{t("tooFew", { n: fullNumber(p.texts) })}</p>}
      {p.too_long.map((l) => (
        <p key={l.platform + l.field} className="k-warn">
          {t("tooLong", { platform: platformName(l.platform), field: t.slug("field", l.field), over: l.over, most: l.most })}
        </p>
      ))}
      {p.shown.map((x, i) => (
        <div key={i} className="l-shown">
          <GradeTag grade={x.verdict} /> {x.fault && <span className="k-bad">{t("valueMissing", { name: x.name })}</span>}
          {x.title && (
            <p>
              <b>{x.title}</b>
            </p>
          )}
          <p className="l-words">{x.body}</p>
        </div>
      ))}
    </>
  );
}

interface Member {
  id: string;
  name: string;
  unit_path: string;
}

/** A member whose values are filled in. */
function MemberSelect({ value, onChange }: { value?: string; onChange: (v?: string) => void }) {
  const can = useCan();
  const [typed, setTyped] = useState("");
  const found = useGet<PageOf<Member>>(can("org.member_read") ? "/api/v1/org/members" : null, { q: typed.trim(), status: "active", limit: 10 }, { keep: true });
  const options = (found.data?.items ?? []).map((m) => ({ value: m.id, label: `${m.name} · ${m.unit_path}` }));
  return <Select aria-label={t("member")} allowClear placeholder={t("memberHint")} value={value} onChange={onChange} showSearch={{ filterOption: false, onSearch: setTyped }} options={options} notFoundContent={null} />;
}
