/**
 * `dial` where names are not looked up: the same for connections in memory and over our own stack.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { parseAddress } from "./address.ts";
import type { Calls } from "./calls.ts";
import type { NetError } from "./errors.ts";
import { limited } from "./limits.ts";
import { callerOf, errorAt, here, resolve } from "./literals.ts";
import type { Address, Conn, DialOptions, TcpAddr } from "./types.ts";

/** What {@link dialLiteral} needs. */
export interface LiteralDial {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly options: DialOptions;
  /** Begins to connect; it settles once, at any time. The returned function gives up. */
  connect(remote: TcpAddr, done: (conn: Conn) => void, fail: (error: NetError) => void): () => void;
}

/** Dials `address` as `Network.dial` says, and tells of the call. */
export function dialLiteral(address: Address, dial: LiteralDial): Promise<Conn> {
  const { calls, clock, options } = dial;
  const call = calls.begin("dial", callerOf("client", address));
  return calls.attempt(call, "dial", async () => {
    const remote = here(resolve(parseAddress(address), "dial"));
    const conn = await limited<Conn>({
      options,
      clock,
      error: (code, cause) => errorAt("dial", remote, code, cause),
      start: (done, fail) => dial.connect(remote, done, fail),
    });
    calls.made(call, conn);
    return conn;
  });
}
