/**
 * Opening without a network: a service worker keeps the phone's own files (scripts/worker.js). Browsers allow that behind
 * TLS or on this machine only; elsewhere the phone works as before, with a network.
 */

/** Tells whether the phone can open without a network here. */
export function canOpenOffline(): boolean {
  return "serviceWorker" in navigator && isSecureContext;
}

/** Installs the worker of this build once the page has what it needs. */
export function keepFiles(): void {
  if (!canOpenOffline() || !import.meta.env.PROD) return;
  addEventListener("load", () => {
    // Private windows and full disks refuse: the phone then needs a network, as it says in its settings.
    navigator.serviceWorker.register("/sw.js", { scope: "/m" }).catch(() => {});
  });
}
