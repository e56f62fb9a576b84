import { Alert, Button, Form, Input, Select, Timeline } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet, useSend } from "@/api";
import { useScopedLink } from "@/app/scope";
import { useCan } from "@/app/session";
import { timeText } from "@/i18n/format";
import {
  Bars, DataTable, Day, Drawer, EmptyState, Facts, options, Page, platformName, PLATFORMS, Section, StatusTag, Text, UnitSelect, useToast,
  type Column, type Filter, type Tone, type View,
} from "@/ui";
import { Ask, need } from "../dialogs";
import { WordsDialog } from "./WordsDialog";
import { m } from "./i18n";
import { AccountCell, MemberSelect } from "../parts";
import { API, type Unofficial } from "../types";

const STATES = ["found", "claimed", "matched", "consented", "certified", "managed", "impostor", "reported"] as const;

function tone(state: string): Tone {
  if (state === "managed" || state === "certified") return "good";
  if (state === "impostor") return "bad";
  return state === "reported" ? "off" : "warn";
}

/** Where an entry comes from: the file's name, when one named it. */
const originText = (u: Unofficial) => [m.slug("source", u.source), u.origin].filter(Boolean).join(" · ");

const columns = (): Column<Unofficial>[] => [
  { key: "account", title: m("account"), fixed: true, width: 280, render: (u) => <AccountCell account={u} />, plain: (u) => `${u.name} @${u.handle}` },
  { key: "state", title: m("state"), width: 110, render: (u) => <StatusTag tone={tone(u.state)}>{m.slug("state", u.state)}</StatusTag>, plain: (u) => m.slug("state", u.state) },
  { key: "who", title: m("who"), render: (u) => <Text value={[u.member, u.unit_path].filter(Boolean).join(" · ")} />, plain: (u) => [u.member, u.unit_path].filter(Boolean).join(" ") },
  { key: "source", title: m("source"), width: 180, render: (u) => <Text value={originText(u)} />, plain: originText },
  { key: "seen", title: m("seen"), width: 110, render: (u) => <Day value={u.seen_day} />, plain: (u) => u.seen_day },
  { key: "note", title: m("note"), render: (u) => <Text value={u.note} />, plain: (u) => u.note },
];

const filters = (): Filter[] => [
  { key: "q", label: m("search"), type: "search" },
  { key: "platform", label: m("platform"), type: "select", options: options(PLATFORMS, platformName) },
  { key: "state", label: m("state"), type: "select", options: options(["open", ...STATES], (s) => m.slug("state", s)) },
];

const views = (): View[] => [
  { key: "open", label: m("state.open"), query: { state: "open" } },
  { key: "found", label: m("state.found"), query: { state: "found" } },
  { key: "impostor", label: m("state.impostor"), query: { state: "impostor" } },
  { key: "managed", label: m("state.managed"), query: { state: "managed" } },
];

/** The register of accounts that carry the brand and nobody registered. */
export default function UnofficialList() {
  const can = useCan();
  const [open, setOpen] = useState<Unofficial | null>(null);
  const [adding, setAdding] = useState(false);
  const [words, setWords] = useState(false);
  const add = can("account.edit") && (
    <Button type="primary" onClick={() => setAdding(true)}>
      {m("addFound")}
    </Button>
  );
  return (
    <Page title={m("register")} lead={m("registerLead")} actions={<><Button onClick={() => setWords(true)}>{m("words")}</Button>{add}</>}>
      <Months />
      <DataTable<Unofficial>
        id="account.unofficial"
        path={`${API}/unofficial`}
        columns={columns()}
        rowKey={(u) => u.id}
        filters={filters()}
        views={views()}
        onOpen={setOpen}
        exportName={m("register")}
        empty={<EmptyState title={m("registerEmpty")} text={m("registerEmptyText")} action={add} />}
      />
      {words && <WordsDialog onClose={() => setWords(false)} />}
      {adding && <PasteDialog onClose={() => setAdding(false)} />}
      <EntryDrawer entry={open} onClose={() => setOpen(null)} onMoved={setOpen} />
    </Page>
  );
}

function Months() {
  const got = useGet<{ items: { month: number; related: number; certified: number }[] }>(`${API}/unofficial-months`);
  const rows = got.data?.items ?? [];
  if (!rows.some((r) => r.related > 0)) return null;
  return (
    <Section title={m("months")}>
      <Bars
        label={m("months")}
        height={180}
        x={rows.map((r) => `${Math.floor(r.month / 100)}-${String(r.month % 100).padStart(2, "0")}`)}
        series={[
          { name: m("related"), values: rows.map((r) => r.related) },
          { name: m("certified"), values: rows.map((r) => r.certified) },
        ]}
      />
    </Section>
  );
}

interface Sighted {
  added: number;
  known: number;
  managed: number;
  faults: { line: number; text: string; message: string }[];
}

