// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testWith } from "../../../test/needs.ts";
import { explainTunFailure, TunError } from "./error.ts";
import { openTun } from "./open.ts";

/** Nobody: no rights, no home. */
const NOBODY = 65_534;
const ADDRESSES = {
  address: ["10.77.0.1/24", "fd77::1/64"],
  stackAddress: ["10.77.0.2", "fd77::2"],
};

const PROGRAM = `
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import { openTun } from "FOLDER/open.ts";

const tun = openTun(${JSON.stringify(ADDRESSES)});
const listener = await tun.network.listen("10.77.0.2:0");
const socket = createConnection({ host: "10.77.0.2", port: listener.addr.port });
const conn = await listener.accept();
socket.end("hello");
const p = new Uint8Array(16);
const n = await conn.read(p);
const server = createServer((peer) => peer.end("bye")).listen(0, "fd77::1");
await once(server, "listening");
const dialled = await tun.network.dial({ hostname: "fd77::1", port: server.address().port });
const m = await dialled.read(p.subarray(n));
for (const one of [conn, dialled]) one.close();
socket.destroy();
server.close();
listener.close();
await tun.close();
await tun.close();
console.log(tun.name, new TextDecoder().decode(p.subarray(0, n + m)));
`;

/** Everybody may open the device on most systems, not on all. */
const asNobody = (mode: string, command: string): string =>
  `mount -t tmpfs none /dev/net && mknod -m ${mode} /dev/net/tun c 10 200 &&
   exec setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups ${command} "$@"`;

function runProgram(shell: string): { stdout: string; stderr: string } {
  const tsx = join(import.meta.dirname, "../../../node_modules/tsx/dist/esm/index.mjs");
  const scratch = mkdtempSync(join(tmpdir(), "seqack-tun-"));
  const script = join(scratch, "program.mts");
  writeFileSync(script, PROGRAM.replaceAll("FOLDER", import.meta.dirname));
  for (const path of [scratch, script]) chownSync(path, NOBODY, NOBODY);
  try {
    const args = ["-m", "sh", "-c", shell, "sh", process.execPath, "--import", tsx, script];
    const env = { ...process.env, TMPDIR: scratch };
    return spawnSync("unshare", args, { encoding: "utf8", env, timeout: 30_000 });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

testWith(
  "linux",
  "root",
  "tun",
  "userns",
)("an ordinary user's stack speaks with the kernel, both ways, in a namespace", () => {
  const { stdout, stderr } = runProgram(asNobody("666", "unshare -U -r -n --"));
  expect(stderr).toBe("");
  expect(stdout).toBe("seqack0 hellobye\n");
});

testWith("linux", "root", "tun").each([
  ["666", "the capability CAP_NET_ADMIN is missing"],
  ["600", "this user may not open /dev/net/tun"],
])("without the right to it, with a device of mode %s: %s", (mode, why) => {
  const { stdout, stderr } = runProgram(asNobody(mode, ""));
  expect(stdout).toBe("");
  expect(stderr).toContain(`TunError: Cannot open a TUN device: ${why}`);
});

test.each([
  [{ ...ADDRESSES, mtu: 100 }, "an MTU of 100"],
  [{ ...ADDRESSES, address: "10.77.0.1" }, "must end in a prefix length"],
  [{ ...ADDRESSES, address: "10.77.0.1/33" }, "must end in a prefix length"],
  [{ ...ADDRESSES, stackAddress: "here" }, "here"],
  [{ ...ADDRESSES, name: "a/b" }, "no name for an interface"],
])("%o is refused before anything is made", (options, why) => {
  expect(() => openTun(options)).toThrow(why);
});

test.each([
  ["EPERM", "not-permitted"],
  ["ENOENT", "unsupported"],
  ["EBUSY", "in-use"],
  ["EIO", "failed"],
])("%s is explained in both languages", (errno, code) => {
  const error = explainTunFailure("make a TUN interface", errno, "a\u001B[31m");
  expect(error).toBeInstanceOf(TunError);
  expect(error.code).toBe(code);
  expect(error.text.zh).toMatch(/[一-鿿]/);
  expect(error.message).not.toContain("\u001B");
});
