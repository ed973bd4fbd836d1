/**
 * A Linux packet socket (packet(7)): opened deaf, given its filter, its ring
 * and its options, and only then bound, so that no packet slips in between.
 *
 * @module
 */
import type { BpfInsn } from "../../pcap/filter/bpf.ts";
import { addressOf, checked, errnoName, type Libc, needFfi, SystemError } from "../ffi.ts";

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const PACKET_VNET_HDR = 15;
const PACKET_IGNORE_OUTGOING = 23;
const TPACKET_V3 = 2;
const ETH_P_ALL = 0x0003;
/** Reserved, never on a wire: whoever is bound to it hears nothing. */
const ETH_P_NOTHING = 0xffff;

/** The ring asked of the kernel. */
export interface RingShape {
  readonly blockBytes: number;
  readonly blocks: number;
  /** A block that holds packets is handed over after this long, full or not. */
  readonly retireMs: number;
}

/** One packet socket. Not to be touched after {@link close}. */
export class PacketSocket {
  readonly fd: number;
  readonly #libc: Libc;
  #received = 0;
  #dropped = 0;

  /** @throws {SystemError} `EPERM` without CAP_NET_RAW. */
  constructor() {
    this.#libc = needFfi().libc;
    // Protocol 0: it hears nothing before bind().
    this.fd = checked(
      "open a packet socket",
      this.#libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0),
    );
  }

  /** @throws {SystemError} when the kernel does not take the program. */
  attachFilter(program: readonly BpfInsn[]): void {
    const insns = new Uint8Array(program.length * 8);
    const view = new DataView(insns.buffer);
    program.forEach((insn, i) => {
      view.setUint16(i * 8, insn.code, true);
      view.setUint8(i * 8 + 2, insn.jt);
      view.setUint8(i * 8 + 3, insn.jf);
      view.setUint32(i * 8 + 4, insn.k, true);
    });
    const header = new DataView(new ArrayBuffer(16));
    header.setUint16(0, program.length, true);
    header.setBigUint64(8, addressOf(insns), true);
    this.#set(SOL_SOCKET, SO_ATTACH_FILTER, new Uint8Array(header.buffer), "attach the filter");
  }

  /** @throws {SystemError} `ENOMEM` when there is no room for such a ring. */
  makeRing(shape: RingShape): void {
    this.#setInt(PACKET_VERSION, TPACKET_V3, "choose TPACKET_V3");
    this.#setInt(PACKET_VNET_HDR, 1, "ask for segmentation offload headers");
    const frameBytes = 2048;
    const frames = (shape.blockBytes / frameBytes) * shape.blocks;
    const request = Uint32Array.of(
      shape.blockBytes,
      shape.blocks,
      frameBytes,
      frames,
      shape.retireMs,
      0,
      0,
    );
    this.#set(SOL_PACKET, PACKET_RX_RING, new Uint8Array(request.buffer), "make the ring");
  }

  /** Saves the kernel the work for packets that the filter would drop; a kernel before 4.20 does not know it. */
  ignoreOutgoing(): void {
    this.#libc.setsockopt(this.fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, int(1), 4);
  }

  /**
   * From here on every packet is seen.
   *
   * @param ifindex 0: every interface.
   * @throws {SystemError} `ENETDOWN` when the interface is down.
   */
  listen(ifindex: number): void {
    checked("bind the packet socket", this.#bind(ETH_P_ALL, ifindex));
    const error = this.takeError();
    if (error !== null) throw new SystemError("bind the packet socket", error);
  }

  /** From here on no packet is seen; when it returns, none is under way into the ring (packet(7) waits for them). */
  deafen(ifindex: number): void {
    // Fails when the interface has gone, and then it is silent as well.
    this.#bind(ETH_P_NOTHING, ifindex);
  }

  #bind(protocol: number, ifindex: number): number {
    const address = new DataView(new ArrayBuffer(20));
    address.setUint16(0, AF_PACKET, true);
    address.setUint16(2, protocol);
    address.setInt32(4, ifindex, true);
    const bytes = new Uint8Array(address.buffer);
    return this.#libc.bind(this.fd, bytes, bytes.length);
  }

  /** The error that waits on the socket, as `"ENETDOWN"`; `null` for none. Reading clears it. */
  takeError(): string | null {
    const value = int(0);
    checked("ask for the socket's error", this.#get(SOL_SOCKET, SO_ERROR, value));
    const errno = new DataView(value.buffer).getInt32(0, true);
    return errno === 0 ? null : errnoName(errno);
  }

  /** Packets that passed the filter since {@link listen}, and how many of these found no room. */
  statistics(): { readonly received: number; readonly dropped: number } {
    const value = new Uint8Array(12);
    checked("ask for the drop counter", this.#get(SOL_PACKET, PACKET_STATISTICS, value));
    const view = new DataView(value.buffer);
    // The kernel starts again from 0 at each reading.
    this.#received += view.getUint32(0, true);
    this.#dropped += view.getUint32(4, true);
    return { received: this.#received, dropped: this.#dropped };
  }

  close(): void {
    this.#libc.close(this.fd);
  }

  #setInt(name: number, value: number, what: string): void {
    this.#set(SOL_PACKET, name, int(value), what);
  }

  #set(level: number, name: number, value: Uint8Array, what: string): void {
    checked(what, this.#libc.setsockopt(this.fd, level, name, value, value.length));
  }

  #get(level: number, name: number, value: Uint8Array): number {
    return this.#libc.getsockopt(this.fd, level, name, value, int(value.length));
  }
}

function int(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Int32Array.of(value).buffer);
}
