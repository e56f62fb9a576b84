import { t } from "./i18n";
import { tagText } from "./says";
import type { MyPage } from "./types";

/** What headquarters asks, word for word; what units add stands below it, under their own names. */
export function PhoneBrief({ page, open }: { page: MyPage; open: boolean }) {
  const b = page.brief;
  const parts: [string, string][] = [
    [t("goal"), page.goal],
    [t("brief"), b.text],
    [t("steps"), page.steps],
    [t("standard"), b.standard],
  ];
  const tags = page.hashtags ?? [];
  return (
    <details className="p-card c-brief" open={open}>
      <summary>{t("briefTitle")}</summary>
      {parts.map(([name, text]) => text && <Part key={name} title={name} text={text} />)}
      <Examples title={t("right")} list={b.right} tone="good" />
      <Examples title={t("wrong")} list={b.wrong} tone="bad" />
      {tags.length > 0 && <Part title={t("hashtags")} text={tags.map(tagText).join(" ")} />}
      {(page.notes ?? []).map((n) => (
        <Part key={n.unit_id} title={t("addition", { unit: n.unit.split("/").at(-1)?.trim() })} text={n.text} />
      ))}
    </details>
  );
}

function Part({ title, text }: { title: string; text: string }) {
  return (
    <>
      <h3>{title}</h3>
      <p className="c-words">{text}</p>
    </>
  );
}

function Examples({ title, list, tone }: { title: string; list: string[] | null; tone: "good" | "bad" }) {
  if (!list?.length) return null;
  return (
    <>
      <h3 className={`k-${tone}`}>{title}</h3>
      <ul className="c-examples" data-tone={tone}>
        {list.map((x, i) => (
          <li key={i}>{x}</li>
        ))}
      </ul>
    </>
  );
}