function PasteDialog({ onClose }: { onClose: () => void }) {
  const send = useSend<Sighted>("POST", `${API}/unofficial`, [`${API}/unofficial`]);
  const [faults, setFaults] = useState<Sighted["faults"]>([]);
  const toast = useToast();
  return (
    <Ask<{ lines: string; platform?: string }>
      title={m("addTitle")}
      hint={m("addHint")}
      onClose={onClose}
      send={async (v) => {
        const items = v.lines.split("\n").map((x) => x.trim()).filter(Boolean).map((text) => ({ text, platform: v.platform ?? "" }));
        const got = await send.mutateAsync({ body: { source: "pasted", items } });
        toast.done(m("added", { added: got.added, known: got.known, managed: got.managed }));
        setFaults(got.faults);
        return got.faults.length === 0;
      }}
    >
      <Form.Item name="lines" label={m("lines")} rules={need()}>
        <Input.TextArea rows={8} placeholder="https://www.xiaohongshu.com/user/profile/…" />
      </Form.Item>
      <Form.Item name="platform" label={m("defaultPlatform")}>
        <Select allowClear options={options(PLATFORMS, platformName)} />
      </Form.Item>
      {faults.length > 0 && (
        <Alert
          type="warning"
          title={m("addFaults", { n: faults.length })}
          description={faults.slice(0, 20).map((f) => (
            <div key={f.line}>{m("line", { n: f.line, text: f.text, message: f.message })}</div>
          ))}
        />
      )}
    </Ask>
  );
}

interface Step {
  id: string;
  at: string;
  to: string;
  note: string;
  actor: string;
}

function EntryDrawer({ entry: u, onClose, onMoved }: { entry: Unofficial | null; onClose: () => void; onMoved: (u: Unofficial) => void }) {
  const can = useCan();
  const link = useScopedLink();
  const [step, setStep] = useState<string | null>(null);
  const steps = useGet<{ items: Step[] }>(u ? `${API}/unofficial/${u.id}/steps` : null);
  const rows = steps.data?.items ?? [];
  return (
    <Drawer
      open={!!u}
      onClose={onClose}
      title={u && <AccountCell account={u} />}
      footer={
        u &&
        can("account.edit") && (
          <div style={{ display: "flex", gap: 8, justifyContent: "flex-end", flexWrap: "wrap" }}>
            {[...u.next].reverse().map((s, i, all) => (
              <Button key={s} type={i === all.length - 1 ? "primary" : "default"} danger={s === "impostor"} onClick={() => setStep(s)}>
                {m.slug("step", s)}
              </Button>
            ))}
          </div>
        )
      }
    >
      {u && (
        <>
          <Facts
            items={[
              { label: m("state"), value: <StatusTag tone={tone(u.state)}>{m.slug("state", u.state)}</StatusTag> },
              { label: m("platform"), value: platformName(u.platform) },
              { label: m("link"), value: u.url ? <a href={u.url} target="_blank" rel="noreferrer noopener">{m("link")}</a> : "—" },
              { label: m("bio"), value: <Text value={u.bio} /> },
              { label: m("who"), value: <Text value={[u.member, u.unit_path].filter(Boolean).join(" · ")} /> },
              { label: m("proof"), value: <Text value={u.proof} /> },
              { label: m("note"), value: <Text value={u.note} /> },
              { label: m("seen"), value: <Day value={u.seen_day} /> },
              { label: m("source"), value: u.import_id && can("reflow.read") ? <Link to={link(`/data/imports/${u.import_id}`)}>{originText(u)}</Link> : originText(u) },
              ...(u.account_id ? [{ label: m("account"), value: <Link to={link(`/matrix/accounts/${u.account_id}`)}>{m("openAccount")}</Link> }] : []),
            ]}
          />
          <Section title={m("history")}>
            {rows.length === 0 ? (
              <p className="k-muted">{m("historyNone")}</p>
            ) : (
              <Timeline
                items={rows.map((s) => ({
                  key: s.id,
                  content: (
                    <>
                      <b>{m.slug("state", s.to)}</b> {s.note}
                      <div className="k-muted">
                        {timeText(s.at)} · {s.actor}
                      </div>
                    </>
                  ),
                }))}
              />
            )}
          </Section>
          {step && <StepDialog entry={u} to={step} onClose={() => setStep(null)} onDone={onMoved} />}
        </>
      )}
    </Drawer>
  );
}

interface StepForm {
  unit?: string;
  member_id?: string;
  proof?: string;
  note?: string;
}

function StepDialog({ entry: u, to, onClose, onDone }: { entry: Unofficial; to: string; onClose: () => void; onDone: (u: Unofficial) => void }) {
  const send = useSend<Unofficial>("POST", `${API}/unofficial/${u.id}/step`, [`${API}/`]);
  const toast = useToast();
  return (
    <Ask<StepForm>
      title={m("stepTitle", { step: m.slug("step", to), handle: u.handle })}
      hint={to === "managed" ? m("managedHint") : undefined}
      danger={to === "impostor"}
      onClose={onClose}
      send={async (v) => {
        const got = await send.mutateAsync({ body: { ...v, member_id: v.member_id || undefined, to } });
        toast.done(m("stepDone", { handle: u.handle, state: m.slug("state", to) }));
        onDone(got);
      }}
    >
      {to === "matched" && (
        <>
          <Form.Item name="unit" label={m("unit")} rules={need()}>
            <UnitSelect style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="member_id" label={m("member")}>
            <MemberSelect />
          </Form.Item>
        </>
      )}
      {(to === "consented" || to === "reported") && (
        <Form.Item name="proof" label={m(to === "consented" ? "proofConsent" : "proofReport")} rules={need()}>
          <Input maxLength={500} />
        </Form.Item>
      )}
      <Form.Item name="note" label={m("note")}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </Ask>
  );
}
