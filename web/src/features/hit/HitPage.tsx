import { Button } from "antd";
import { Link, useNavigate, useParams } from "react-router";
import { useGet, useRefresh, useSend } from "@/api";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import { ErrorState, Num, Page, Section, useToast } from "@/ui";
import { Curve, HitFacts, Verbs } from "./HitDrawer";
import { t } from "./i18n";
import { TeardownForm } from "./TeardownForm";
import { API, type Compared, type Detail, type Hit, type Results } from "./types";
import { Signals, timesText, whyText } from "./Why";
import "./hit.css";

/** One hit: why it is one, how it was taken apart, and what its template brought. */
export default function HitPage() {
  const { id = "" } = useParams();
  const got = useGet<Detail>(`${API}/hits/${id}`);
  const d = got.data;
  if (!d) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  return (
    <Page back="/content/hits" title={d.hit.title || t("untitled")} tab={d.hit.title} lead={whyText(d.hit.signals[0]) || d.hit.note || t(`origin.${d.hit.origin}`)} actions={<><Verbs hit={d.hit} /><MakeTemplate hit={d.hit} /></>}>
      {d.hit.template_id && <Outcome hit={d.hit} />}
      <div className="ht-two">
        <Section title={t("known")}>
          <HitFacts detail={d} />
        </Section>
        {(d.steps.length > 0 || d.hit.signals.length > 0) && (
          <Section title={t("whyTitle")}>
            {d.hit.signals.length > 0 && <Signals signals={d.hit.signals} />}
            <Curve detail={d} />
          </Section>
        )}
      </div>
      <TeardownForm id={id} mayWrite={d.may_write} />
    </Page>
  );
}

/** One click: a template of the library, or the one that there is. */
function MakeTemplate({ hit: h }: { hit: Hit }) {
  const can = useCan();
  const go = useNavigate();
  const toast = useToast();
  const refresh = useRefresh();
  const make = useSend<{ item_id: string; fresh: boolean }>("POST", `${API}/hits/{id}/template`, [`${API}/`]);
  if (h.template_id) {
    return (
      <Link to={`/content/library/${h.template_id}`}>
        <Button>{t("seeTemplate")}</Button>
      </Link>
    );
  }
  if (!can("hit.write") || !can("library.write")) return null;
  const run = () =>
    make.mutate(
      { path: { id: h.id } },
      {
        onSuccess: (m) => {
          toast.done(t(m.fresh ? "templateMade" : "templateThere"));
          refresh("/api/v1/library/");
          void go(`/content/library/${m.item_id}`);
        },
        onError: toast.failed,
      },
    );
  return (
    <Button type="primary" loading={make.isPending} onClick={run}>
      {t("makeTemplate")}
    </Button>
  );
}

/** What became of the template. */
function Outcome({ hit: h }: { hit: Hit }) {
  const got = useGet<Results>(`${API}/hits/${h.id}/results`);
  const r = got.data;
  return (
    <Section title={t("outcome")} extra={<Link to={`/content/library/${h.template_id}`}>{t("seeTemplate")}</Link>}>
      <p className="k-muted">{t("madeBy", { by: h.template_by, at: timeText(h.template_at) })}</p>
      {r && (
        <dl className="ht-figures">
          {(["uses", "posts", "views", "interactions", "leads"] as const).map((k) => (
            <div key={k}>
              <dt>{t(`result.${k}`)}</dt>
              <dd>
                <Num value={r[k]} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {r && <p>{r.compared_views.posts > 0 ? <Against what="views" c={r.compared_views} /> : t("notCompared")}</p>}
      {r && r.compared_interactions.posts > 0 && <p><Against what="interactions" c={r.compared_interactions} /></p>}
    </Section>
  );
}

function Against({ what, c }: { what: "views" | "interactions"; c: Compared }) {
  return <>{t("against", { metric: t(`metric.${what}`), times: timesText(c.times), n: c.posts, above: c.above })}</>;
}
