/** What flows of several people share: writes through the API, and somebody new who can sign in. */
import { expect } from "vitest";
import type { Page } from "playwright-core";

export const PASSWORD = "correct horse 48 battery";

/** A write as the person of the page. */
export async function send<T>(page: Page, method: "POST" | "PUT", path: string, data: unknown): Promise<T> {
  const res = await page.request.fetch(path, { method, data, headers: { "X-Kosmos": "1" } });
  expect(res.ok(), `${path}: ${res.status()} ${await res.text()}`).toBe(true);
  return (await res.json().catch(() => undefined)) as T;
}

/** A read as the person of the page. */
export async function read<T>(page: Page, path: string): Promise<T> {
  const res = await page.request.get(path);
  expect(res.ok(), `${path}: ${res.status()} ${await res.text()}`).toBe(true);
  return (await res.json()) as T;
}

/** Invites somebody and takes the invitation up. */
export async function join(admin: Page, guest: Page, login: string, name: string, role: string, more: object = {}) {
  const made = await send<{ secret: string }>(admin, "POST", "/api/v1/identity/invitations", { name, role, ...more });
  await send(guest, "POST", "/api/v1/identity/invitations/accept", { secret: made.secret, login, password: PASSWORD, name });
}

/** Waits until the phone's short message is gone: it is half transparent while it fades. */
export async function quiet(page: Page) {
  await page.waitForTimeout(500);
  await page.waitForFunction(() => !document.querySelector(".adm-toast-mask, .adm-toast-wrap"));
}
