/**
 * What a connection needs of the layer below it.
 *
 * @module
 */
import type { KeepAlive } from "./types.ts";

/** {@link Transport.take}: the peer's FIN came, and all before it has been taken. */
export const END = -1;

/**
 * Moves the bytes of one connection. Nothing here throws, and nothing here
 * calls the connection back before it has returned.
 */
export interface Transport {
  /**
   * Moves bytes that have come into `p`: how many, {@link END}, or 0 when
   * none is there yet; then `onReadable` follows. After `onError` it still
   * gives what came before.
   */
  take(p: Uint8Array): number;
  /** Copies bytes of `p` from `at` on: how many. When not all, `onWritable` follows. */
  put(p: Uint8Array, at: number): number;
  /** What was put is still on its way down and `put` would take nothing; `onWritable` follows. */
  readonly isBusy: boolean;
  /** Sends a FIN after what was put; `onFinished` follows. */
  finish(): void;
  /** Delivers what was put, then a FIN, or sends a RST at once; `onClosed` follows. Not called after `onError`. */
  close(reset: boolean): void;
  setNoDelay?(on: boolean): void;
  setKeepAlive?(keepAlive: KeepAlive): void;
}
