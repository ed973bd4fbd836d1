/**
 * The system's libpcap, where it is installed, as a second compiler of capture
 * filters: for expressions that ours does not know, and to check ours against.
 *
 * @module
 */
import { type BpfInsn, MAX_SNAPLEN } from "../pcap/filter/bpf.ts";
import { LinkType } from "../wire/linktype.ts";
import { memoryAt, openLibrary } from "./ffi.ts";

const NAMES =
  process.platform === "darwin"
    ? ["libpcap.A.dylib", "libpcap.dylib"]
    : ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so"];

/** libpcap's number for bare IP differs from the file formats'. */
const DLT_RAW = 12;
const NETMASK_UNKNOWN = 0xffff_ffff;
const OPTIMIZE = 1;

interface Pcap {
  pcap_open_dead(linkType: number, snapLen: number): bigint | null;
  pcap_compile(
    pcap: bigint,
    program: Uint8Array,
    text: string,
    optimize: number,
    netmask: number,
  ): number;
  pcap_geterr(pcap: bigint): string;
  pcap_freecode(program: Uint8Array): void;
  pcap_close(pcap: bigint): void;
  pcap_lib_version(): string;
}

const PROTOTYPES: Readonly<Record<keyof Pcap, string>> = {
  pcap_open_dead: "void *pcap_open_dead(int, int)",
  pcap_compile: "int pcap_compile(void *, void *, const char *, int, unsigned int)",
  pcap_geterr: "const char *pcap_geterr(void *)",
  pcap_freecode: "void pcap_freecode(void *)",
  pcap_close: "void pcap_close(void *)",
  pcap_lib_version: "const char *pcap_lib_version()",
};

/** A libpcap that was found. */
export interface Libpcap {
  /** As it calls itself: `"libpcap version 1.10.3 (…)"`. */
  readonly version: string;
  /** @throws {SyntaxError} with libpcap's own words. */
  compile(expression: string, linkType: number, snapLen?: number): readonly BpfInsn[];
}

/** The system's libpcap, `null` when there is none (or no koffi). */
export function findLibpcap(): Libpcap | null {
  for (const name of NAMES) {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the prototypes are above
      const pcap = openLibrary(name, PROTOTYPES) as unknown as Pcap;
      const version = pcap.pcap_lib_version();
      return {
        version,
        compile: (text, linkType, snapLen = MAX_SNAPLEN) => compile(pcap, text, linkType, snapLen),
      };
    } catch {
      // Not under this name.
    }
  }
  return null;
}

function compile(
  pcap: Pcap,
  expression: string,
  linkType: number,
  snapLen: number,
): readonly BpfInsn[] {
  if (expression.includes("\0")) throw new SyntaxError("Cannot read filter: it holds a NUL");
  const dlt = linkType === LinkType.RAW ? DLT_RAW : linkType;
  const handle = pcap.pcap_open_dead(dlt, snapLen);
  if (handle === null) throw new SyntaxError("Cannot read filter: libpcap is out of memory");
  try {
    // struct bpf_program: the length, then the address of the instructions.
    const program = new DataView(new ArrayBuffer(16));
    const bytes = new Uint8Array(program.buffer);
    if (pcap.pcap_compile(handle, bytes, expression, OPTIMIZE, NETMASK_UNKNOWN) !== 0) {
      throw new SyntaxError(`Cannot read filter: ${pcap.pcap_geterr(handle)}`);
    }
    const insns = readProgram(program);
    pcap.pcap_freecode(bytes);
    return insns;
  } finally {
    pcap.pcap_close(handle);
  }
}

function readProgram(program: DataView): readonly BpfInsn[] {
  const count = program.getUint32(0, true);
  const view = new DataView(memoryAt(program.getBigUint64(8, true), count * 8));
  return Array.from({ length: count }, (_, i) => ({
    code: view.getUint16(i * 8, true),
    jt: view.getUint8(i * 8 + 2),
    jf: view.getUint8(i * 8 + 3),
    k: view.getUint32(i * 8 + 4, true),
  }));
}
