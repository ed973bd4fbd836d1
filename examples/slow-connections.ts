/**
 * The ten connections of a capture with the longest round trips:
 *
 *     tsx examples/slow-connections.ts trace.pcapng
 */
import { createReadStream } from "node:fs";
import { analyze } from "seqack/analysis";

const { conversations, warnings } = await analyze(createReadStream(process.argv[2] ?? ""));
for (const warning of warnings) console.error(`at byte ${warning.offset}: ${warning.message}`);

const slow = [...conversations]
  .flatMap(({ client, server, toServer: { rtt } }) => (rtt === null ? [] : { client, server, rtt }))
  .toSorted((a, b) => b.rtt.p95Ns - a.rtt.p95Ns)
  .slice(0, 10);
for (const { client, server, rtt } of slow) {
  console.log(`${client} -> ${server}: 95 % within ${rtt.p95Ns / 1e6} ms of ${rtt.samples}`);
}
