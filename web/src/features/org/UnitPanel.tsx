import { Alert, Button, Skeleton, Tabs, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet, useSend } from "@/api";
import { useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { dayText } from "@/i18n/format";
import { CityName, Day, ErrorState, Facts, Num, Section, StatusTag, unitKindName, useToast } from "@/ui";
import { t } from "./i18n";
import { Timeline } from "./Timeline";
import { API, DROPS, type Unit, type UnitView } from "./types";
import { CloseUnit, EditUnit, MoveUnit } from "./UnitDialogs";

type Act = "" | "edit" | "move" | "merge" | "close";

/** One unit: what lies in it, its facts, what can be done, its history. */
export function UnitPanel({ id, onGo }: { id: string; onGo: (id: string) => void }) {
  const q = useGet<UnitView>(`${API}/units/${id}`);
  const [act, setAct] = useState<Act>("");
  if (q.error) return <ErrorState error={q.error} onRetry={() => void q.refetch()} />;
  if (!q.data) return <Skeleton active paragraph={{ rows: 10 }} />;
  const { unit, parents } = q.data;
  const close = () => setAct("");
  return (
    <div>
      <Section
        title={
          <>
            {unit.name} <small className="k-muted">{unitKindName(unit.kind)}</small>
          </>
        }
        extra={unit.status === "closed" && <StatusTag tone="off">{t("isClosed")}</StatusTag>}
      >
        <Actions view={q.data} onAct={setAct} />
        <Planned view={q.data} />
        <Counts unit={unit} />
        <Tabs
          items={[
            { key: "facts", label: t("facts"), children: <UnitFacts unit={unit} parents={parents} /> },
            { key: "history", label: t("history"), children: <Timeline path={`${API}/units/${id}/history`} /> },
          ]}
        />
      </Section>
      {act === "edit" && <EditUnit unit={unit} onClose={close} />}
      {act === "move" && <MoveUnit unit={unit} onClose={close} />}
      {act === "merge" && <CloseUnit unit={unit} merge onClose={close} onDone={onGo} />}
      {act === "close" && <CloseUnit unit={unit} onClose={close} onDone={() => onGo(unit.parent_id ?? "")} />}
    </div>
  );
}

function Actions({ view, onAct }: { view: UnitView; onAct: (a: Act) => void }) {
  const can = useCan();
  const toast = useToast();
  const { unit } = view;
  const reopen = useSend<Unit>("POST", `${API}/units/{id}/reopen`, DROPS);
  if (!can("org.write")) return null;
  if (unit.status === "closed") {
    return (
      <div className="o-actions">
        <Button
          loading={reopen.isPending}
          onClick={() => reopen.mutate({ path: { id: unit.id } }, { onSuccess: () => toast.done(t("reopened", { name: unit.name })), onError: toast.failed })}
        >
          {t("reopen")}
        </Button>
      </div>
    );
  }
  return (
    <div className="o-actions">
      <Button onClick={() => onAct("edit")}>{t("edit")}</Button>
      {unit.parent_id && (
        <>
          <Button onClick={() => onAct("move")} disabled={view.planned.length > 0}>
            {t("move")}
          </Button>
          <Button onClick={() => onAct("merge")}>{t("merge")}</Button>
          <Button danger onClick={() => onAct("close")}>
            {t("close")}
          </Button>
        </>
      )}
    </div>
  );
}

function Planned({ view }: { view: UnitView }) {
  const toast = useToast();
  const can = useCan();
  const cancel = useSend("DELETE", `${API}/units/{id}/move`, DROPS);
  const move = view.planned[0];
  if (!move) return null;
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 16 }}
      title={t("plannedNote", { day: dayText(move.day), target: view.target })}
      description={move.why || undefined}
      action={
        can("org.write") && (
          <Button
            size="small"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ path: { id: view.unit.id } }, { onSuccess: () => toast.done(t("plannedCancelled")), onError: toast.failed })}
          >
            {t("plannedCancel")}
          </Button>
        )
      }
    />
  );
}

function Counts({ unit }: { unit: Unit }) {
  const link = useScopedLink();
  const can = useCan();
  return (
    <div className="o-counts">
      <div>
        <span className="k-muted">{t("subUnits")}</span>
        <b>
          <Num value={Math.max(0, unit.all_units - 1)} />
        </b>
      </div>
      <div>
        <span className="k-muted">{t("members")}</span>
        <b>
          <Num value={unit.all_members} />
        </b>
        <small className="k-muted">{t("own", { n: unit.members })}</small>
        {can("org.member_read") && (
          <div>
            <Link to={link("/matrix/members", { unit: unit.id })}>{t("showMembers")}</Link>
          </div>
        )}
      </div>
      <div>
        <span className="k-muted">{t("accounts")}</span>
        <b>
          <Num value={unit.all_accounts} />
        </b>
        <small className="k-muted">{t("own", { n: unit.accounts })}</small>
        {can("account.read") && (
          <div>
            <Link to={link("/matrix/accounts", { unit: unit.id })}>{t("showAccounts")}</Link>
          </div>
        )}
      </div>
    </div>
  );
}

function UnitFacts({ unit, parents }: { unit: Unit; parents: Unit[] }) {
  const facts = [
    { label: t("path"), value: [...parents, unit].map((u) => u.name).join(" / ") },
    { label: t("kind"), value: unitKindName(unit.kind) },
    { label: t("code"), value: unit.code || "—" },
    { label: t("city"), value: <CityName code={unit.city} /> },
    { label: t("storeType"), value: unit.store_type || "—" },
    { label: t("tags"), value: unit.tags.length ? unit.tags.map((x) => <Tag key={x}>{x}</Tag>) : "—" },
    { label: t("opened"), value: unit.opened_day ? <Day value={unit.opened_day} /> : "—" },
  ];
  if (unit.closed_day) facts.push({ label: t("closed"), value: <Day value={unit.closed_day} /> });
  return <Facts items={facts} />;
}
