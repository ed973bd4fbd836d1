/**
 * A live capture for the viewer: written to a file that the page reads as it grows.
 *
 * @module
 */
import { concat } from "../base/bytes.ts";
import type { CaptureEnd } from "../node/capture/live.ts";
import { startCapture } from "../node/capture/start.ts";
import { Spool } from "../node/view/spool.ts";
import type { ServedRecording } from "../node/view/server.ts";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { VERSION } from "./commands.ts";

/** Bytes that a file of ours may take on the disk; a file that was named may grow as it likes. */
const MAX_SPOOL = 4 * 2 ** 30;

/** What to capture, and where to keep it. */
export interface LiveOptions {
  readonly interface: string;
  readonly filter: string;
  /** `null`: nowhere. */
  readonly keepAt: string | null;
  readonly signal: AbortSignal;
}

/** A capture that a page can read. */
export interface LiveRecording {
  readonly recording: ServedRecording;
  /** How the capture ended. */
  readonly ended: Promise<CaptureEnd>;
  /** Gives the file up, or closes the one that is kept. */
  close(): void;
}

/** Starts it. @throws {CaptureError} when it cannot. */
export async function startLive(options: LiveOptions): Promise<LiveRecording> {
  const spool = new Spool(options.keepAt);
  const stop = new AbortController();
  const writer = new PcapngWriter({ application: `seqack ${VERSION}` });
  let parts: Uint8Array[] = [writer.section()];
  const flush = (): Promise<void> => {
    if (parts.length > 0) spool.write(concat(...parts));
    parts = [];
    if (options.keepAt === null && spool.length > MAX_SPOOL) stop.abort();
    return Promise.resolve();
  };
  try {
    const capture = await startCapture({
      interface: options.interface,
      filter: options.filter,
      signal: AbortSignal.any([options.signal, stop.signal]),
      sink: {
        onInterface: (iface) => parts.push(writer.iface(iface)),
        onPacket: (packet) => parts.push(writer.packet(packet)),
        onStats: (stats) => parts.push(writer.stats(stats)),
      },
      afterPackets: flush,
    });
    await flush();
    const ended = capture.ended.then(async (end) => {
      await flush();
      return end;
    });
    const over = ended.finally(() => spool.end());
    over.catch(() => {});
    const name = `${options.interface} ${options.filter}`.trim();
    const chunks: ServedRecording["chunks"] = (signal) => spool.chunks(signal);
    return { recording: { name, size: null, chunks }, ended: over, close: () => spool.close() };
  } catch (e) {
    spool.close();
    throw e;
  }
}
