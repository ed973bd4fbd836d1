/**
 * Programs that send without end, and read it.
 *
 * @module
 */
import type { Socket, SocketUser } from "../../src/stack/host/socket.ts";
import type { TcpEvent } from "../../src/stack/types.ts";
import type { Meter } from "./meter.ts";

const CHUNK = new Uint8Array(65_536);

/** Keeps the send buffer full. */
export const bulkSender: SocketUser = {
  onEvent({ type }: TcpEvent, socket: Socket, nowNs: number): void {
    if (type !== "connected" && type !== "writable") return;
    while (socket.send(CHUNK, nowNs) === CHUNK.length);
  },
};

/** Reads all that comes; `meter` counts it. */
export function bulkReader(meter: Meter): SocketUser {
  const buffer = new Uint8Array(CHUNK.length);
  return {
    onEvent({ type }: TcpEvent, socket: Socket, nowNs: number): void {
      if (type !== "readable") return;
      for (;;) {
        const n = socket.receive(buffer, nowNs);
        if (n === null || n === 0) return;
        meter.received += n;
      }
    },
  };
}
