import { request } from "@/api";
import { API, type FileRow } from "./types";

interface Upload {
  id: string;
  part_size: number;
  count: number;
  parts: number[];
  file_id: string | null;
}

/** Largest file whose checksum is counted whole: the browser needs all of it in memory. */
const WHOLE = 64 << 20;

const hex = (b: ArrayBuffer) => Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, "0")).join("");

/** The checksum of bytes; "" where the browser has none (plain http in a local network). */
async function sum(b: Blob): Promise<string> {
  return globalThis.crypto?.subtle ? hex(await crypto.subtle.digest("SHA-256", await b.arrayBuffer())) : "";
}

/** Where the upload of a file is remembered, so that it goes on after a restart of the browser. */
const place = (f: File) => `kosmos.upload.${f.name}.${f.size}.${f.lastModified}`;

async function begin(file: File): Promise<Upload> {
  const known = localStorage.getItem(place(file));
  if (known) {
    try {
      const u = await request<Upload>("GET", `${API}/uploads/${known}`);
      if (!u.file_id) return u;
    } catch {
      // Too old: it begins anew.
    }
  }
  const u = await request<Upload>("POST", `${API}/uploads`, { body: { name: file.name, size: file.size, sha256: file.size <= WHOLE ? await sum(file) : "" } });
  localStorage.setItem(place(file), u.id);
  return u;
}

/** Sends a file in parts, each tried three times; parts that are there already are not sent again. */
export async function upload(file: File, onProgress: (done: number) => void): Promise<FileRow> {
  const u = await begin(file);
  const here = new Set(u.parts);
  for (let no = 0; no < u.count; no++) {
    if (!here.has(no)) await sendPart(u, no, file.slice(no * u.part_size, Math.min(file.size, (no + 1) * u.part_size)));
    onProgress((no + 1) / u.count);
  }
  const row = await request<FileRow>("POST", `${API}/uploads/${u.id}/finish`, {});
  localStorage.removeItem(place(file));
  return row;
}

async function sendPart(u: Upload, no: number, bytes: Blob): Promise<void> {
  const sha256 = await sum(bytes);
  for (let tries = 1; ; tries++) {
    try {
      await request("PUT", `${API}/uploads/${u.id}/parts/${no}`, { query: { sha256 }, body: bytes });
      return;
    } catch (err) {
      if (tries === 3) throw err;
      await new Promise((r) => setTimeout(r, tries * 1000));
    }
  }
}
