import { expect, test } from "vitest";
import { viewOf } from "../../base/bytes.ts";
import { tcpPacket } from "../../testing/stack-packets.ts";
import { ipv4Ttl } from "../../wire/ipv4.ts";
import { Flag } from "../../wire/tcp.ts";
import type { Device } from "../device/device.ts";
import { generic } from "../tcp/profile.ts";
import type { SocketOptions } from "../types.ts";
import { Host } from "./host.ts";

/** A host on a device that keeps what it sends: traffic class and hop limit of each packet. */
function rig(options: Partial<SocketOptions>): {
  host: Host;
  sent: [number, number][];
  inbox: Uint8Array[];
} {
  const sent: [number, number][] = [];
  const inbox: Uint8Array[] = [];
  const device: Device = {
    mtu: 1500,
    send(packet) {
      const view = viewOf(packet);
      const isIpv6 = view.getUint8(0) >> 4 === 6;
      sent.push(
        isIpv6
          ? [(view.getUint16(0) >> 4) & 0xff, view.getUint8(7)]
          : [view.getUint8(1), ipv4Ttl(view, 0)],
      );
    },
    poll: () => inbox.shift() ?? null,
    pollAt: () => Infinity,
  };
  const addresses = ["10.0.0.2", "2001:db8::2"];
  return { host: new Host({ addresses, device, profile: generic, options }), sent, inbox };
}

// RFC 9293 §3.9.2: a user may say both, for each connection, and change the first while it is open.
test("differentiated services and hop limit of a connection are the user's", () => {
  const { host, sent } = rig({ hopLimit: 7 });
  host.connect("10.0.0.1", 80, 0);
  host.connect("2001:db8::1", 80, 0, { options: { dscp: 46, hopLimit: 255 } });
  const socket = host.connect("10.0.0.1", 81, 0, { options: { dscp: 1 } });
  host.poll(0);
  socket.setOptions({ dscp: 2 }, 1);
  host.poll(2e9);
  const [first, again] = [sent.slice(0, 3), sent.slice(3)];
  expect(first).toEqual([
    [0, 7],
    [46 << 2, 255],
    [1 << 2, 7],
  ]);
  // In whichever order.
  expect(again.toSorted(([a], [b]) => a - b)).toEqual([
    [0, 7],
    [2 << 2, 7],
    [46 << 2, 255],
  ]);
});

test("a RST of no connection has the host's", () => {
  const { host, sent, inbox } = rig({ dscp: 3, hopLimit: 7 });
  inbox.push(tcpPacket({ flags: Flag.ACK, ack: 1 }));
  host.poll(0);
  expect(sent).toEqual([[3 << 2, 7]]);
});

test.each([{ dscp: 64 }, { dscp: -1 }, { hopLimit: 0 }, { hopLimit: 256 }, { hopLimit: 1.5 }])(
  "no header has room for %j",
  (options) => {
    expect(() => rig(options)).toThrow(RangeError);
    const { host } = rig({});
    expect(() => host.connect("10.0.0.1", 80, 0, { options })).toThrow(RangeError);
    const socket = host.connect("10.0.0.1", 80, 0);
    expect(() => socket.setOptions(options, 0)).toThrow(RangeError);
    expect(host.connections).toBe(1);
  },
);
