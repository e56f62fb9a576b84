import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, rawRequest, useRefresh, type Problem } from "@/api";
import { API } from "../types";
import type { Campaign } from "../run/types";
import type { Plan } from "./types";

/** How long typing must rest before a draft is saved. */
const REST = 900;

/** A plan that saves itself: after a rest, on leaving a step, on leaving the page. */
export function usePlan(campaign: Campaign) {
  const refresh = useRefresh();
  const [plan, setPlan] = useState<Plan>(campaign.plan);
  const [saved, setSaved] = useState<Campaign>(campaign);
  const [state, setState] = useState<"kept" | "typing" | "saving" | "failed">("kept");
  const [problem, setProblem] = useState<Problem | null>(null);
  const now = useRef({ plan: campaign.plan, rev: campaign.rev, dirty: false });
  const running = useRef<Promise<boolean> | null>(null);
  const path = `${API}/campaigns/${campaign.id}`;

  const save = useCallback((): Promise<boolean> => {
    const run = async (): Promise<boolean> => {
      while (now.current.dirty) {
        now.current.dirty = false;
        setState("saving");
        try {
          const res = await rawRequest("PUT", path, { body: swept(now.current.plan), ifMatch: `"${now.current.rev}"` });
          const next = (await res.json()) as Campaign;
          now.current.rev = next.rev;
          now.current.plan = withIds(now.current.plan, next.plan);
          setSaved(next);
          setPlan(now.current.plan);
          setProblem(null);
        } catch (err) {
          now.current.dirty = true;
          setProblem(asProblem(err));
          setState("failed");
          return false;
        }
      }
      setState("kept");
      return true;
    };
    running.current ??= run().finally(() => (running.current = null));
    return running.current;
  }, [path]);

  const set = useCallback((change: Partial<Plan>) => {
    now.current.plan = { ...now.current.plan, ...change };
    now.current.dirty = true;
    setPlan(now.current.plan);
    setState("typing");
  }, []);

  /** Takes over what the server made of the campaign by another way: a check, an approval. */
  const adopt = useCallback((next: Campaign) => {
    now.current.rev = next.rev;
    setSaved(next);
  }, []);

  useEffect(() => {
    if (state !== "typing") return;
    const timer = setTimeout(() => void save(), REST);
    return () => clearTimeout(timer);
  }, [state, plan, save]);

  useEffect(() => {
    const leave = () => now.current.dirty && void save();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
      refresh(`${API}/`);
    };
  }, [save, refresh]);

  return { plan, saved, set, save, adopt, state, problem };
}

/** The plan as it is sent: boxes that were left empty are none. */
export function swept(p: Plan): Plan {
  const full = (list: string[] | null) => (list ?? []).map((x) => x.trim()).filter(Boolean);
  return {
    ...p,
    mode: p.mode || "spread",
    briefs: (p.briefs ?? []).map((b) => {
      const options = full(b.question.options);
      return { ...b, right: full(b.right), wrong: full(b.wrong), question: { ...b.question, options, right: Math.min(b.question.right, Math.max(0, options.length - 1)) } };
    }),
  };
}

/** Takes over the ids the server gave to new tasks; what was typed meanwhile stays. */
function withIds(typed: Plan, kept: Plan): Plan {
  const tasks = typed.tasks?.map((x, i) => (x.id ? x : { ...x, id: kept.tasks?.[i]?.id ?? null })) ?? null;
  return { ...typed, tasks };
}
