import { writeFileSync } from "node:fs";
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

export default defineConfig(({ command }) => ({
  plugins: [react(), phoneEntry(), keepDist()],
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
