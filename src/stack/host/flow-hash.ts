/**
 * Numbers that belong to a flow and that nobody can guess without the key:
 * SHA-1 of a secret and the flow, as RFC 6056 §3.3.3 and RFC 7323 §5.4 have it. Initial sequence
 * numbers: `tcp/isn.ts`.
 *
 * @module
 */
import { concat, viewOf } from "../../base/bytes.ts";
import { sha1 } from "../../base/sha1.ts";
import type { Flow } from "./flow-table.ts";

/** What a number is for: numbers of different purposes tell nothing of each other. */
export type HashPurpose = "port" | "timestamp";

const PURPOSES: Readonly<Record<HashPurpose, number>> = { port: 1, timestamp: 2 };

/** 32 bits for `flow`. */
export function flowHash(secret: Uint8Array, purpose: HashPurpose, flow: Flow): number {
  const ports = new Uint8Array(5);
  const v = viewOf(ports);
  v.setUint8(0, PURPOSES[purpose]);
  v.setUint16(1, flow.localPort);
  v.setUint16(3, flow.remotePort);
  return viewOf(sha1(concat(secret, ports, flow.local, flow.remote))).getUint32(0);
}
