/**
 * A recording that is made while it is read: written to a file, read from it as often as asked for.
 *
 * Memory is what was not written yet; a reader that falls behind reads from the disk.
 *
 * @module
 */
import { read, rmSync, writeSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { closeCaptureFile, openCaptureFile, writing } from "../capture/capture-file.ts";
import { fileName } from "../file-name.ts";
import { openSync, closeSync } from "node:fs";

const readAt = promisify(read);
const CHUNK_LEN = 256 * 1024;

/** See the module. */
export class Spool {
  readonly #path: string;
  readonly #folder: string | null;
  readonly #out: number;
  readonly #in: number;
  #length = 0;
  #isOver = false;
  readonly #waiting = new Set<() => void>();

  /**
   * @param path Where it is kept; `null`: in a file of the system's folder for such, removed in the end.
   * @throws {CaptureError} when it cannot be written.
   */
  constructor(path: string | null) {
    this.#folder = path === null ? mkdtempSync(join(tmpdir(), "seqack-view-")) : null;
    this.#path = path ?? join(this.#folder ?? "", "live.pcapng");
    this.#out = writing(this.#path, () => openCaptureFile(this.#path));
    this.#in = openSync(fileName(this.#path), "r");
  }

  /** Bytes written. */
  get length(): number {
    return this.#length;
  }

  /** Adds whole blocks. @throws {CaptureError} when they cannot be written. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      at += writing(this.#path, () => writeSync(this.#out, bytes, at));
    }
    this.#length += bytes.length;
    this.#wake();
  }

  /** No more is written: readers end where it ends. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Closes the file; one of the system's folder is removed. */
  close(): void {
    this.end();
    closeCaptureFile(this.#path, this.#out);
    closeSync(this.#in);
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * The bytes from the first, and those to come.
   *
   * @yields Chunks that are valid until the next is asked for.
   */
  async *chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(CHUNK_LEN);
    for (let at = 0; !signal.aborted;) {
      if (at === this.#length) {
        if (this.#isOver) return;
        await this.#more(signal);
        continue;
      }
      const len = Math.min(CHUNK_LEN, this.#length - at);
      const { bytesRead } = await readAt(this.#in, buffer, 0, len, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
