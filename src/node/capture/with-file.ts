/**
 * A sink that is also written to a file, for sources without a thread of their own.
 *
 * @module
 */
import { closeSync, openSync } from "node:fs";
import type { CaptureSink } from "../../pcap/sink.ts";
import { FileWriter } from "./file-writer.ts";
import type { CaptureOptions } from "./live.ts";

/** The sink and the file of `options` as one; `close` writes what is left. */
export function withFile({ sink, file }: CaptureOptions): {
  readonly sink: CaptureSink;
  readonly close: () => void;
} {
  if (file === undefined) return { sink: sink ?? NOBODY, close: () => {} };
  const isOurs = typeof file.to === "string";
  const fd = typeof file.to === "string" ? openSync(file.to, "w", 0o600) : file.to;
  const writer = new FileWriter(fd, file.application);
  return {
    sink: {
      onInterface(iface, index) {
        writer.onInterface(iface);
        sink?.onInterface?.(iface, index);
      },
      onPacket(packet) {
        writer.onPacket(packet);
        sink?.onPacket(packet);
      },
      onStats(stats) {
        writer.onStats(stats);
        sink?.onStats?.(stats);
      },
    },
    close() {
      writer.flush();
      if (isOurs) closeSync(fd);
    },
  };
}

const NOBODY: CaptureSink = { onPacket: () => {} };
