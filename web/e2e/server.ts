/**
 * Starts what the browser tests run against: the real binary on a new store with a generated brand.
 * KOSMOS names a built binary; else it is built here. KOSMOS_URL names a server that runs already
 * (then KOSMOS_LOGIN and KOSMOS_PASSWORD say who signs in).
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
    login: string;
    password: string;
    /** The binary and its store, for flows that use the command line; "" with KOSMOS_URL. */
    binary: string;
    data: string;
  }
}

const repo = resolve(import.meta.dirname, "../..");
const LOGIN = "ops@example.com";
const PASSWORD = "correct horse 47 battery";
const BRAND = "e2e";

let child: ChildProcess | undefined;
let dir = "";

export default async function setup(project: TestProject) {
  const outside = process.env.KOSMOS_URL;
  if (outside) {
    project.provide("url", outside);
    project.provide("login", process.env.KOSMOS_LOGIN ?? LOGIN);
    project.provide("password", process.env.KOSMOS_PASSWORD ?? PASSWORD);
    project.provide("binary", "");
    project.provide("data", "");
    return;
  }
  dir = mkdtempSync(join(tmpdir(), "kosmos-e2e-"));
  const binary = process.env.KOSMOS ? resolve(process.env.KOSMOS) : build();
  const data = join(dir, "data");
  const kosmos = (args: string[], input = "") =>
    execFileSync(binary, ["--data", data, ...args], { input, stdio: ["pipe", "ignore", "inherit"] });
  kosmos(["brand", "create", "--slug", BRAND, "--name", "\u661f\u6cb3\u6c7d\u8f66", "--admin-email", LOGIN, "--admin-password-stdin"], PASSWORD);
  kosmos(["sandbox", "--brand", BRAND, "--members", "80", "--days", "60", "--seed", "7"]);

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  child = spawn(binary, ["--data", data, "serve", "--addr", `127.0.0.1:${port}`, "--allow-private", "127.0.0.1"], { stdio: ["ignore", "ignore", "inherit"] });
  await ready(url, child);
  project.provide("url", url);
  project.provide("login", LOGIN);
  project.provide("password", PASSWORD);
  project.provide("binary", binary);
  project.provide("data", data);
  return teardown;
}

async function teardown() {
  if (child && child.exitCode === null) {
    const gone = new Promise((done) => child?.once("exit", done));
    child.kill("SIGTERM");
    await gone;
  }
  if (dir) rmSync(dir, { recursive: true, force: true });
}

function build(): string {
  const out = join(dir, "kosmos");
  execFileSync("npm", ["run", "--silent", "build"], { cwd: join(repo, "web"), stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("go", ["build", "-o", out, "./cmd/kosmos"], { cwd: repo, stdio: "inherit" });
  return out;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const s = createServer().listen(0, "127.0.0.1", () => {
      const a = s.address();
      s.close(() => (a && typeof a === "object" ? done(a.port) : fail(new Error("no port"))));
    });
  });
}

async function ready(url: string, proc: ChildProcess) {
  for (let i = 0; i < 300; i++) {
    if (proc.exitCode !== null) throw new Error(`kosmos serve ended with ${proc.exitCode}`);
    const ok = await fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("kosmos serve did not get ready in 30 s");
}
