import { Button } from "antd";
import { useNavigate } from "react-router";
import { useCan } from "@/app/session";
import { EmptyState, Section } from "@/ui";
import { t } from "./i18n";
import "./insight.css";

/** Accounts without any figures in the period: says where figures come from. */
export function NoFiles() {
  const navigate = useNavigate();
  const can = useCan();
  return (
    <Section>
      <EmptyState
        title={t("filesTitle")}
        text={t("filesText")}
        action={
          can("reflow.import") && (
            <Button type="primary" onClick={() => void navigate("/data/imports")}>
              {t("startFiles")}
            </Button>
          )
        }
      />
    </Section>
  );
}

/** What an empty brand sees: the two steps that bring the matrix in, one button each. */
export function Start() {
  const navigate = useNavigate();
  const can = useCan();
  const steps = [
    { key: "roster", title: t("startRoster"), text: t("startRosterText") },
    { key: "files", title: t("startFiles"), text: t("startFilesText") },
  ];
  return (
    <>
      <h2 style={{ margin: "8px 0 4px" }}>{t("startTitle")}</h2>
      <p className="k-lead" style={{ marginBottom: 16 }}>
        {t("startText")}
      </p>
      <div className="i-start">
        {steps.map((s, i) => (
          <section key={s.key} className="k-card">
            <span className="k-muted">{t("startStep", { n: i + 1 })}</span>
            <h2>{s.title}</h2>
            <p>{s.text}</p>
            {can("reflow.import") && (
              <div className="k-actions">
              <Button type={i === 0 ? "primary" : "default"} onClick={() => void navigate("/data/imports")}>
                {s.title}
              </Button>
              {i === 0 && (
                <Button type="link" href="/api/v1/reflow/roster-template">
                  {t("startTemplate")}
                </Button>
              )}
              </div>
            )}
          </section>
        ))}
      </div>
    </>
  );
}
