/**
 * The file that a capture is written to: opened, written and closed here, so
 * that what goes wrong names it.
 *
 * @module
 */
import { closeSync, openSync } from "node:fs";
import { text, type Text } from "../../base/lang.ts";
import { fileName, visibleName } from "../file-name.ts";
import { whyNotWritten } from "../output-error.ts";
import { CaptureError } from "./error.ts";
import type { CaptureFile } from "./live.ts";

/** Readable by its owner alone: packets hold secrets. */
const MODE = 0o600;
const STDOUT = 1;

type Target = CaptureFile["to"];

/** Opens it for writing, empty; an open descriptor is itself. @throws what the system throws. */
export function openCaptureFile(to: Target): number {
  return typeof to === "string" ? openSync(fileName(to), "w", MODE) : to;
}

/** Closes it, when {@link openCaptureFile} opened it. */
export function closeCaptureFile(to: Target, fd: number): void {
  if (typeof to === "string") closeSync(fd);
}

/** From the system's error code. */
export function cannotWrite(to: Target, code: string): CaptureError {
  const why = whyNotWritten(code);
  const name = nameOfTarget(to);
  return new CaptureError(
    code === "EPIPE" ? "closed-pipe" : "failed",
    text(
      `cannot write the packets to ${name.en}: ${why.en}`,
      `无法把抓到的包写入 ${name.zh}：${why.zh}`,
    ),
  );
}

/**
 * What `write` gives.
 *
 * @throws {CaptureError} in place of what the system throws.
 */
export function writing<T>(to: Target, write: () => T): T {
  try {
    return write();
  } catch (e) {
    throw e instanceof Error && "syscall" in e && "code" in e ? cannotWrite(to, String(e.code)) : e;
  }
}

function nameOfTarget(to: Target): Text {
  if (typeof to === "string") return text(visibleName(to), visibleName(to));
  if (to === STDOUT) return text("standard output", "标准输出");
  return text(`file descriptor ${to}`, `文件描述符 ${to}`);
}
