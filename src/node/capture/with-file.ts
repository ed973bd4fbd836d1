/**
 * A sink that is also written to a file, for sources without a thread of their own.
 *
 * @module
 */
import type { CaptureSink } from "../../pcap/sink.ts";
import { closeCaptureFile, openCaptureFile, writing } from "./capture-file.ts";
import { FileWriter } from "./file-writer.ts";
import type { CaptureOptions } from "./live.ts";

/**
 * The sink and the file of `options` as one; `close` writes what is left.
 *
 * @throws {CaptureError} when the file cannot be written, as the sink and `close` do.
 */
export function withFile({ sink, file }: CaptureOptions): {
  readonly sink: CaptureSink;
  readonly close: () => void;
} {
  if (file === undefined) return { sink: sink ?? NOBODY, close: () => {} };
  const { to, application } = file;
  const fd = writing(to, () => openCaptureFile(to));
  const writer = new FileWriter(fd, application);
  return {
    sink: {
      onInterface(iface, index) {
        writing(to, () => writer.onInterface(iface));
        sink?.onInterface?.(iface, index);
      },
      onPacket(packet) {
        writing(to, () => writer.onPacket(packet));
        sink?.onPacket(packet);
      },
      onStats(stats) {
        writing(to, () => writer.onStats(stats));
        sink?.onStats?.(stats);
      },
    },
    close() {
      writing(to, () => writer.flush());
      closeCaptureFile(to, fd);
    },
  };
}

const NOBODY: CaptureSink = { onPacket: () => {} };
