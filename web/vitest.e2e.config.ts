import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** Browser tests: one binary and one brand for all files, one file at a time (2 cores). */
export default defineConfig({
  resolve: { alias: { "@": resolve(import.meta.dirname, "src") } },
  test: {
    include: ["e2e/**/*.test.ts"],
    globalSetup: ["e2e/server.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A shared machine may stall for longer than anybody waits for a page; what fails twice is broken. The report names it.
    retry: process.env.CI ? 1 : 0,
    env: { TZ: "Asia/Shanghai" },
  },
});
