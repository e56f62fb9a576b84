/** RFC 9457 problems of the server, and what a person is told about them. */
import { t } from "./i18n";

/** One wrong field of a request. */
export interface FieldFault {
  /** Where: body.name, query.unit, … */
  location: string;
  /** What is wrong, already in the reader's language. */
  message: string;
}

/** A failed request. `message` is ready for people. */
export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly fields: FieldFault[];
  /** Seconds after which trying again makes sense; 0 when unknown. */
  readonly retryAfter: number;

  constructor(status: number, slug: string, message: string, fields: FieldFault[] = [], retryAfter = 0) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.slug = slug;
    this.fields = fields;
    this.retryAfter = retryAfter;
  }

  /** The message of one body field: `fault("name")`. */
  fault(field: string): string | undefined {
    return this.fields.find((f) => f.location === field || f.location.endsWith(`.${field}`))?.message;
  }
}

interface Wire {
  type?: string;
  slug?: string;
  code?: string;
  title?: string;
  detail?: string;
  errors?: { location?: string; path?: string; message?: string; detail?: string }[] | null;
}

/** Makes a Problem of any failed response; never throws. */
export async function problemOf(res: Response): Promise<Problem> {
  let body: Wire = {};
  try {
    body = (await res.json()) as Wire;
  } catch {
    // A proxy or an old server answered without a problem document.
  }
  return problemFrom(res.status, body, Number(res.headers.get("Retry-After")) || 0);
}

/** The same for a body that is already read. */
export function problemFrom(status: number, body: unknown, retryAfter = 0): Problem {
  const wire = (body && typeof body === "object" ? body : {}) as Wire;
  const slug = wire.slug ?? wire.code ?? slugOfType(wire.type) ?? "";
  const fields = (wire.errors ?? []).map((e) => ({
    location: e.location ?? e.path ?? "",
    message: e.message ?? e.detail ?? "",
  }));
  return new Problem(status, slug, wire.detail || wire.title || byStatus(status), fields, retryAfter);
}

/** Anything thrown, as a Problem. */
export function asProblem(err: unknown): Problem {
  if (err instanceof Problem) return err;
  if (err instanceof TypeError) return new Problem(0, "network", t("offline"));
  return new Problem(0, "unknown", t("unknown"));
}

function slugOfType(type?: string): string | undefined {
  if (!type || type === "about:blank") return undefined;
  return type.split(/[/:#]/).pop();
}

function byStatus(status: number): string {
  if (status === 401) return t("signedOut");
  if (status === 403) return t("forbidden");
  if (status === 404) return t("notFound");
  if (status === 409 || status === 412) return t("changed");
  if (status === 413) return t("tooLarge");
  if (status === 429) return t("tooMany");
  if (status >= 500) return t("server");
  return t("unknown");
}
