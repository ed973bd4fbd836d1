/**
 * Gives out the viewer's page and the bytes of recordings, to this machine alone.
 *
 * ```ts ignore
 * const server = await startViewServer({ page: "dist/viewer", recordings });
 * open(server.url);
 * await server.close();
 * ```
 *
 * It answers for a fixed table of names; a name is never made a path. Recordings are streamed: memory
 * is a chunk for each reader.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { admit, HEADERS, type Refusal } from "./guard.ts";

/** A recording that the page may read. */
export interface ServedRecording {
  readonly name: string;
  /** Bytes; `null` when it grows. */
  readonly size: number | null;
  /** Its bytes from the first; a chunk is valid until the next is asked for. */
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** What to serve. */
export interface ViewServerOptions {
  /** Folder of the built page. */
  readonly page: string;
  readonly recordings: readonly ServedRecording[];
}

/** A server that runs. */
export interface ViewServer {
  /** Where the page is, with its token. */
  readonly url: string;
  /** Ends it, and every answer that is under way. */
  close(): Promise<void>;
}

/** How long answers under way may take to end when the server does. */
const PATIENCE_MS = 300;

/** Connections at once: a browser opens six. */
const MAX_CONNECTIONS = 64;

const TYPES: ReadonlyMap<string, string> = new Map([
  ["index.html", "text/html; charset=utf-8"],
  ["page.js", "text/javascript; charset=utf-8"],
  ["worker.js", "text/javascript; charset=utf-8"],
  ["style.css", "text/css; charset=utf-8"],
]);

/** Starts it on a port of 127.0.0.1 that is free. @throws what listening throws. */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const token = randomBytes(24).toString("base64url");
  const ending = new AbortController();
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("request", (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  // A WebSocket could be opened by any site: browsers ask nobody for it.
  server.on("upgrade", (_, socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  server.on("clientError", (_, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const path = admit(request, token, port);
    if (typeof path !== "string") return refuse(response, path);
    await new Answer(options, request, response, ending.signal).give(path);
  }

  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    close: () => closeServer(server, ending),
  };
}

async function closeServer(server: Server, ending: AbortController): Promise<void> {
  ending.abort();
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const kill = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await closed;
  clearTimeout(kill);
}

function refuse(response: ServerResponse, { status, why }: Refusal): void {
  response.writeHead(status, { "Content-Type": "text/plain", Connection: "close" });
  response.end(`${why}\n`);
}

/** One answer on its way. */
class Answer {
  readonly #options: ViewServerOptions;
  readonly #isHead: boolean;
  readonly #response: ServerResponse;
  /** Of the server, or because the reader has gone. */
  readonly #signal: AbortSignal;

  constructor(
    options: ViewServerOptions,
    request: IncomingMessage,
    response: ServerResponse,
    ending: AbortSignal,
  ) {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    this.#options = options;
    this.#isHead = request.method === "HEAD";
    this.#response = response;
    this.#signal = AbortSignal.any([ending, gone.signal]);
  }

  /** @param path Behind the token. */
  async give(path: string): Promise<void> {
    const name = path === "" ? "index.html" : path;
    const type = TYPES.get(name);
    if (type !== undefined) return await this.#file(name, type);
    if (name === "recordings.json") return this.#send("application/json", this.#list());
    if (name === "alive") return this.#holdOn();
    const number = /^recording\/(\d{1,4})$/.exec(name)?.[1];
    const recording = this.#options.recordings[Number(number ?? Number.NaN)];
    if (recording === undefined)
      return refuse(this.#response, { status: 404, why: "no such name" });
    await this.#stream(recording);
  }

  async #file(name: string, type: string): Promise<void> {
    const bytes = await readFile(join(this.#options.page, name));
    const isPage = name === "index.html";
    const told = isPage ? bytes.toString().replace(NOT_SERVED, SERVED) : bytes;
    this.#send(type, told);
  }

  #list(): string {
    const recordings = this.#options.recordings.map(({ name, size }, i) => ({
      name,
      size,
      url: `recording/${i}`,
    }));
    return JSON.stringify({ recordings });
  }

  #send(type: string, body: string | Uint8Array): void {
    this.#response.writeHead(200, { "Content-Type": type });
    this.#response.end(this.#isHead ? undefined : body);
  }

  /** The page knows by the end of this answer that the server has gone. */
  #holdOn(): void {
    this.#response.writeHead(200, { "Content-Type": "text/plain" });
    if (this.#isHead) this.#response.end();
    else {
      this.#response.flushHeaders();
      this.#signal.addEventListener("abort", () => this.#response.end(), { once: true });
    }
  }

  async #stream(recording: ServedRecording): Promise<void> {
    const response = this.#response;
    response.writeHead(200, { "Content-Type": "application/octet-stream" });
    response.flushHeaders();
    if (this.#isHead) return void response.end();
    for await (const chunk of recording.chunks(this.#signal)) {
      // The chunk's memory is used again.
      const isRoom = response.write(chunk.slice());
      if (!isRoom) await once(response, "drain", { signal: this.#signal });
      if (this.#signal.aborted) break;
    }
    response.end();
  }
}

const NOT_SERVED = '<meta name="seqack-served" content="no"';
const SERVED = '<meta name="seqack-served" content="yes"';
