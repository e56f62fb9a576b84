import { Skeleton } from "antd";
import { useGet, useSend, type PageOf } from "@/api";
import { ErrorState, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { KindTable } from "./KindTable";
import { API, CHANNELS, type Preference } from "./types";

/** How kinds come to people who chose nothing. */
export default function Defaults() {
  const path = `${API}/defaults`;
  const got = useGet<PageOf<Preference>>(path);
  const set = useSend("PUT", path, [path, `${API}/preferences`]);
  const toast = useToast();
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!got.data) return <Skeleton active paragraph={{ rows: 10 }} />;
  return (
    <Section title={t("tabKinds")}>
      <p className="k-muted">{t("kindsText")}</p>
      <KindTable
        items={got.data.items ?? []}
        channels={[...CHANNELS]}
        onChoose={(k, channel, mode) =>
          set.mutate(
            { body: { kind: k.kind, channel, mode } },
            { onSuccess: () => toast.done(t("chosen", { name: k.name, channel: t(`channel.${channel}`), mode: t(`mode.${mode}`) })), onError: toast.failed },
          )
        }
      />
    </Section>
  );
}
