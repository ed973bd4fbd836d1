/**
 * Where the writers' bytes go: a file made whole or not at all, a file that
 * grows while a capture runs, or standard output.
 *
 * ```ts ignore
 * const output = await openOutput("trace.pcapng", { whole: true });
 * await output.write(writer.section());
 * await output.close();
 * ```
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, realpath, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileName, nameOf } from "./file-name.ts";
import { OutputError } from "./output-error.ts";

/** How to write. */
export interface OutputOptions {
  /**
   * The file appears under its name when it is closed, complete; until then nothing of that name
   * is touched. Otherwise (the default) it grows in place, for a capture that may run for days.
   */
  readonly whole?: boolean;
}

/** Takes whole records or blocks, in order. */
export interface CaptureOutput {
  /** Bytes taken so far. */
  readonly length: number;
  /**
   * Takes bytes that are whole by themselves; wait for it before the next.
   *
   * @throws {OutputError} when they could not be written; the output is closed then, and ends with
   *   the last bytes that could.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Finishes the output. @throws {OutputError} */
  close(): Promise<void>;
  /** Gives up: a file that was to be whole is removed, one that grew stays. Throws nothing. */
  discard(): Promise<void>;
}

/** A capture shows what people sent each other: for its owner alone. */
const MODE = 0o600;

/**
 * Opens `path` for writing, `"-"` for standard output. An existing file is replaced.
 *
 * @throws {OutputError}
 */
export async function openOutput(
  path: string,
  options: OutputOptions = {},
): Promise<CaptureOutput> {
  if (path === "-") return new StdoutOutput();
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC } = constants;
  try {
    const place = options.whole === true ? await replaceable(path) : null;
    const target = place === null ? path : temporaryBeside(place);
    const flags = O_WRONLY | O_CREAT | (place === null ? O_TRUNC : O_EXCL);
    const file = await open(fileName(target), flags, MODE);
    return new FileOutput(place ?? path, target, file);
  } catch (cause) {
    throw new OutputError(path, cause, null);
  }
}

/** The file behind links that a new one may take the place of; `null` for devices and pipes. */
async function replaceable(path: string): Promise<string | null> {
  try {
    const real = nameOf(await realpath(fileName(path), "buffer"));
    return (await stat(fileName(real))).isFile() ? real : null;
  } catch {
    return path; // nothing of that name; opening says what else is wrong
  }
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
}

class FileOutput implements CaptureOutput {
  length = 0;
  readonly #path: string;
  /** Where the bytes are; another name than {@link #path} until the file is whole. */
  readonly #target: string;
  #file: FileHandle | null;

  constructor(path: string, target: string, file: FileHandle) {
    this.#path = path;
    this.#target = target;
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const file = this.#file;
    if (file === null) throw new OutputError(this.#path, new Error("it is closed"), this.length);
    try {
      for (let at = 0; at < bytes.length;) {
        at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
      }
    } catch (cause) {
      throw await this.#fail(file, cause);
    }
    this.length += bytes.length;
  }

  async close(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    try {
      if (this.#isTemporary()) await file.sync();
      this.#file = null;
      await file.close();
      if (this.#isTemporary()) await rename(fileName(this.#target), fileName(this.#path));
    } catch (cause) {
      throw await this.#fail(file, cause);
    }
  }

  async discard(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close().catch(ignore);
    if (this.#isTemporary()) await unlink(fileName(this.#target)).catch(ignore);
  }

  #isTemporary(): boolean {
    return this.#target !== this.#path;
  }

  /** Cuts off what was written in part, so that the file ends with something whole. */
  async #fail(file: FileHandle, cause: unknown): Promise<OutputError> {
    const cut = await file.truncate(this.length).then(
      () => true,
      () => false,
    );
    await this.discard();
    return new OutputError(this.#path, cause, this.#isTemporary() || !cut ? null : this.length);
  }
}

class StdoutOutput implements CaptureOutput {
  length = 0;
  #failed: unknown = null;

  constructor() {
    process.stdout.on("error", this.#onError);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const failed = (this.#failed ??= await written(bytes));
    if (failed !== null) throw new OutputError("-", failed, this.length);
    this.length += bytes.length;
  }

  close(): Promise<void> {
    return this.discard();
  }

  discard(): Promise<void> {
    // After a failure the stream may say so once more, later.
    if (this.#failed === null) process.stdout.off("error", this.#onError);
    return Promise.resolve();
  }

  readonly #onError = (error: unknown): void => {
    this.#failed = error;
  };
}

/** Resolves once the bytes are out, with what went wrong or `null`. */
function written(bytes: Uint8Array): Promise<unknown> {
  return new Promise((resolve) => {
    process.stdout.write(bytes, (error) => resolve(error ?? null));
  });
}

/** For what is tidied up after a failure that is being reported already. */
function ignore(): void {}
