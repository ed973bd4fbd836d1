/**
 * What a pcapng reader keeps of each interface of the section: 25 bytes, in
 * columns, so that a file of 200,000 interfaces is no weight.
 *
 * @module
 */

/** Columns, by interface id. Read again after {@link add}: they may have been replaced. */
export class InterfaceTable {
  length = 0;
  linkType: Uint16Array = new Uint16Array(8);
  snapLen: Uint32Array = new Uint32Array(8);
  /** The byte of `if_tsresol`. */
  resol: Uint8Array = new Uint8Array(8);
  /** Seconds of `if_tsoffset`. */
  offset: Float64Array = new Float64Array(8);
  /** Packets lost, summed from the packets' own `epb_dropcount`. */
  drops: Float64Array = new Float64Array(8);
  /** 1: the section has statistics of it, which say more than {@link drops}. */
  stated: Uint8Array = new Uint8Array(8);

  add(linkType: number, snapLen: number, resol: number, offset: number): void {
    const id = this.length++;
    if (id === this.linkType.length) this.#grow();
    this.linkType[id] = linkType;
    this.snapLen[id] = snapLen;
    this.resol[id] = resol;
    this.offset[id] = offset;
    this.drops[id] = 0;
    this.stated[id] = 0;
  }

  clear(): void {
    this.length = 0;
  }

  #grow(): void {
    const size = this.linkType.length * 2;
    this.linkType = grown(this.linkType, new Uint16Array(size));
    this.snapLen = grown(this.snapLen, new Uint32Array(size));
    this.resol = grown(this.resol, new Uint8Array(size));
    this.offset = grown(this.offset, new Float64Array(size));
    this.drops = grown(this.drops, new Float64Array(size));
    this.stated = grown(this.stated, new Uint8Array(size));
  }
}

function grown<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
