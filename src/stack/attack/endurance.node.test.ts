/** What takes too long for a browser's tests: more bytes than there are sequence numbers, and connections without end. */
import { expect, test } from "vitest";
import { AttackedHost, NOTHING_LEFT } from "../../testing/attacked-host.ts";
import { pattern } from "../../testing/pattern.ts";
import { Flag } from "../../wire/tcp.ts";
import { Cable } from "../device/cable.ts";
import { Host } from "../host/host.ts";
import { linux } from "../tcp/profile.ts";

const SECOND = 1e9;
const LONG = 3600 * SECOND;
const TIMEOUT_MS = 600_000;

const TOTAL = 2 ** 32 + 2 ** 28;
/** A prime: what lies a wrap away is something else. */
const PERIOD = 1_000_003;
const MOST = 1 << 20;

test(
  "more than 2^32 bytes through a window of 1 GiB are the bytes that were sent",
  () => {
    const period = pattern(1, PERIOD);
    const twice = Buffer.concat([period, period, period]);
    const part = (at: number, n: number): Buffer => twice.subarray(at % PERIOD, (at % PERIOD) + n);
    const cable = new Cable();
    const profile = { ...linux, receiveBufferMax: 2 ** 30 };
    const init = { profile, options: { receiveBuffer: 2 ** 30 } };
    const client = new Host({ addresses: ["10.0.0.1"], device: cable.a, ...init });
    const server = new Host({ addresses: ["10.0.0.2"], device: cable.b, ...init });
    const poll = (nowNs: number): void => {
      for (let i = 0; i < 4; i++) for (const host of [client, server]) host.poll(nowNs);
    };
    const listener = server.listen("10.0.0.2", 80);
    const socket = client.connect("10.0.0.2", 80, 0);
    poll(0);
    const accepted = listener.accept()!;
    expect(socket.endpoint.status().sndShift).toBe(14);
    const into = Buffer.alloc(MOST);
    let [sent, read, wrong] = [0, 0, 0];
    for (let nowNs = 0; read < TOTAL; nowNs += 1e6) {
      sent += socket.send(part(sent, Math.min(MOST, TOTAL - sent)), nowNs);
      poll(nowNs);
      const n = accepted.receive(into, nowNs) ?? 0;
      if (into.compare(part(read, n), 0, n, 0, n) !== 0) wrong++;
      read += n;
    }
    expect([sent, read, wrong]).toEqual([TOTAL, TOTAL, 0]);
  },
  TIMEOUT_MS,
);

test(
  "a hundred thousand connections come and go: nothing of them is left",
  () => {
    const rig = new AttackedHost();
    const listener = rig.host.listen("10.0.0.2", 80);
    let most = 0;
    for (let i = 0; i < 100_000; i++) {
      rig.nowNs += 10e6;
      rig.runUntil(rig.nowNs);
      const ports = { srcPort: 1024 + (i % 60_000), dstPort: 80 };
      const [synAck] = rig.segment({ ...ports, seq: 0xffff_ffff });
      const ack = (synAck!.seq + 1) >>> 0;
      const end = { ...ports, flags: Flag.FIN, seq: 0, ack, payloadLen: 5 };
      const isPeerFirst = i % 3 === 0;
      rig.segment(isPeerFirst ? end : { ...ports, flags: 0, seq: 0, ack });
      const socket = listener.accept()!;
      if (isPeerFirst) socket.receive(new Uint8Array(5), rig.nowNs);
      // Of three the peer ends one, the host one, which waits in TIME-WAIT, and one is aborted.
      if (i % 3 === 2) socket.abort(rig.nowNs);
      else socket.close(rig.nowNs);
      rig.polls();
      if (isPeerFirst) rig.segment({ ...ports, flags: 0, seq: 6, ack: (ack + 1) >>> 0 });
      else rig.segment({ ...end, ack: (ack + 1) >>> 0, payloadLen: 0 });
      most = Math.max(most, rig.host.connections);
    }
    // Those of the last minute.
    expect(most).toBe(2000);
    rig.runUntil(rig.nowNs + LONG);
    expect(rig.left).toEqual(NOTHING_LEFT);
  },
  TIMEOUT_MS,
);
