/** After an update the old page asks for files that are gone: reload once, at most every 30 s. */
const KEY = "kosmos.reloaded";

/** Listens for pieces of the page that cannot be loaded. */
export function watchChunks(): void {
  addEventListener("vite:preloadError", (e) => {
    if (!navigator.onLine) return; // a reload would only lose what is on screen
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < 30_000) return; // it is not an update; let the error page speak
    sessionStorage.setItem(KEY, String(Date.now()));
    e.preventDefault();
    location.reload();
  });
}
