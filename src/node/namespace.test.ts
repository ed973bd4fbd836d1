// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testWith } from "../../test/needs.ts";
import { canUseNamespace, findProgram, insideNamespace } from "./namespace.ts";

/** Nobody: no rights, no home. */
const NOBODY = 65_534;

const PROGRAM = `
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { captureAbility } from "FOLDER/abilities.ts";
import { startCapture } from "FOLDER/capture/start.ts";
import { enterNamespace, insideNamespace, runInNamespace } from "FOLDER/namespace.ts";

if (!insideNamespace()) {
  const before = captureAbility().can;
  const status = await runInNamespace(["again", String(before)]);
  process.exit(status);
}
const up = enterNamespace();
let packets = 0;
const capture = await startCapture({ interface: "lo", sink: { onPacket: () => void packets++ } });
const socket = createSocket("udp4").bind(0, "127.0.0.1");
await once(socket, "listening");
await new Promise((sent) => socket.send("hello", socket.address().port, "127.0.0.1", sent));
await capture.stop();
socket.close();
const interfaces = Object.keys(networkInterfaces()).join();
console.log(JSON.stringify({ args: process.argv.slice(2), up, packets, interfaces, uid: process.getuid() }));
process.exit(7);
`;

testWith(
  "linux",
  "root",
  "userns",
)("an ordinary user captures real packets in a namespace of their own", () => {
  const folder = import.meta.dirname;
  const tsx = join(folder, "../../node_modules/tsx/dist/esm/index.mjs");
  const scratch = mkdtempSync(join(tmpdir(), "seqack-namespace-"));
  const script = join(scratch, "program.mts");
  writeFileSync(script, PROGRAM.replaceAll("FOLDER", folder));
  chownSync(scratch, NOBODY, NOBODY);
  chownSync(script, NOBODY, NOBODY);
  try {
    const run = spawnSync(process.execPath, ["--import", tsx, script], {
      uid: NOBODY,
      gid: NOBODY,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: scratch },
    });
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toEqual({
      args: ["again", "false"],
      up: true,
      packets: 1,
      interfaces: "lo",
      uid: 0,
    });
    expect(run.status).toBe(7);
  } finally {
    rmSync(scratch, { recursive: true });
  }
});

testWith("linux", "userns")("where namespaces can be made, it says so", () => {
  expect(canUseNamespace().can).toBe(true);
  expect(insideNamespace()).toBe(false);
});

test("a program that is not installed is not found", () => {
  expect(findProgram("no-such-program-anywhere")).toBe(null);
});
