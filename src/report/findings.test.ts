import { expect, test } from "vitest";
import { FindingSink } from "../analysis/findings/read-findings.ts";
import type { FindingsReport } from "../analysis/findings/finding.ts";
import { packetOf } from "../testing/packets.ts";
import { formatFindings } from "./findings.ts";
import { textWidth } from "./wrap.ts";

/** So many refused connections, one after the other. */
function refused(connections: number): FindingsReport {
  const sink = new FindingSink();
  for (let i = 0; i < connections; i++) {
    const ports = { client: 40_000 + i, server: 80 };
    sink.onPacket(packetOf(`${i * 10} > S 100`, 2 * i + 1, ports));
    sink.onPacket(packetOf(`${i * 10 + 1} < R. 0 ack 101`, 2 * i + 2, ports));
  }
  const report = sink.finish();
  return { ...report, findings: report.findings.filter(({ severity }) => severity === "error") };
}

test("a finding: what, where, which frames, why, what to do", () => {
  expect(formatFindings(refused(1), { lang: "en", columns: 78 })).toBe(`\
error  connection-refused
  Connection 0: 10.0.0.1:40000 → 10.0.0.2:80
  The server refused the connection: it answered the SYN with a reset after
  1.00 ms. #1 #2
  Why: Nothing listens on that port at that address, or a firewall that
  answers with resets stands in front of it.
  What to do: See on the server whether the program runs and on which address
  it listens (ss -ltn), then the port in the client's configuration, then the
  firewall.

1 error in 1 connection (2 segments in 2 packets, 1.00 ms).
`);
});

test("in Chinese, and within the columns there are", () => {
  const shown = formatFindings(refused(1), { lang: "zh", columns: 50 });
  expect(shown).toContain("错误  connection-refused\n  连接 0：10.0.0.1:40000");
  expect(shown.split("\n").filter((line) => textWidth(line) > 50)).toEqual([]);
});

test("of many connections some are shown, the reason once, and the others counted", () => {
  const shown = formatFindings(refused(120), { lang: "en", perKind: 2 });
  expect(shown.match(/Connection \d+/g)).toEqual(["Connection 0", "Connection 1"]);
  expect(shown.match(/Why:/g)).toHaveLength(1);
  expect(shown).toContain("… and 118 more");
  expect(shown).toContain("120 errors");
});

test("what is found in both directions of a connection stands below its name once", () => {
  const { findings, ...rest } = refused(1);
  const [one] = findings;
  const shown = formatFindings({ ...rest, findings: [one!, one!] }, { lang: "en" });
  expect(shown.match(/Connection 0/g)).toHaveLength(1);
  expect(shown.match(/refused the connection/g)).toHaveLength(2);
  expect(shown.match(/Why:/g)).toHaveLength(1);
});

test("when nothing is found it is said of what", () => {
  const { looked } = refused(1);
  const report = { findings: [], more: [], looked };
  expect(formatFindings(report, { lang: "en" })).toBe(
    "Nothing was found in 1 connection (2 segments in 2 packets, 1.00 ms).\n",
  );
  expect(formatFindings(report, { lang: "en", isPart: true })).toMatch(/^Nothing of that kind was/);
  expect(formatFindings(report, { lang: "zh" })).toMatch(/^没有发现问题：检查了 1 条连接/);
});
