/**
 * Capture filters, in the language of pcap-filter(7), compiled to classic BPF.
 *
 * ```
 * "tcp port 80" → lexer → parser (tree) → generator (conditions) → blocks → optimizer → program
 * ```
 *
 * @module
 */
import { assemble, blockOf, inOrder } from "./assemble.ts";
import { type BpfInsn, BPF_MAXINSNS, MAX_SNAPLEN } from "./bpf.ts";
import { ALWAYS } from "./condition.ts";
import { FilterError } from "./error.ts";
import { Generator } from "./generate.ts";
import { linkOf } from "./link.ts";
import { optimize } from "./optimize.ts";
import { parseFilter } from "./parser.ts";
import { verifyBpf } from "./verify.ts";

/**
 * Compiles a capture filter; an empty one accepts everything.
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
  const tree = parseFilter(expression);
  const link = linkOf(linkType);
  if (tree !== null && link === null) {
    throw new FilterError(
      `packets of link type ${linkType} cannot be filtered`,
      0,
      expression.length,
    );
  }
  const condition = tree === null ? ALWAYS : new Generator(link!).condition(tree);
  const start = blockOf(condition, { kind: "ret", k: snapLen }, { kind: "ret", k: 0 });
  const program = assemble(inOrder(optimize(start)));
  if (program.length > BPF_MAXINSNS) {
    throw new FilterError(
      `it takes ${program.length} instructions, the kernel allows ${BPF_MAXINSNS}`,
      0,
      expression.length,
    );
  }
  const why = verifyBpf(program);
  if (why !== null) throw new Error(`Cannot compile filter: ${why}`);
  return program;
}
