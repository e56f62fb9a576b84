import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;

/** Serves m.html for /m in development, as the binary does. */
function phoneEntry(): Plugin {
  return {
    name: "kosmos-phone-entry",
    configureServer(server) {
      server.middlewares.use((req, _res, next) => {
        if (/^\/m(\/[^.]*)?(\?.*)?$/.test(req.url ?? "")) req.url = "/m.html";
        next();
      });
    },
  };
}

/** Puts dist/.gitkeep back: the folder must exist for go:embed even before a build. */
function keepDist(): Plugin {
  return {
    name: "kosmos-keep-dist",
    closeBundle() {
      writeFileSync(resolve(root, "dist/.gitkeep"), "");
    },
  };
}

/** Writes sw.js: the phone's service worker with the names of every file the phone entry may load. */
function phoneWorker(): Plugin {
  return {
    name: "kosmos-phone-worker",
    apply: "build",
    generateBundle: {
      order: "post", // chunks that turned out to be nothing but styles are gone by then
      handler(_, bundle) {
      const files = new Set<string>(["/kosmos.svg"]);
      const seen = new Set<string>();
      const walk = (name: string) => {
        const chunk = bundle[name];
        if (seen.has(name) || chunk?.type !== "chunk") return;
        seen.add(name);
        files.add(`/${name}`);
        chunk.viteMetadata?.importedCss.forEach((f) => files.add(`/${f}`));
        chunk.viteMetadata?.importedAssets.forEach((f) => files.add(`/${f}`));
        [...chunk.imports, ...chunk.dynamicImports].forEach(walk);
      };
      const entry = Object.values(bundle).find((c) => c.type === "chunk" && c.isEntry && c.name === "phone");
      if (!entry) throw new Error("the phone entry is not in the bundle");
      walk(entry.fileName);
      const list = [...files].sort();
      const build = createHash("sha256").update(list.join("\n")).digest("hex").slice(0, 12);
      const source = readFileSync(resolve(root, "scripts/worker.js"), "utf8")
        .replace("__FILES__", () => JSON.stringify(list))
        .replace("__BUILD__", build)
        .replace("__ENTRY__", entry.fileName);
      this.emitFile({ type: "asset", fileName: "sw.js", source });
      },
    },
  };
}

export default defineConfig(({ command }) => ({
  plugins: [react(), phoneEntry(), phoneWorker(), keepDist()],
  resolve: { alias: { "@": resolve(root, "src") } },
  html: command === "build" ? { cspNonce: "__CSP_NONCE__" } : {},
  server: { proxy: { "/api": { target: process.env.KOSMOS_URL ?? "http://127.0.0.1:8080", changeOrigin: false } } },
  build: {
    target: "es2022",
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: { console: resolve(root, "index.html"), phone: resolve(root, "m.html") } },
  },
}));
