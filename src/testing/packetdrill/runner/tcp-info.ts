/**
 * Names that the checks of a script know beside the variables of TCP_INFO.
 *
 * @module
 */
import type { PyValue } from "../python/evaluate.ts";

/** States as Linux numbers them, from 1. */
export const LINUX_STATES = [
  "ESTABLISHED",
  "SYN-SENT",
  "SYN-RECEIVED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "CLOSED",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
] as const;

/** What Linux calls them, in the same order. */
const LINUX_NAMES =
  "ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING";

/** Bits of `tcpi_options`. */
export const INFO_OPTIONS = {
  TCPI_OPT_TIMESTAMPS: 1,
  TCPI_OPT_SACK: 2,
  TCPI_OPT_WSCALE: 4,
  TCPI_OPT_ECN: 8,
  TCPI_OPT_ECN_SEEN: 16,
  TCPI_OPT_SYN_DATA: 32,
} as const;

const CONSTANTS: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ...LINUX_NAMES.split(" ").map((name, i): [string, PyValue] => [`TCP_${name}`, i + 1]),
  ...LINUX_STATES.map((state, i): [string, PyValue] => [
    `TCPI_${state.replaceAll("-", "_")}`,
    i + 1,
  ]),
  ...Object.entries(INFO_OPTIONS),
  ["TCP_CA_Open", 0],
  ["TCP_CA_Disorder", 1],
  ["TCP_CA_CWR", 2],
  ["TCP_CA_Recovery", 3],
  ["TCP_CA_Loss", 4],
]);

/** Constants by name: states, bits of options, states of congestion. */
export function constantsOf(): ReadonlyMap<string, PyValue> {
  return CONSTANTS;
}
