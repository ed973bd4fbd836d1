import { expect, test } from "vitest";
import { Prng } from "../../base/prng.ts";
import { pattern } from "../../testing/pattern.ts";
import { Loopback } from "../device/loopback.ts";
import { linux } from "../tcp/profile.ts";
import { Host } from "./host.ts";
import type { Socket } from "./socket.ts";

const TOTAL = 200_000;
const MS = 1e6;

// The memory that the sender's bytes lie in is written over as soon as they are acknowledged.
test.each([1, 2, 3, 4])(
  "a host's bytes to itself are right whenever, and in whatever pieces, they are read (%i)",
  (seed) => {
    const prng = new Prng(seed);
    const options = { sendBuffer: 20_000, receiveBuffer: 30_000, maxSegment: 1000 };
    const init = { addresses: ["10.0.0.1"], device: new Loopback(), profile: linux, options };
    const host = new Host(init);
    const listener = host.listen("0.0.0.0", 80);
    const client = host.connect("10.0.0.1", 80, 0);
    host.poll(0);
    const server: Socket = listener.accept()!;
    const whole = pattern(0, TOTAL);
    const got = new Uint8Array(TOTAL);
    let [sent, read] = [0, 0];
    for (let nowNs = 0; read < TOTAL; nowNs += 50 * MS) {
      sent += client.send(whole.subarray(sent, sent + prng.below(30_000)), nowNs);
      host.poll(nowNs);
      const most = prng.chance(0.3) ? 0 : prng.below(30_000);
      read += server.receive(got.subarray(read, read + most), nowNs) ?? 0;
      if (prng.chance(0.5)) host.poll(nowNs);
    }
    expect(got.findIndex((byte, i) => byte !== whole[i])).toBe(-1);
  },
);
