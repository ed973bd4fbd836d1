/**
 * Who may ask the viewer's server for what: everything that is not plainly our own page is refused.
 *
 * The server listens on 127.0.0.1, which every page of every browser on this machine can reach. What
 * keeps them out: a token in the path that nobody can guess, the name that was asked for (a foreign
 * name that resolves to 127.0.0.1 is somebody's trick), and the page that asks.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Longest path that is looked at. */
const MAX_PATH = 512;

/** What the server answers instead. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 421;
  readonly why: string;
}

/** The path behind the token: `"page.js"`; or why it is refused. */
export function admit(
  request: Pick<IncomingMessage, "method" | "url" | "headers">,
  token: string,
  port: number,
): string | Refusal {
  const { method = "", url = "", headers } = request;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? "")) return { status: 421, why: "wrong Host" };
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`) {
    return { status: 403, why: "foreign Origin" };
  }
  // Of an address that was typed or opened there is no site.
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return { status: 403, why: "another site asks" };
  }
  if (method !== "GET" && method !== "HEAD") return { status: 405, why: "GET alone" };
  if (url.length > MAX_PATH) return { status: 400, why: "path too long" };
  const [path = ""] = url.split("?");
  const [, given = "", ...rest] = path.split("/");
  if (!isToken(given, token)) return { status: 403, why: "no token" };
  return rest.join("/");
}

function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** On every answer. The page may load its own files, ask its own server, and nothing else. */
export const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  "Cache-Control": "no-store",
};
