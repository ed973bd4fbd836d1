/**
 * Assertions about recordings, for tests: `seqack/expect`.
 *
 * @module
 */
export { TcpAssertionError } from "./assertion-error.ts";
export type { ConnectionSummary } from "./connection-log.ts";
export { expectTcp, type Side, TcpExpectation, type TimeUnit } from "./expect-tcp.ts";
export type { Recording } from "./recording.ts";
