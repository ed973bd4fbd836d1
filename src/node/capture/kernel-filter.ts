/**
 * The program that the kernel runs on every packet before it costs us
 * anything: which copies of a packet are wanted, the capture filter, and how
 * many bytes are kept.
 *
 * ```text
 *   is it Ethernet? ──no──▶ is it bare IP? ──no──▶ drop
 *        │ yes                    │ yes
 *   wanted copy?             wanted copy?           (its way out, its way in)
 *   filter for Ethernet      filter for bare IP
 *        │                        │
 *   bytes to keep            bytes to keep
 * ```
 *
 * The first row is only there for `any`, where one socket sees every interface.
 *
 * @module
 */
import { type BpfInsn, MAX_SNAPLEN, Op, SRC_X } from "../../pcap/filter/bpf.ts";
import { LinkType } from "../../wire/linktype.ts";

/** Bytes of each packet to keep; `"headers"`: up to the end of the TCP or UDP header, no payload. */
export type SnapLen = number | "headers";

/** Which packets, seen from this host. */
export type Direction = "in" | "out" | "inout";

/** Kept of a packet that has no TCP or UDP header where it was looked for. */
const OTHER_LEN = 128;

/** Most bytes that `"headers"` keeps: Ethernet, a VLAN tag, the longest IPv4 and TCP headers. */
export const MAX_HEADERS_LEN = 14 + 4 + 60 + 60;

/** Link layers by the kernel's ARPHRD_ value (linux/if_arp.h). */
const ARPHRD = { ETHERNET: 1, LOOPBACK: 772 } as const;
/** Devices whose packets begin with the IP header: raw IP, IPIP, SIT, none (TUN). */
const ARPHRD_BARE_IP = [519, 768, 776, 65534];

/** LINKTYPE_ value of packets from a device, `null` when seqack does not read them. */
export function linkTypeOfDevice(arphrd: number): number | null {
  if (arphrd === ARPHRD.ETHERNET || arphrd === ARPHRD.LOOPBACK) return LinkType.ETHERNET;
  return ARPHRD_BARE_IP.includes(arphrd) ? LinkType.RAW : null;
}

/** Whether a device is a loopback. */
export function isLoopback(arphrd: number): boolean {
  return arphrd === ARPHRD.LOOPBACK;
}

/** Loads of what the kernel knows about the packet (linux/filter.h, SKF_AD_…). */
const KERNEL = { PKTTYPE: 0xfffff004, HATYPE: 0xfffff01c } as const;
const PACKET_OUTGOING = 4;

/** What the program is to do. */
export interface KernelFilter {
  /** ARPHRD_ value of the device; `null` for every interface at once. */
  readonly arphrd: number | null;
  /** The capture filter for packets of one link type, accepting with `snapLen` bytes. */
  readonly compile: (linkType: number, snapLen: number) => readonly BpfInsn[];
  readonly snapLen: SnapLen;
  readonly direction: Direction;
}

/** The whole program for one socket. */
export function kernelProgram(filter: KernelFilter): readonly BpfInsn[] {
  if (filter.arphrd !== null) return programFor(filter, filter.arphrd);
  const ethernet = programFor(filter, null);
  const bareIp = programFor(filter, ARPHRD_BARE_IP[0]!);
  return [
    insn(Op.LD_W_ABS, KERNEL.HATYPE),
    insn(Op.JEQ, ARPHRD.ETHERNET, 2, 0),
    insn(Op.JEQ, ARPHRD.LOOPBACK, 1, 0),
    insn(Op.JA, ethernet.length),
    ...ethernet,
    insn(Op.LD_W_ABS, KERNEL.HATYPE),
    ...ARPHRD_BARE_IP.map((type, i) => insn(Op.JEQ, type, ARPHRD_BARE_IP.length - i, 0)),
    insn(Op.RET, 0),
    ...bareIp,
  ];
}

/** @param arphrd `null`: Ethernet or loopback, to be told apart. */
function programFor(filter: KernelFilter, arphrd: number | null): readonly BpfInsn[] {
  const linkType = arphrd === null ? LinkType.ETHERNET : linkTypeOfDevice(arphrd);
  const wanted = wantedCopies(filter.direction, arphrd);
  const compiled = filter.compile(linkType ?? LinkType.RAW, snapLenOf(filter.snapLen));
  if (filter.snapLen !== "headers") return [...wanted, ...compiled];
  return [...wanted, ...keepHeaders(compiled), ...headerLen(linkType === LinkType.RAW ? 0 : 14)];
}

function snapLenOf(snapLen: SnapLen): number {
  return snapLen === "headers" ? MAX_SNAPLEN : snapLen;
}

