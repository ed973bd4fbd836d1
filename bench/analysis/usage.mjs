/** `node --import usage.mjs PROGRAM`: when it ends, what it used goes to file descriptor 3 as a line of JSON. */
import { writeSync } from "node:fs";

process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuS = (userCPUTime + systemCPUTime) / 1e6;
  writeSync(3, JSON.stringify({ maxRssMb: maxRSS / 1024, cpuS, wallS: process.uptime() }));
});
