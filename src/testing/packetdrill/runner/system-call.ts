/**
 * System calls with their arguments understood.
 *
 * @module
 */

/** Value of a socket option: a number, a text, or the members of a structure. */
export type OptionValue = number | string | ReadonlyMap<string, number>;

/** One descriptor of `poll`. */
export interface PollEntry {
  readonly handle: number;
  /** `POLLIN` … */
  readonly events: readonly string[];
}

/** A call; `handle` is the stack's own number of a socket. */
export type SystemCall =
  | { readonly name: "socket"; readonly isNonblocking: boolean }
  | { readonly name: "bind"; readonly handle: number }
  | { readonly name: "listen"; readonly handle: number; readonly backlog: number }
  | { readonly name: "accept"; readonly handle: number; readonly isNonblocking: boolean }
  /** `disconnect`: with AF_UNSPEC. */
  | { readonly name: "connect"; readonly handle: number; readonly disconnect: boolean }
  | {
      readonly name: "read";
      readonly handle: number;
      readonly len: number;
      /** `MSG_PEEK` … */
      readonly flags: ReadonlySet<string>;
      /** With a control message of TCP_INQ: bytes that are left. */
      readonly tellsRest?: boolean;
      /** The buffer is NULL. */
      readonly hasNoBuffer?: boolean;
    }
  | {
      readonly name: "write";
      readonly handle: number;
      readonly len: number;
      readonly flags: ReadonlySet<string>;
      /** The buffer is NULL. */
      readonly hasNoBuffer?: boolean;
    }
  | { readonly name: "shutdown"; readonly handle: number; readonly how: "read" | "write" | "both" }
  | { readonly name: "close"; readonly handle: number }
  | { readonly name: "get-flags"; readonly handle: number }
  | { readonly name: "set-flags"; readonly handle: number; readonly isNonblocking: boolean }
  | {
      readonly name: "set-option";
      readonly handle: number;
      readonly option: string;
      readonly value: OptionValue;
      /** Bytes of it, where the script tells. */
      readonly len: number | null;
    }
  | { readonly name: "get-option"; readonly handle: number; readonly option: string }
  /** Flags of descriptors, which mean nothing here. */
  | { readonly name: "set-nothing"; readonly handle: number }
  /** SIOCINQ, SIOCOUTQ; `value`: what FIONBIO sets. */
  | {
      readonly name: "ioctl";
      readonly handle: number;
      readonly request: string;
      readonly value: number | null;
    }
  | { readonly name: "poll"; readonly entries: readonly PollEntry[]; readonly timeoutNs: number };
