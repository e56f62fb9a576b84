import { useEffect, type ReactNode } from "react";
import { Link } from "react-router";
import { t } from "./i18n";
import "./ui.css";

/** Props of Page. */
export interface PageProps {
  title: ReactNode;
  /** The tab's title when `title` is not plain text. */
  tab?: string;
  /** One sentence below the title: what the page says today. */
  lead?: ReactNode;
  /** Buttons at the right; the main one last. */
  actions?: ReactNode;
  /** Where "back" goes on a detail page. */
  back?: string;
  children: ReactNode;
}

/** A page: title, one sentence, actions, content. */
export function Page({ title, tab, lead, actions, back, children }: PageProps) {
  const text = tab ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = text ? `${text} · Kosmos` : "Kosmos";
  }, [text]);
  return (
    <>
      <div className="k-page-head">
        <div className="k-page-name">
          {back && (
            <Link to={back} className="k-back">
              ‹ {t("back")}
            </Link>
          )}
          <h1>{title}</h1>
          {lead && <p className="k-lead">{lead}</p>}
        </div>
        {actions && <div className="k-actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}

/** A titled block on a page. */
export function Section(props: { title?: ReactNode; extra?: ReactNode; flush?: boolean; children: ReactNode }) {
  return (
    <section className="k-card">
      {(props.title || props.extra) && (
        <div className="k-card-head">
          {props.title && <h2>{props.title}</h2>}
          <div className="k-gap" />
          {props.extra}
        </div>
      )}
      <div className={props.flush ? undefined : "k-card-body"}>{props.children}</div>
    </section>
  );
}

/** Name and value pairs. Leaves nothing out: a missing value shows as "—". */
export function Facts({ items }: { items: { label: ReactNode; value: ReactNode; key?: string }[] }) {
  return (
    <dl className="k-facts">
      {items.map((f, i) => (
        <div key={f.key ?? i}>
          <dt>{f.label}</dt>
          <dd>{f.value ?? "—"}</dd>
        </div>
      ))}
    </dl>
  );
}
