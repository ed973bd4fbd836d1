/**
 * Capture filters, in the language of pcap-filter(7), compiled to classic BPF.
 *
 * @module
 */
import { type BpfInsn, MAX_SNAPLEN, Op } from "./bpf.ts";
import { FilterError } from "./error.ts";

/**
 * Compiles a capture filter.
 *
 * @param linkType LINKTYPE_ value of the packets it is for: Ethernet, raw IP, NULL, LOOP, SLL or SLL2.
 * @param snapLen What the program returns for a packet that it accepts.
 * @throws {@link FilterError} when the expression is not one, or asks what cannot be known.
 */
export function compileFilter(
  expression: string,
  linkType: number,
  snapLen: number = MAX_SNAPLEN,
): readonly BpfInsn[] {
  if (expression.trim() !== "") throw new FilterError("not yet", linkType * 0);
  return [{ code: Op.RET, jt: 0, jf: 0, k: snapLen }];
}
