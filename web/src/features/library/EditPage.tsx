import { Button, DatePicker, Form, Input, Select, Switch } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { asProblem, useGet, useSend, type PageOf } from "@/api";
import { useCan } from "@/app/session";
import { CheckedText } from "@/features/risk/checked/CheckedText";
import { ErrorState, Page, platformName, PLATFORMS, Section, UnitSelect, useToast } from "@/ui";
import { t } from "./i18n";
import { folderOptions } from "./Library";
import { Files, Uploader } from "./parts";
import { pillarOptions } from "./pillar/parts";
import { usePillars } from "./pillar/types";
import { PreviewBox } from "./PreviewBox";
import { Shots, Variables } from "./rows";
import { API, blank, fillable, type Content, type FileRow, type Folder, type Item, type Kind } from "./types";

/** What is being written. */
interface Draft {
  title: string;
  unit?: string;
  folder?: string;
  tags: string[];
  product?: string;
  pillar?: string;
  planDay: string | null;
  note: string;
  content: Content;
}

const draftOf = (i: Item): Draft => ({
  title: i.title, folder: i.folder_id ?? undefined, tags: i.tags, product: i.product_id ?? undefined, pillar: i.pillar_id ?? undefined, planDay: i.plan_day, note: "",
  content: { ...blank(), ...i.content, platforms: i.content?.platforms ?? [], variables: i.content?.variables ?? [], shots: i.content?.shots ?? [], files: i.content?.files ?? [], assets: i.content?.assets ?? [] },
});

/** The kind of publication for the rules. */
const KIND_AT: Partial<Record<Kind, "post" | "live" | "reply">> = { template: "post", script: "post", rundown: "live", talk: "reply" };

/** Makes or edits an item; texts are checked and shown filled while they are written. */
export default function EditPage() {
  const { id, kind = "template" } = useParams();
  const got = useGet<Item>(id ? `${API}/items/${id}` : null);
  if (!id) return <Editor kind={kind as Kind} start={{ title: "", tags: [], planDay: null, note: "", content: { ...blank(), shots: kind === "script" || kind === "rundown" ? [{ scene: "", words: "", seconds: 0, note: "" }] : [] } }} />;
  if (!got.data) return got.error ? <ErrorState error={got.error} onRetry={() => void got.refetch()} /> : null;
  return <Editor key={got.data.rev} kind={got.data.kind} item={got.data} start={draftOf(got.data)} />;
}

