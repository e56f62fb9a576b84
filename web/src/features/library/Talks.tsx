import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Link } from "react-router";
import { useGet } from "@/api";
import { useScope, useUrlStates } from "@/app/scope";
import { useCan } from "@/app/session";
import { EmptyState, ErrorState, FilterBar, filterValues, Page, Section, type Filter } from "@/ui";
import { byStage, type TalkList } from "./talk";
import { t } from "./i18n";
import { StateTag } from "./parts";
import { API } from "./types";
import "./library.css";

/** What to say, stage by stage: the customer's doubt and the answer. */
export default function Talks() {
  const can = useCan();
  const { unit } = useScope();
  const [params] = useUrlStates();
  const all = useGet<TalkList>(`${API}/talks`, { unit });
  const products = new Map((all.data?.items ?? []).filter((i) => i.product_id).map((i) => [i.product_id as string, i.product]));
  const filters: Filter[] = [
    { key: "q", type: "search", label: t("searchTalks"), width: 220 },
    { key: "stage", type: "select", label: t("stage"), options: (all.data?.stages ?? []).map((value) => ({ value, label: value })) },
    { key: "product", type: "select", label: t("product"), options: [...products].map(([value, label]) => ({ value, label })) },
  ];
  const got = useGet<TalkList>(`${API}/talks`, { unit, ...filterValues(params, filters) }, { keep: true });
  const add = can("library.write") ? (
    <Link to="/content/library/new/talk">
      <Button type="primary" icon={<PlusOutlined />}>
        {t("new.talk")}
      </Button>
    </Link>
  ) : undefined;
  const list = got.data?.items ?? [];
  return (
    <Page back="/content/library" title={t("talksTitle")} lead={t("talksLead", { n: all.data?.items.length ?? 0, stages: all.data?.stages.length ?? 0 })} actions={add}>
      <div className="l-bar">
        <FilterBar filters={filters} />
      </div>
      {got.error ? (
        <ErrorState error={got.error} onRetry={() => void got.refetch()} />
      ) : got.data && !list.length ? (
        <EmptyState title={t(all.data?.items.length ? "notFound" : "noTalks")} text={t("noTalksText")} action={add} />
      ) : (
        byStage(list).map(([stage, items]) => (
          <Section key={stage} title={stage || t("noStage")}>
            <ul className="l-editions">
              {items.map((i) => (
                <li key={i.id}>
                  <Link to={`/content/library/${i.id}`}>
                    <b>{i.objection ? t("objectionIs", { objection: i.objection }) : i.title}</b>
                  </Link>{" "}
                  {i.state !== "approved" && <StateTag item={i} />} {i.product && <span className="k-muted">{i.product}</span>}
                  <p className="l-words" style={{ margin: "4px 0 0" }}>{i.body}</p>
                </li>
              ))}
            </ul>
          </Section>
        ))
      )}
    </Page>
  );
}
