import { Button } from "antd";
import { useGet, useSend } from "@/api";
import { money } from "@/i18n/format";
import { EmptyState, ErrorState, Page, PlatformGlyph, Section, useToast } from "@/ui";
import { t } from "./i18n";
import { API, type Stale } from "./types";
import { Marked } from "./words";

/** The caller's own posts and templates that show an old price. */
export default function MyStale() {
  const got = useGet<{ items: Stale[] }>(`${API}/mine`);
  const fixed = useSend("POST", `${API}/mine/{product}/{object}/fixed`, [`${API}/`, "/api/v1/todo/"]);
  const toast = useToast();
  const rows = got.data?.items ?? [];
  return (
    <Page title={t("mine")} lead={t("mineLead")}>
      {got.error && <ErrorState error={got.error} onRetry={() => void got.refetch()} />}
      {got.data && rows.length === 0 && <EmptyState title={t("mineNone")} text={t("mineNoneText")} />}
      {rows.map((s) => (
        <Section
          key={s.product_id + s.object_id}
          title={t("changeTo", { product: s.product, old: money(s.old), now: s.new ? money(s.new) : t("noPrice") })}
          extra={
            s.kind === "post" && (
              <Button
                size="small"
                onClick={() => fixed.mutate({ path: { product: s.product_id, object: s.object_id } }, { onSuccess: () => toast.done(t("markedFixed")), onError: toast.failed })}
              >
                {t("verb.fixed")}
              </Button>
            )
          }
        >
          <p>
            <Marked text={s.content} span={s.span} />
          </p>
          <p className="k-muted">
            {s.kind === "template" ? t("kind.template") : <><PlatformGlyph platform={s.account.platform} bare /> {s.account.name || s.account.handle}</>}
            {s.url && (
              <>
                {" · "}
                <a href={s.url} target="_blank" rel="noopener noreferrer">
                  {t("openLink")}
                </a>
              </>
            )}
          </p>
        </Section>
      ))}
    </Page>
  );
}
