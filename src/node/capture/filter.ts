/**
 * A capture filter for the kernel: compiled by us, or by the system's libpcap
 * when it is an expression that only libpcap knows.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import type { BpfInsn } from "../../pcap/filter/bpf.ts";
import { compileFilter } from "../../pcap/filter/compile.ts";
import { FilterError } from "../../pcap/filter/error.ts";
import { findLibpcap } from "../libpcap.ts";
import { CaptureError } from "./error.ts";

/**
 * @param linkType LINKTYPE_ value of the packets.
 * @param snapLen What the program returns for a packet that it accepts.
 * @throws {CaptureError} `bad-filter`; its cause is the {@link FilterError} with the place of the fault.
 */
export function compileForKernel(
  expression: string,
  linkType: number,
  snapLen: number,
): readonly BpfInsn[] {
  if (/\bvlan\b/.test(expression)) throw noVlan();
  try {
    return compileFilter(expression, linkType, snapLen);
  } catch (e) {
    if (!(e instanceof FilterError)) throw e;
    return compileByLibpcap(expression, linkType, snapLen) ?? refuse(e);
  }
}

/** Such a filter would pass nothing, and nobody would know why. */
function noVlan(): CaptureError {
  return new CaptureError(
    "bad-filter",
    text(
      'the kernel takes VLAN tags out before a live filter sees them: leave "vlan" out, and choose when reading',
      "内核在过滤之前就已取出 VLAN 标签：请去掉“vlan”，在读取文件时再筛选",
    ),
  );
}

function compileByLibpcap(
  expression: string,
  linkType: number,
  snapLen: number,
): readonly BpfInsn[] | null {
  try {
    return findLibpcap()?.compile(expression, linkType, snapLen) ?? null;
  } catch (e) {
    if (e instanceof SyntaxError) return null;
    throw e;
  }
}

function refuse(e: FilterError): never {
  const why = visible(e.message.replace(/^Cannot read filter: /, ""));
  throw new CaptureError(
    "bad-filter",
    text(`the filter cannot be read: ${why}`, `过滤表达式无法理解：${why}`),
    e,
  );
}