/** A loopback shows every packet on its way out and again on its way in: one of the two is dropped. */
function wantedCopies(direction: Direction, arphrd: number | null): readonly BpfInsn[] {
  const load = insn(Op.LD_W_ABS, KERNEL.PKTTYPE);
  const drop = insn(Op.RET, 0);
  if (direction === "out") return [load, insn(Op.JEQ, PACKET_OUTGOING, 1, 0), drop];
  const dropOut = [load, insn(Op.JEQ, PACKET_OUTGOING, 0, 1), drop];
  if (direction === "in" || arphrd === ARPHRD.LOOPBACK) return dropOut;
  if (arphrd !== null) return [];
  return [
    insn(Op.LD_W_ABS, KERNEL.HATYPE),
    insn(Op.JEQ, ARPHRD.LOOPBACK, 0, dropOut.length),
    ...dropOut,
  ];
}

/** `program` with a jump to its end in place of each return that accepts. */
function keepHeaders(program: readonly BpfInsn[]): readonly BpfInsn[] {
  return program.map((i, at) =>
    i.code === Op.RET && i.k > 0 ? insn(Op.JA, program.length - at - 1) : i,
  );
}

/**
 * Returns how many bytes of the packet are headers. A load beyond the packet
 * would drop it, so that lengths are looked at first.
 *
 * @param ip Where the IP header begins.
 */
function headerLen(ip: number): readonly BpfInsn[] {
  const v4 = ipv4HeaderLen(ip);
  const v6 = ipv6HeaderLen(ip);
  const version = [insn(Op.LD_B_ABS, ip), insn(Op.RSH, 4)];
  const other = insn(Op.RET, OTHER_LEN);
  const isIp =
    ip === 0
      ? []
      : [insn(Op.LD_H_ABS, 12), insn(Op.JEQ, 0x0800, 2, 0), insn(Op.JEQ, 0x86dd, 1, 0), other];
  return [
    insn(Op.LD_LEN, 0),
    insn(Op.JGE, ip + 40, 1, 0),
    other,
    ...isIp,
    ...version,
    insn(Op.JEQ, 4, 0, v4.length),
    ...v4,
    insn(Op.JEQ, 6, 0, v6.length),
    ...v6,
    other,
  ];
}

function ipv4HeaderLen(ip: number): readonly BpfInsn[] {
  const other = insn(Op.RET, OTHER_LEN);
  const tcp = [
    insn(Op.TXA, 0),
    insn(Op.ADD, ip + 13),
    insn(Op.TAX, 0),
    insn(Op.LD_LEN, 0),
    insn(Op.JGE | SRC_X, 0, 1, 0),
    other,
    insn(Op.LDX_MSH, ip),
    insn(Op.LD_B_IND, ip + 12),
    ...dataOffset(),
    insn(Op.ADD | SRC_X, 0),
    insn(Op.ADD, ip),
    RET_A,
  ];
  const fragment = [insn(Op.TXA, 0), ...atLeast20(), insn(Op.ADD, ip), RET_A];
  const udp = [insn(Op.TXA, 0), insn(Op.ADD, ip + 8), RET_A];
  return [
    insn(Op.LDX_MSH, ip),
    insn(Op.LD_H_ABS, ip + 6),
    // A later fragment holds no TCP header.
    insn(Op.JSET, 0x1fff, 0, fragment.length),
    ...fragment,
    insn(Op.LD_B_ABS, ip + 9),
    insn(Op.JEQ, 6, 0, tcp.length),
    ...tcp,
    insn(Op.JEQ, 17, 0, udp.length),
    ...udp,
    other,
  ];
}

function ipv6HeaderLen(ip: number): readonly BpfInsn[] {
  const other = insn(Op.RET, OTHER_LEN);
  const tcp = [
    insn(Op.LD_LEN, 0),
    insn(Op.JGE, ip + 53, 1, 0),
    other,
    insn(Op.LD_B_ABS, ip + 52),
    ...dataOffset(),
    insn(Op.ADD, ip + 40),
    RET_A,
  ];
  return [
    insn(Op.LD_B_ABS, ip + 6),
    insn(Op.JEQ, 6, 0, tcp.length),
    ...tcp,
    insn(Op.JEQ, 17, 0, 1),
    insn(Op.RET, ip + 48),
    other,
  ];
}

/** A = bytes of the TCP header whose 13th byte is in A, at least 20. */
function dataOffset(): readonly BpfInsn[] {
  return [insn(Op.RSH, 4), insn(Op.LSH, 2), ...atLeast20()];
}

/** A packet is dropped when 0 bytes of it are kept, however broken its header. */
function atLeast20(): readonly BpfInsn[] {
  return [insn(Op.JGE, 20, 1, 0), insn(Op.LD_IMM, 20)];
}

function insn(code: number, k: number, jt: number = 0, jf: number = 0): BpfInsn {
  return { code, jt, jf, k };
}

/** Returns A. */
const RET_A: BpfInsn = { code: 0x16, jt: 0, jf: 0, k: 0 };
