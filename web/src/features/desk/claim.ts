import { useEffect, useState } from "react";
import { asProblem, request, useRefresh } from "@/api";
import { API, type Submission } from "./types";

/** Holds the submission for this reviewer while the page is open; tells who else has it. Without a network it is held by nobody: the decision is judged when it arrives. */
export function useClaim(id: string, wanted: boolean): string {
  const [other, setOther] = useState({ id: "", name: "" });
  const refresh = useRefresh();
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    const claim = () =>
      request<Submission>("POST", `${API}/submissions/${id}/claim`)
        .then(() => !over && setOther({ id, name: "" }))
        .catch((err: unknown) => {
          if (over) return;
          const p = asProblem(err);
          setOther({ id, name: p.status === 409 ? p.message : "" });
          if (p.status === 409) refresh(`${API}/submissions`);
        });
    void claim();
    const timer = setInterval(() => void claim(), 120_000);
    return () => {
      over = true;
      clearInterval(timer);
      void request("POST", `${API}/submissions/${id}/release`).catch(() => undefined);
    };
  }, [id, wanted, refresh]);
  return other.id === id ? other.name : "";
}
