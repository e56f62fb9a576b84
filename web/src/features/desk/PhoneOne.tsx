import { Toast } from "antd-mobile";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { useGet } from "@/api";
import { Failed, Waiting } from "@/phone/kit";
import { t } from "./i18n";
import { Mine } from "./Mine";
import { told } from "./PhoneNew";
import { API, type Story } from "./types";

/** One of the person's own submissions on the phone. */
export default function PhoneOne() {
  const { id = "" } = useParams();
  const got = useGet<Story>(`${API}/mine/${id}`, undefined, { stale: 0 });
  const reading = got.data?.state === "reading";
  const again = useGet<Story>(reading ? `${API}/mine/${id}` : null, { again: "" }, { every: 2000 });
  const story = (reading && again.data) || got.data;
  useEffect(() => {
    document.title = `${story?.title ?? t("mineTitle")} · Kosmos`;
  }, [story?.title]);
  if (!story) return got.error ? <Failed error={got.error} onRetry={() => void got.refetch()} /> : <Waiting />;
  return (
    <article>
      <p style={{ margin: 0 }}>
        <Link to="/desk/mine">‹ {t("toMine")}</Link>
      </p>
      <h1>{story.title}</h1>
      <section className="p-card">
        <Mine key={`${story.version}-${story.state}`} story={story} say={{ done: (content) => Toast.show({ content }), failed: (err) => Toast.show({ content: told(err), duration: 4000 }) }} />
      </section>
    </article>
  );
}
