import { useState } from "react";
import { asProblem, request } from "@/api";
import { t } from "./i18n";
import { API, type Picture } from "./types";

/** Uploads pictures and shows them; the server reads what is in them. */
export function Pictures({ value, onChange }: { value: { id: string; name: string }[]; onChange: (list: { id: string; name: string }[]) => void }) {
  const [busy, setBusy] = useState(0);
  const [bad, setBad] = useState("");
  const add = async (files: File[]) => {
    setBad("");
    let list = value;
    setBusy(files.length);
    for (const file of files) {
      const form = new FormData();
      form.append("file", file, file.name);
      try {
        const made = await request<Picture>("POST", `${API}/pictures`, { body: form });
        list = [...list, { id: made.id, name: file.name }];
        onChange(list);
      } catch (err) {
        setBad(t("pictureBad", { name: file.name, why: asProblem(err).message }));
      }
      setBusy((n) => n - 1);
    }
  };
  return (
    <div role="group" aria-label={t("pictures")}>
      <span className="d-label">{t("pictures")}</span>
      <ul className="d-pics">
        {value.map((p) => (
          <li key={p.id}>
            <img src={`${API}/pictures/${p.id}`} alt={p.name} />
            <button type="button" aria-label={t("dropPicture", { name: p.name })} onClick={() => onChange(value.filter((x) => x.id !== p.id))}>
              ×
            </button>
          </li>
        ))}
        <li>
          <label className="d-pick">
            <input
              type="file"
              multiple
              accept="image/png,image/jpeg,image/gif"
              disabled={busy > 0}
              onChange={(e) => {
                void add([...(e.target.files ?? [])]);
                e.target.value = "";
              }}
            />
            <span>{t(busy > 0 ? "pictureBusy" : "addPicture")}</span>
          </label>
        </li>
      </ul>
      <small className="k-muted">{t("pictureHint")}</small>
      {bad && (
        <p role="alert" className="k-bad">
          {bad}
        </p>
      )}
    </div>
  );
}
