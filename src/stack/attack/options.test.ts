/** Damaged, unknown and useless TCP options, in every state that reads them (RFC 9293 §3.1, MUST-7). */
import { describe, expect, test } from "vitest";
import { AttackedHost, NOTHING_LEFT, segmentsOf } from "../../testing/attacked-host.ts";
import { tcpPacket, withOptions, type TcpPacketInit } from "../../testing/stack-packets.ts";
import { viewOf } from "../../base/bytes.ts";
import { Flag, parseTcp, type TcpRepr } from "../../wire/tcp.ts";

const LONG = 3600e9;
const THEIR_ISS = 0xffff_ffff;

const OPTIONS: readonly (readonly [string, readonly number[]])[] = [
  ["a length of 0", [8, 0, 1, 1]],
  ["a length of 1", [5, 1, 1, 1]],
  ["a length beyond the header", [8, 255, 1, 1]],
  ["an MSS without its end", [1, 1, 2, 4]],
  ["an MSS of 0", [2, 4, 0, 0]],
  ["an MSS of 3 bytes", [2, 3, 0, 1]],
  ["40 NOPs", Array<number>(40).fill(1)],
  ["40 ends of the list", Array<number>(40).fill(0)],
  ["what nobody knows", [77, 40, ...Array<number>(38).fill(255)]],
  ["a window shift of 255", [3, 3, 255, 1]],
  ["SACK permitted twenty times", Array.from({ length: 20 }, () => [4, 2]).flat()],
  ["half a SACK block", [5, 6, 0, 0, 0, 1, 1, 1]],
  ["a SACK without blocks", [5, 2, 1, 1]],
  ["two MSS", [2, 4, 5, 180, 2, 4, 0, 1]],
];

/** Port 80 is listened on; checksums are looked at by nobody. */
function rig(): AttackedHost {
  const attacked = new AttackedHost({ checksums: false });
  attacked.host.listen("0.0.0.0", 80);
  return attacked;
}

function gets(attacked: AttackedHost, init: TcpPacketInit, options: readonly number[]): TcpRepr[] {
  return segmentsOf(attacked.gets(withOptions(tcpPacket(init), Uint8Array.from(options))));
}

describe.each(OPTIONS)("%s", (_, options) => {
  test("in a SYN: answered, and the connection works", () => {
    const attacked = rig();
    const [synAck] = gets(attacked, { seq: THEIR_ISS }, options);
    expect(synAck?.flags).toBe(Flag.SYN | Flag.ACK);
    const ack = (synAck!.seq + 1) >>> 0;
    const said = gets(attacked, { flags: 0, seq: 0, ack, payloadLen: 10 }, options);
    attacked.runUntil(1e9);
    expect([attacked.host.connections, said.every(({ flags }) => flags === Flag.ACK)]).toEqual([
      1,
      true,
    ]);
    attacked.segment({ flags: Flag.RST, seq: 10 });
    attacked.runUntil(LONG);
    expect(attacked.left).toEqual(NOTHING_LEFT);
  });

  test("in the SYN-ACK for ours, and in all that follows", () => {
    const attacked = new AttackedHost({ checksums: false });
    const socket = attacked.host.connect("10.0.0.1", 80, 0);
    const [syn] = segmentsOf(attacked.polls());
    const ports = { srcPort: 80, dstPort: socket.localPort };
    const ack = (syn!.seq + 1) >>> 0;
    gets(attacked, { ...ports, flags: Flag.SYN, seq: THEIR_ISS, ack }, options);
    expect(socket.endpoint.state).toBe("ESTABLISHED");
    socket.send(new Uint8Array(3000), 0);
    for (const packet of attacked.polls()) {
      expect(parseTcp(viewOf(packet), 20).payload.length).toBeGreaterThan(0);
      expect(packet.length).toBeLessThanOrEqual(1500);
    }
    gets(attacked, { ...ports, flags: Flag.FIN, seq: 0, ack }, options);
    expect(socket.endpoint.state).toBe("CLOSE-WAIT");
    socket.abort(0);
    attacked.runUntil(LONG);
    expect(attacked.left).toEqual(NOTHING_LEFT);
  });
});

test.each([0, 1, 2, 3, 4])("a data offset of %d words is no segment", (words) => {
  const attacked = rig();
  const packet = tcpPacket();
  packet[32] = words << 4;
  expect(attacked.gets(packet)).toEqual([]);
  expect(attacked.host.counters.drops["bad-segment"]).toBe(1);
});

test("a data offset beyond the packet is no segment", () => {
  const attacked = rig();
  const packet = tcpPacket();
  packet[32] = 0xf0;
  expect(attacked.gets(packet)).toEqual([]);
  expect(attacked.host.counters.drops["bad-segment"]).toBe(1);
});
