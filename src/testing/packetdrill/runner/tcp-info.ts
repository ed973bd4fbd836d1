/**
 * Names that the checks of a script know beside the variables of TCP_INFO.
 *
 * @module
 */
import type { TcpState } from "../../../stack/types.ts";
import type { PyValue } from "../python/evaluate.ts";

/** The number of each state, as a kernel gives it in `tcpi_state`. */
export type StateNumbers = Readonly<Record<TcpState, number>>;

export const LINUX_STATES: StateNumbers = numbered(
  "ESTABLISHED SYN-SENT SYN-RECEIVED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED CLOSE-WAIT LAST-ACK LISTEN CLOSING",
  1,
);

export const FREEBSD_STATES: StateNumbers = numbered(
  "CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED CLOSE-WAIT FIN-WAIT-1 CLOSING LAST-ACK FIN-WAIT-2 TIME-WAIT",
  0,
);

/** Bits of `tcpi_options`. */
export const INFO_OPTIONS = {
  TCPI_OPT_TIMESTAMPS: 1,
  TCPI_OPT_SACK: 2,
  TCPI_OPT_WSCALE: 4,
  TCPI_OPT_ECN: 8,
  TCPI_OPT_ECN_SEEN: 16,
  TCPI_OPT_SYN_DATA: 32,
} as const;

/** What Linux's names of states are short for. */
const SHORT: Readonly<Record<string, string>> = {
  SYN_RECEIVED: "SYN_RECV",
  FIN_WAIT_1: "FIN_WAIT1",
  FIN_WAIT_2: "FIN_WAIT2",
  CLOSED: "CLOSE",
};

const CONSTANTS: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ...Object.entries(INFO_OPTIONS),
  ["TCP_CA_Open", 0],
  ["TCP_CA_Disorder", 1],
  ["TCP_CA_CWR", 2],
  ["TCP_CA_Recovery", 3],
  ["TCP_CA_Loss", 4],
]);

/** Constants by name: bits of options, states of congestion. */
export function constantsOf(): ReadonlyMap<string, PyValue> {
  return CONSTANTS;
}

/** Names of states, of Linux and of FreeBSD, with the numbers of one of them. */
export function stateConstants(states: StateNumbers): [string, PyValue][] {
  return Object.entries(states).flatMap(([state, number]) => {
    const name = state.replaceAll("-", "_");
    return [
      [`TCPI_${name}`, number],
      [`TCP_${SHORT[name] ?? name}`, number],
    ];
  });
}

function numbered(text: string, first: number): StateNumbers {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both lists above have every state
  return Object.fromEntries(text.split(" ").map((name, i) => [name, first + i])) as StateNumbers;
}
