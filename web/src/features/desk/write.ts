import { useState } from "react";
import { newKey, request, useRefresh } from "@/api";
import { useMe } from "@/app/session";
import { keepDraft, loadDraft, textsOf, type Draft } from "./draft";
import { API, FIELDS, type Submission } from "./types";

/** A new submission: the draft, kept in the browser, and sending it. The same key goes with every try, so a lost answer hands nothing in twice. */
export function useNew(onDone: (s: Submission) => void, onFailed: (err: unknown) => void) {
  const me = useMe();
  const owner = `${me.brand.id}/${me.user.id}`;
  const refresh = useRefresh();
  const [draft, set] = useState<Draft>(() => loadDraft(owner));
  const [key, setKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const change = (d: Draft) => {
    set(d);
    setKey(newKey());
    keepDraft(owner, d);
  };
  const send = async () => {
    setBusy(true);
    try {
      const made = await request<Submission>("POST", `${API}/submissions`, {
        idempotencyKey: key,
        body: { account_id: draft.accountId || undefined, platform: draft.platform, ...bodyOf(draft) },
      });
      keepDraft(owner, null);
      refresh(API);
      onDone(made);
    } catch (err) {
      onFailed(err);
    } finally {
      setBusy(false);
    }
  };
  return { draft, change, send, busy };
}

/** The part of a request that new submissions and new versions share. */
export function bodyOf(d: Draft) {
  return {
    kind: d.kind,
    texts: textsOf(FIELDS[d.kind], d.texts),
    media: d.media.filter((m) => m.name.trim() || m.link.trim()),
    pictures: d.pictures.map((p) => p.id),
  };
}
