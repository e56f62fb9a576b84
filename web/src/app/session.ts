/** Who is at the screen. */
import { createContext, useContext } from "react";
import { request, useGet } from "@/api";
import { setLang, type Lang } from "@/i18n";

/** A brand the person may enter. */
export interface Brand {
  id: string;
  slug: string;
  name: string;
  zone?: string;
}

/** The answer of GET /api/v1/identity/me. */
export interface Me {
  user: { id: string; name: string; login?: string | null; email?: string | null };
  member_id?: string | null;
  brand: Brand;
  brands: Brand[] | null;
  /** What the person's roles allow somewhere: room.verb. */
  permissions?: string[] | null;
  roles?: string[] | null;
  /** The language the person chose; used for messages sent to them. */
  lang?: string | null;
  /** The tops of the subtrees the person may see; empty = the whole brand. */
  units?: { id: string; name: string; path?: string }[] | null;
}

/** The session of the frame; set by the gate. */
export const SessionContext = createContext<Me | null>(null);

/** The person at the screen; only inside the gate. */
export function useMe(): Me {
  const me = useContext(SessionContext);
  if (!me) throw new Error("useMe outside the gate");
  return me;
}

/** Tells whether a role of the person allows `room.verb` (the server decides in the end). */
export function useCan(): (permission?: string) => boolean {
  const me = useMe();
  return (permission) => allows(me, permission);
}

/** The rule behind useCan. */
export function allows(me: Me, permission?: string): boolean {
  return !permission || !me.permissions || me.permissions.includes(permission);
}

/** How a person is called on screen: an e-mail address shows its first part only. */
export function personName(me: Me): string {
  return me.user.name.split("@")[0] || me.user.name;
}

/** Reads the session. */
export function useSession() {
  return useGet<Me>("/api/v1/identity/me", undefined, { stale: 5 * 60_000 });
}

/** Changes the language of the screen and of messages to the person. */
export async function chooseLang(next: Lang): Promise<void> {
  await request("PATCH", "/api/v1/identity/me", { body: { lang: next } }).catch(() => {}); // the screen changes all the same
  setLang(next);
}
