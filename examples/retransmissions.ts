/**
 * Every retransmission of a capture of any length, in constant memory:
 *
 *     tcpdump -w - | tsx examples/retransmissions.ts
 */
import { analyzeInBatches, Verdict } from "seqack/analysis";

let sent = 0;
let again = 0;
for await (const { segments } of analyzeInBatches(process.stdin, { segments: true })) {
  // Numbers in typed arrays: no object is made for a segment that is not shown.
  const { verdicts, len } = segments.columns;
  for (let row = 0; row < segments.length; row++) {
    if (len[row]! > 0) sent++;
    if ((verdicts[row]! & Verdict.RETRANSMISSION) === 0) continue;
    again++;
    const s = segments.at(row);
    console.log(`frame ${s.frame}: ${s.verdicts.join(", ")}, ${s.len} bytes from the ${s.from}`);
  }
}
console.log(`${again} of ${sent} segments with data`);
