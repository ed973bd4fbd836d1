/** Options of every kind and length, right and wrong, beside tshark: the fields, the verdicts, the windows behind them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { captureOf, emitPacket } from "../../../test/fuzz/packet.ts";
import { testWith } from "../../../test/needs.ts";
import { compareCapture, TCP_PARITY } from "../../../test/parity.ts";
import { OptionKind } from "../../wire/tcp-option.ts";
import { Flag } from "../../wire/tcp.ts";

/** Satellite links (SCPS), Riverbed's probes, accurate ECN: not read here. */
const APART = new Set([20, 21, 22, 23, 76, 78, 172, 174]);
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 26, 34, 37, 40, 41];
const FLAGS = [Flag.ACK, Flag.SYN, Flag.SYN | Flag.ACK];
const SERVER = { address: 3, port: 61_000 };

/** One option, a window scale behind it while there is room, and a segment that shows which shift holds then. */
function exchange(
  n: number,
  kind: number,
  length: number,
  flags: number,
): Uint8Array<ArrayBuffer>[] {
  const body = Array.from({ length: Math.max(0, length - 2) }, (_, i) => (i * 3 + n) & 255);
  // Of an MPTCP connection that begins without a key an assertion of tshark fails.
  if (kind === OptionKind.MPTCP && body.length > 0) body[0] = 0;
  const options = [kind, length, ...body, OptionKind.WINDOW_SCALE, 3, 5];
  while (options.length % 4 !== 0) options.push(OptionKind.NOP);
  const from = { address: 10 + (n >> 9), port: 61_001 + (n & 511) };
  const common = { isSix: false, from, to: SERVER, ack: 5000, len: 10, window: 100 };
  return [
    emitPacket({ ...common, flags, seq: 1000, options: Uint8Array.from(options.slice(0, 40)) }),
    emitPacket({ ...common, flags: Flag.ACK, seq: 1010, options: new Uint8Array(0) }),
  ];
}

testWith("tshark")(
  "options of every kind and length are read as tshark reads them",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "seqack-options-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "options.pcap");
    const packets: Uint8Array<ArrayBuffer>[] = [];
    for (let kind = 0; kind < 256; kind++) {
      if (APART.has(kind)) continue;
      for (const length of LENGTHS)
        for (const flags of FLAGS)
          packets.push(...exchange(packets.length / 2, kind, length, flags));
    }
    writeFileSync(path, Buffer.concat(captureOf(packets, 1000)));
    const { segments, differing, differences } = await compareCapture(path, { fields: TCP_PARITY });
    expect(differences.slice(0, 5)).toEqual([]);
    expect(differing).toEqual([]);
    expect(segments).toBe(packets.length);
  },
  120_000,
);
