import { Skeleton } from "antd";
import { useParams } from "react-router";
import { useGet } from "@/api";
import { useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { accountKindName, ErrorState, Page, platformName, Section } from "@/ui";
import { AccountActions } from "./actions";
import { BLOCKS } from "./blocks";
import { AccountFacts, Consents, Custody } from "./detail";
import { t } from "./i18n";
import { AccountCell } from "./parts";
import { API, type Account } from "./types";
import "./account.css";

/** One account: header, facts, what other rooms know of it, custody history. */
export default function AccountPage() {
  const { account = "" } = useParams();
  const link = useScopedLink();
  const can = useCan();
  const got = useGet<Account>(`${API}/accounts/${account}`);
  const a = got.data;
  if (got.error) return <ErrorState error={got.error} onRetry={() => void got.refetch()} />;
  if (!a) return <Skeleton active paragraph={{ rows: 12 }} />;
  return (
    <Page
      title={<AccountCell account={a} />}
      tab={a.name}
      back={link("/matrix/accounts")}
      lead={[platformName(a.platform), accountKindName(a.kind), a.unit.path || a.unit.name, a.member?.name ?? t("nobody")].join(" · ")}
      actions={<AccountActions account={a} />}
    >
      <div className="k-account">
        <div>
          <Section title={t("facts")}>
            <AccountFacts account={a} />
          </Section>
          {a.ownership === "personal" && (
            <Section title={t("consents")}>
              <Consents account={a} />
            </Section>
          )}
        </div>
        <div>
          {BLOCKS.filter((b) => can(b.permission)).map((b) => (
            <Section key={b.key} title={b.title()}>
              <b.Body accountId={a.id} />
            </Section>
          ))}
          <Section title={t("timeline")}>
            <Custody account={a} />
          </Section>
        </div>
      </div>
    </Page>
  );
}
