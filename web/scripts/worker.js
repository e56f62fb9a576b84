// The service worker of the phone entry: lets /m open again without a network. The build puts the names in (vite.config.ts).
//
// Pages come from the network whenever it answers, so nobody is trapped in an old version; only without an answer comes the
// page of the installed build, with exactly its files. Nothing of /api is ever looked at or kept here.
const FILES = __FILES__;
const CACHE = "kosmos-phone-__BUILD__";
const PAGE = "/m";
const PATIENCE = 4000; // ms until a network that hangs counts as none

addEventListener("install", (e) => e.waitUntil(install()));
addEventListener("activate", (e) => e.waitUntil(tidy()));
addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  if (e.request.mode === "navigate") {
    if (url.pathname === PAGE || url.pathname.startsWith(PAGE + "/")) e.respondWith(page(e.request));
  } else if (url.pathname.startsWith("/assets/") || FILES.includes(url.pathname)) {
    e.respondWith(asset(e.request));
  }
});

// All or nothing: a page of one build never stands beside files of another.
async function install() {
  const res = await fetch(PAGE, { cache: "no-store" });
  const text = await res.clone().text();
  if (!res.ok || !text.includes("__ENTRY__")) throw new Error("the server has another build by now");
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await cache.put(PAGE, res);
  await skipWaiting();
}

// The build before stays for pages that are still open with it.
async function tidy() {
  const ours = (await caches.keys()).filter((k) => k.startsWith("kosmos-phone-"));
  const old = ours.filter((k) => k !== CACHE).slice(0, -1);
  await Promise.all(old.map((k) => caches.delete(k)));
  await clients.claim();
}

async function page(request) {
  const kept = await (await caches.open(CACHE)).match(PAGE);
  if (!kept) return fetch(request);
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const res = await Promise.race([fetch(request), late]);
    if (res && res.status < 500) return res;
  } catch {
    // no network
  }
  return kept.clone();
}

// Names hold a hash of the content: what is kept is right for ever.
async function asset(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}
