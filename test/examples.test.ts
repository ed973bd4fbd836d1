/** The programs in `examples/` do what they say. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capture } from "../examples/capture.ts";

/** Runs `examples/NAME.ts`, with the small capture as its argument and on its stdin. */
function run(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "seqack-test-"));
  const file = join(folder, "capture.pcapng.gz");
  writeFileSync(file, capture);
  const args = ["--import", "tsx", `examples/${name}.ts`, file];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    input: capture,
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe("");
  return stdout;
}

test.each([
  ["slow-connections", "10.0.0.1:40000 -> 10.0.0.2:80: 95 % within 20.8 ms of 1\n"],
  [
    "retransmissions",
    "frame 9: retransmission, 17 bytes from the client\n1 of 5 segments with data\n",
  ],
])("examples/%s.ts", (name, output) => {
  expect(run(name)).toBe(output);
});

test("every example is run", () => {
  expect(
    readdirSync("examples")
      .filter((f) => f.endsWith(".ts"))
      .toSorted(),
  ).toEqual(["capture.ts", "retransmissions.ts", "slow-connections.ts"]);
});
