/**
 * Every finding by its id, with how much it matters at most. Ids are stable:
 * `--fail-on` and tests name them.
 *
 * @module
 */
/**
 * How much it matters, worst first:
 *
 *  - `"error"`: somebody did not get what they wanted: no connection, data lost;
 *  - `"warning"`: it cost time, or makes what the capture says unsure;
 *  - `"note"`: it explains what is seen, and may well be as it should be.
 */
export const SEVERITIES = ["error", "warning", "note"] as const;

/** See {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** Id -> severity, unless a finding of it says less; in the order of docs/findings.md. */
export const FINDINGS = {
  // Opening.
  "connection-refused": "error",
  "syn-unanswered": "error",
  "handshake-unfinished": "error",
  "ports-reused-too-soon": "error",
  "syn-retransmitted": "warning",
  "syn-ack-retransmitted": "warning",
  "handshake-abandoned": "note",
  "slow-handshake": "note",
  "ports-reused": "note",
  // What was agreed, and devices on the way.
  "option-removed": "warning",
  "mss-changed": "warning",
  "timestamps-missing": "warning",
  "timestamps-went-back": "warning",
  "options-not-taken": "note",
  "small-mss": "note",
  "ttl-varies": "note",
  // Losses.
  "bad-checksum": "error",
  retransmissions: "warning",
  "retransmission-timeout": "warning",
  "needless-retransmissions": "note",
  reordering: "note",
  "duplicate-acks": "note",
  "ack-storm": "error",
  "congestion-marked": "note",
  "icmp-error": "warning",
  "ip-fragments": "note",
  // Windows and programs.
  "nagle-delayed-ack": "warning",
  "window-closed": "warning",
  "window-filled": "warning",
  "small-receive-window": "warning",
  "tiny-segments": "note",
  "slow-answer": "note",
  "delayed-acks": "note",
  "slow-start-after-idle": "note",
  "urgent-data": "note",
  "impossible-flags": "warning",
  // The end.
  reset: "warning",
  "reset-from-elsewhere": "warning",
  "half-open": "warning",
  "data-after-close": "warning",
  "reset-after-close": "note",
  "fin-unanswered": "warning",
  "half-closed": "warning",
  "keep-alive-unanswered": "warning",
  // The capture.
  "no-tcp": "warning",
  "capture-missed-packets": "warning",
  "capture-dropped-packets": "warning",
  "time-went-back": "warning",
  "one-direction-captured": "note",
  "began-before-capture": "note",
  "packets-cut": "note",
  "packets-twice": "note",
  "checksum-offload": "note",
  "checksum-wrong-but-accepted": "note",
  "segments-joined": "note",
} as const satisfies Readonly<Record<string, Severity>>;

/** Name of a kind of finding. */
export type FindingId = keyof typeof FINDINGS;

/** How much a finding of this kind matters, unless it says less. */
export function severityOf(id: FindingId): Severity {
  return FINDINGS[id];
}
