import { Skeleton } from "antd";
import { useParams } from "react-router";
import { useGet } from "@/api";
import { ErrorState, Page, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { Mine } from "./Mine";
import { StateTag } from "./parts";
import { StoryLine } from "./StoryLine";
import { API, type Story } from "./types";

/** One of the person's own submissions on the console. */
export default function OnePage() {
  const { id = "" } = useParams();
  const toast = useToast();
  const got = useGet<Story>(`${API}/mine/${id}`, undefined, { stale: 0 });
  const reading = got.data?.state === "reading";
  const again = useGet<Story>(reading ? `${API}/mine/${id}` : null, { again: "" }, { every: 2000 });
  const s = (reading && again.data) || got.data;
  if (!s) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : <Skeleton active paragraph={{ rows: 8 }} />;
  return (
    <Page title={s.title} lead={<StateTag state={s.state} />} back="/desk/mine">
      <div style={{ maxWidth: 760 }}>
        <Section>
          <Mine key={`${s.version}-${s.state}`} story={s} say={toast} />
        </Section>
        <Section title={t("history")}>
          <StoryLine story={s} />
        </Section>
      </div>
    </Page>
  );
}
