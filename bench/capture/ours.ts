/** One capture by seqack, until its stdin ends: prints its counters and its CPU time as JSON. */
import { startCapture } from "../../src/node/capture/start.ts";

const [snapLen, to] = [process.argv[2] ?? "headers", process.argv[3] ?? "/dev/null"];
let seen = 0;
const capture = await startCapture({
  interface: "lo",
  snapLen: snapLen === "headers" ? "headers" : Number(snapLen),
  ...(to === "sink"
    ? { sink: { onPacket: () => void seen++ } }
    : { file: { to, application: "bench" } }),
});
const before = process.cpuUsage();
process.stdout.write("live\n");
for await (const _ of process.stdin);
const { captured, dropped } = await capture.stop();
const cpu = process.cpuUsage(before);
const cpuMs = (cpu.user + cpu.system) / 1000;
process.stdout.write(`${JSON.stringify({ captured, dropped, cpuMs })}\n`);
