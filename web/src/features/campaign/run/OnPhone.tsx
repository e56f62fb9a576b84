import { useMemo } from "react";
import { useParams } from "react-router";
import { useGet } from "@/api";
import { ErrorState, Page, Section } from "@/ui";
import { t as words } from "../i18n";
import { qrOf } from "../qr";
import { API, type MyPage } from "../types";
import "../console.css";

/** An own task, or all of them, opened on a computer: they are done on the phone, so here is the way to it. */
export default function OnPhone() {
  const { id = "" } = useParams();
  const got = useGet<MyPage>(id ? `${API}/mine/${id}` : null);
  const link = `${location.origin}/m/tasks${id && `/${id}`}`;
  const code = useMemo(() => qrOf(link), [link]);
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  const title = got.data?.task.title ?? words("todayTitle");
  return (
    <Page title={title} lead={got.data?.task.why}>
      <Section title={words("deskTitle")}>
        <p>{words("deskText")}</p>
        {code && (
          <svg className="c-qr" viewBox={`-4 -4 ${code.length + 8} ${code.length + 8}`} role="img" aria-label={words("deskTitle")}>
            <rect x={-4} y={-4} width={code.length + 8} height={code.length + 8} fill="#fff" />
            <path d={code.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("")} fill="#000" />
          </svg>
        )}
        <p>
          <a href={link}>{words("deskOpen")}</a>
        </p>
      </Section>
    </Page>
  );
}
