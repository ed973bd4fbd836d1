/**
 * The addresses of a host.
 *
 * @module
 */
import { isAddressAt, isSameAddress, parseIpAddress } from "../ip/ip-address.ts";

/** At least one. All connections share these copies. */
export class Addresses {
  readonly list: readonly Uint8Array[];
  /** What {@link shared} gave. */
  #last: Uint8Array = new Uint8Array(0);

  /** @throws {SyntaxError} when one is none. */
  constructor(texts: readonly string[]) {
    this.list = texts.map(parseIpAddress);
  }

  /** The host's own copy of `address`; `null`: it is another's. */
  own(address: Uint8Array): Uint8Array | null {
    for (const own of this.list) if (isSameAddress(own, address)) return own;
    return null;
  }

  /** {@link own} of the `length` bytes at byte `at` of `view`. */
  ownAt(view: DataView, at: number, length: number): Uint8Array | null {
    for (const own of this.list) if (isAddressAt(own, view, at, length)) return own;
    return null;
  }

  /** A copy of `address`, the same as last time if it is the same: connections with one peer share it. */
  shared(address: Uint8Array): Uint8Array {
    if (!isSameAddress(address, this.#last)) this.#last = address.slice();
    return this.#last;
  }

  /** The one that packets to `remote` come from; `null`: none can. */
  towards(remote: Uint8Array): Uint8Array | null {
    const same = (own: Uint8Array): boolean => own.length === remote.length;
    return this.own(remote) ?? this.list.find(same) ?? null;
  }
}
