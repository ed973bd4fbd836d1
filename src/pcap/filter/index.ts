/**
 * Capture filters: pcap-filter(7) to classic BPF, and a machine that runs it.
 *
 * @module
 */
export { type BpfInsn, MAX_SNAPLEN } from "./bpf.ts";
export { compileFilter } from "./compile.ts";
export { FilterError } from "./error.ts";
export { runBpf } from "./run.ts";
export { verifyBpf } from "./verify.ts";