function Editor({ kind, item, start }: { kind: Kind; item?: Item; start: Draft }) {
  const [d, setD] = useState(start);
  const [files, setFiles] = useState<FileRow[]>((item?.files ?? []).filter((f) => start.content.files?.includes(f.id)));
  const [uploading, setUploading] = useState(0);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const go = useNavigate();
  const toast = useToast();
  const make = useSend<Item>("POST", `${API}/items`, [`${API}/`]);
  const save = useSend<Item>("PUT", `${API}/items/{id}`, [`${API}/`]);
  const set = (p: Partial<Draft>) => setD((x) => ({ ...x, ...p }));
  const setC = (p: Partial<Content>) => setD((x) => ({ ...x, content: { ...x.content, ...p } }));
  const c = d.content;
  const done = {
    onSuccess: (i: Item) => {
      toast.done(t(item ? "saved" : "made", { title: i.title }));
      void go(`/content/library/${i.id}`);
    },
    onError: (err: unknown) => {
      const p = asProblem(err);
      setFaults(Object.fromEntries(p.fields.map((f) => [f.location.replace(/^body\./, ""), f.message])));
      toast.failed(err);
    },
  };
  const send = () => {
    setFaults({});
    const body = {
      title: d.title, folder_id: d.folder ?? null, tags: d.tags, product_id: d.product ?? null, pillar_id: d.pillar ?? null, plan_day: d.planDay, note: d.note,
      content: { ...c, files: files.map((f) => f.id) },
    };
    if (item) save.mutate({ path: { id: item.id }, body: { ...body, rev: item.rev } }, done);
    else make.mutate({ body: { ...body, kind, unit: d.unit ?? "" } }, done);
  };
  const busy = make.isPending || save.isPending;
  const main = (
    <>
      <Section title={t("content")}>
        <Form layout="vertical" component="div">
          <Form.Item label={t("name")} required {...fault(faults.title)}>
            <Input aria-label={t("name")} value={d.title} maxLength={100} placeholder={t("nameHint")} onChange={(e) => set({ title: e.target.value })} />
          </Form.Item>
          <TextPart kind={kind} c={c} setC={setC} faults={faults} />
          {(kind === "script" || kind === "rundown") && <Shots kind={kind} list={c.shots ?? []} onChange={(shots) => setC({ shots })} fault={faults["content.shots"]} />}
          {fillable(kind) && <Variables list={c.variables ?? []} onChange={(variables) => setC({ variables })} faults={faults} />}
        </Form>
      </Section>
      <Section title={t("files")}>
        {faults["content.files"] && <p className="k-bad">{faults["content.files"]}</p>}
        <Files list={files} onRemove={(x) => setFiles((l) => l.filter((f) => f.id !== x))} />
        <Uploader onDone={(f) => setFiles((l) => [...l, f])} onBusy={(n) => setUploading((x) => x + n)} />
        {kind !== "asset" && <AssetPick value={c.assets ?? []} onChange={(assets) => setC({ assets })} />}
      </Section>
    </>
  );
  return (
    <Page
      back={item ? `/content/library/${item.id}` : "/content/library"}
      title={item ? t("editTitle", { title: item.title }) : t(`new.${kind}`)}
      lead={t(item?.live ? "editLead" : `lead.${kind}`)}
      actions={
        <Button type="primary" onClick={send} loading={busy} disabled={uploading > 0}>
          {t("save")}
        </Button>
      }
    >
      <div className="l-two">
        <div>{main}</div>
        <div>
          {fillable(kind) && <PreviewBox kind={kind} content={c} product={d.product} />}
          <Section title={t("facts")}>
            <Side kind={kind} item={item} d={d} set={set} setC={setC} faults={faults} />
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** How Form.Item shows a refusal of the server. */
const fault = (message?: string) => (message ? ({ validateStatus: "error", help: message } as const) : {});

interface PartProps {
  kind: Kind;
  c: Content;
  setC: (p: Partial<Content>) => void;
  faults: Record<string, string>;
}

function TextPart({ kind, c, setC, faults }: PartProps) {
  const at = KIND_AT[kind];
  const platform = c.platforms?.length === 1 ? c.platforms[0] : undefined;
  return (
    <>
      {kind === "talk" && (
        <>
          <Form.Item label={t("stage")}>
            <Input aria-label={t("stage")} value={c.stage} maxLength={40} placeholder={t("stageHint")} onChange={(e) => setC({ stage: e.target.value })} />
          </Form.Item>
          <Form.Item label={t("objection")}>
            <Input aria-label={t("objection")} value={c.objection} maxLength={200} placeholder={t("objectionHint")} onChange={(e) => setC({ objection: e.target.value })} />
          </Form.Item>
        </>
      )}
      {(kind === "template" || kind === "script") && (
        <Form.Item label={t("postTitle")} extra={t("syntaxTitle")} {...fault(faults["content.title"])}>
          <CheckedText label={t("postTitle")} field="title" kind={at} platform={platform} rows={1} maxLength={500} value={c.title} onChange={(title) => setC({ title })} />
        </Form.Item>
      )}
      {kind === "case" && (
        <>
          <Form.Item label={t("lesson")} {...fault(faults["content.lesson"])}>
            <Input.TextArea aria-label={t("lesson")} rows={4} maxLength={2000} value={c.lesson} onChange={(e) => setC({ lesson: e.target.value })} />
          </Form.Item>
          <Form.Item label={t("postUrl")} {...fault(faults["content.post_url"])}>
            <Input aria-label={t("postUrl")} value={c.post_url} maxLength={500} onChange={(e) => setC({ post_url: e.target.value.trim() })} />
          </Form.Item>
        </>
      )}
      <Form.Item label={t(kind === "asset" ? "describe" : "body")} extra={fillable(kind) ? t("syntax", { open: "{", open2: "{{" }) : undefined} {...fault(faults["content.body"])}>
        <CheckedText label={t(kind === "asset" ? "describe" : "body")} field="body" kind={at} platform={platform} rows={kind === "template" || kind === "talk" ? 9 : 4} maxLength={20000} value={c.body} onChange={(body) => setC({ body })} />
      </Form.Item>
    </>
  );
}

function Side({ kind, item, d, set, setC, faults }: { kind: Kind; item?: Item; d: Draft; set: (p: Partial<Draft>) => void; setC: (p: Partial<Content>) => void; faults: Record<string, string> }) {
  const c = d.content;
  const can = useCan();
  const folders = useGet<{ items: Folder[] }>(`${API}/folders`);
  const pillars = pillarOptions(usePillars().data?.items);
  return (
    <Form layout="vertical" component="div">
      {!item && (
        <Form.Item label={t("unit")} {...fault(faults.unit)}>
          <UnitSelect allowClear value={d.unit} onChange={(unit) => set({ unit: unit ?? undefined })} placeholder={t("unitTop")} />
        </Form.Item>
      )}
      <Form.Item label={t("folder")} {...fault(faults.folder_id)}>
        <Select aria-label={t("folder")} allowClear value={d.folder} onChange={(folder) => set({ folder })} options={folderOptions(folders.data?.items ?? [])} placeholder={t("noFolder")} />
      </Form.Item>
      {pillars.length > 0 && (
        <Form.Item label={t("pillar")} extra={t("pillarHint")} {...fault(faults.pillar_id)}>
          <Select aria-label={t("pillar")} allowClear value={d.pillar} onChange={(pillar) => set({ pillar })} options={pillars} />
        </Form.Item>
      )}
      <Form.Item label={t("tags")} {...fault(faults.tags)}>
        <Select aria-label={t("tags")} mode="tags" value={d.tags} onChange={(tags: string[]) => set({ tags })} open={false} suffixIcon={null} tokenSeparators={[",", "，", "、"]} placeholder={t("tagsHint")} />
      </Form.Item>
      {kind !== "asset" && kind !== "case" && (
        <Form.Item label={t("platforms")}>
          <Select aria-label={t("platforms")} mode="multiple" value={c.platforms ?? []} onChange={(platforms: string[]) => setC({ platforms })} placeholder={t("allPlatforms")} options={PLATFORMS.map((value) => ({ value, label: platformName(value) }))} />
        </Form.Item>
      )}
      {can("product.read") && fillable(kind) && (
        <Form.Item label={t("product")} extra={t("productHint")}>
          <ProductPick value={d.product} onChange={(product) => set({ product })} />
        </Form.Item>
      )}
      {kind === "template" && (
        <Form.Item label={t("fact")} extra={t("factHint")}>
          <Switch aria-label={t("fact")} checked={c.fact} onChange={(fact) => setC({ fact })} />
        </Form.Item>
      )}
      {kind === "idea" && (
        <Form.Item label={t("planDay")}>
          <DatePicker aria-label={t("planDay")} value={d.planDay ? dayjs(d.planDay) : null} onChange={(x) => set({ planDay: x ? x.format("YYYY-MM-DD") : null })} style={{ width: "100%" }} />
        </Form.Item>
      )}
      <Form.Item label={t("holder")} required={kind === "asset"} {...fault(faults["content.holder"])}>
        <Input aria-label={t("holder")} value={c.holder} maxLength={200} placeholder={t("holderHint")} onChange={(e) => setC({ holder: e.target.value })} />
      </Form.Item>
      <Form.Item label={t("licence")}>
        <Input.TextArea aria-label={t("licence")} rows={2} value={c.licence} maxLength={2000} placeholder={t("licenceHint")} onChange={(e) => setC({ licence: e.target.value })} />
      </Form.Item>
      <Form.Item label={t("expires")}>
        <DatePicker aria-label={t("expires")} value={c.expires ? dayjs(c.expires) : null} onChange={(x) => setC({ expires: x ? x.format("YYYY-MM-DD") : null })} style={{ width: "100%" }} placeholder={t("never")} />
      </Form.Item>
      {item && (
        <Form.Item label={t("note")}>
          <Input aria-label={t("note")} value={d.note} maxLength={500} placeholder={t("noteHint")} onChange={(e) => set({ note: e.target.value })} />
        </Form.Item>
      )}
    </Form>
  );
}

/** Finds assets by their words. */
function AssetPick({ value, onChange }: { value: string[]; onChange: (v: string[]) => void }) {
  const [typed, setTyped] = useState("");
  const [names, setNames] = useState<Record<string, string>>({});
  const found = useGet<PageOf<Item>>(`${API}/items`, { kind: "asset", q: typed.trim(), usable: true, limit: 20 }, { keep: true });
  const rows = found.data?.items;
  useEffect(() => {
    if (rows) setNames((n) => ({ ...n, ...Object.fromEntries(rows.map((i) => [i.id, i.title])) }));
  }, [rows]);
  const options = [...(rows ?? []).map((i) => ({ value: i.id, label: i.title })), ...value.filter((v) => !rows?.some((i) => i.id === v)).map((v) => ({ value: v, label: names[v] ?? t("anAsset") }))];
  return (
    <div style={{ marginTop: 12 }}>
      <label htmlFor="l-assets">{t("withAssets")}</label>
      <Select id="l-assets" mode="multiple" value={value} onChange={onChange} showSearch={{ filterOption: false, onSearch: setTyped }} options={options} placeholder={t("withAssetsHint")} style={{ width: "100%" }} />
    </div>
  );
}

/** Finds a product by name. */
function ProductPick({ value, onChange }: { value?: string; onChange: (v?: string) => void }) {
  const [typed, setTyped] = useState("");
  const found = useGet<PageOf<{ id: string; name: string }>>("/api/v1/product/products", { q: typed.trim(), limit: 20 }, { keep: true });
  const options = (found.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }));
  return <Select aria-label={t("product")} allowClear value={value} onChange={onChange} showSearch={{ filterOption: false, onSearch: setTyped }} options={options} notFoundContent={null} />;
}
