import { useQuery } from "@tanstack/react-query";
import { Button, Result, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { asProblem, request } from "@/api";
import { lang } from "@/i18n";
import { t } from "./i18n";
import { API } from "./types";

/** Stopping mail by the link of a mail, without signing in. The token stands behind "#", so that no log of addresses holds it. */
export default function Unsubscribe() {
  const [token] = useState(() => location.hash.slice(1));
  const [done, setDone] = useState(false);
  const [fault, setFault] = useState("");
  const about = useQuery({
    queryKey: ["unsubscribe", token],
    queryFn: () => request<{ name: string }>("GET", `${API}/unsubscribe`, { query: { token, lang: lang() } }),
    enabled: token !== "",
    retry: false,
  });
  useEffect(() => {
    document.title = `${t("stopTitle")} · Kosmos`;
  }, []);
  const stop = (all: boolean) =>
    request("POST", `${API}/unsubscribe`, { query: { token, all } }).then(
      () => setDone(true),
      (err: unknown) => setFault(asProblem(err).message),
    );
  const login = <Button href="/notices?settings=1">{t("toLogin")}</Button>;
  return <main className="k-center">{body()}</main>;

  function body() {
    if (token === "" || about.isError) return <Result status="warning" title={<h1>{t("stopBroken")}</h1>} subTitle={t("stopBrokenText")} extra={login} />;
    if (done) return <Result status="success" title={<h1>{t("stopped")}</h1>} subTitle={t("stoppedText")} extra={login} />;
    if (!about.data) return <Skeleton active style={{ padding: 48 }} />;
    const name = about.data.name;
    return (
      <Result
        status="info"
        title={<h1>{name ? t("stopKind", { name }) : t("stopTitle")}</h1>}
        subTitle={fault || t("stopLead")}
        extra={[
          name && (
            <Button key="one" type="primary" onClick={() => void stop(false)}>
              {t("stopOne", { name })}
            </Button>
          ),
          <Button key="all" type={name ? "default" : "primary"} onClick={() => void stop(true)}>
            {t("stopAll")}
          </Button>,
        ]}
      />
    );
  }
}
