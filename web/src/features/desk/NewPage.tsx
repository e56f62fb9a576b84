import { Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useGet } from "@/api";
import { useCan } from "@/app/session";
import { Page, platformName, Section, useToast } from "@/ui";
import type { Draft } from "./draft";
import { t } from "./i18n";
import { sentText } from "./Mine";
import { API, type Account } from "./types";
import { useNew } from "./write";
import { PlatformPick, WriteForm } from "./WriteForm";

/** Handing a text in from the console. */
export default function NewPage() {
  const navigate = useNavigate();
  const toast = useToast();
  const can = useCan();
  const accounts = useGet<{ items: Account[] }>(`${API}/accounts`);
  const form = useNew(
    (s) => {
      toast.done(sentText(s));
      void navigate(`/desk/mine/${s.id}`, { replace: true });
    },
    toast.failed,
  );
  return (
    <Page title={t("newTitle")} back="/desk/mine">
      <div style={{ maxWidth: 760 }}>
        <Section>
          <WriteForm
            value={form.draft}
            onChange={form.change}
            accounts={accounts.data?.items ?? []}
            pick={can("desk.submit_for") && can("account.read") ? <Pick value={form.draft} onChange={form.change} /> : undefined}
            busy={form.busy}
            onSend={() => void form.send()}
          />
        </Section>
      </div>
    </Page>
  );
}

interface Found {
  id: string;
  platform: string;
  handle: string;
  name: string;
}

/** Any account of the own units, found by name. */
function Pick({ value: d, onChange }: { value: Draft; onChange: (d: Draft) => void }) {
  const [q, setQ] = useState("");
  const found = useGet<{ items: Found[] }>("/api/v1/account/accounts", { q, limit: 20 }, { keep: true });
  const list = found.data?.items ?? [];
  return (
    <>
      <label>
        <span className="d-label">{t("account")}</span>
        <Select
          allowClear
          style={{ width: "100%" }}
          placeholder={t("accountFind")}
          value={d.accountId || undefined}
          showSearch={{ filterOption: false, onSearch: setQ }}
          loading={found.isFetching}
          onChange={(id?: string) => {
            const a = list.find((x) => x.id === id);
            onChange({ ...d, accountId: a?.id ?? "", platform: a?.platform ?? "" });
          }}
          options={list.map((a) => ({ value: a.id, label: `${platformName(a.platform)} · ${a.name || a.handle}` }))}
        />
      </label>
      {!d.accountId && <PlatformPick value={d.platform} onChange={(platform) => onChange({ ...d, platform })} />}
    </>
  );
}
