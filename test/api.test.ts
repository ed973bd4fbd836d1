/** The public names: a change here is a change for users. */
import { expect, test } from "vitest";
import * as analysis from "../src/analysis/index.ts";
import * as expectations from "../src/analysis/expect/index.ts";
import * as netEverywhere from "../src/net/index.ts";
import * as net from "../src/node/net-entry.ts";
import * as node from "../src/node/index.ts";
import * as pcap from "../src/pcap/index.ts";
import * as report from "../src/report/index.ts";
import * as stack from "../src/stack/index.ts";
import * as trace from "../src/trace/index.ts";
import * as wire from "../src/wire/index.ts";

const FLOORS = { analysis, expect: expectations, net, node, pcap, report, stack, trace, wire };

test.each(Object.entries(FLOORS))(
  "the public names of seqack/%s are these and no others",
  (_, floor) => {
    expect(Object.keys(floor).toSorted()).toMatchSnapshot();
  },
);

test("seqack/net has on Node what it has everywhere, and kernel sockets", () => {
  const kernel = new Set(["connect", "dial", "listen"]);
  expect(Object.keys(net).filter((name) => !kernel.has(name))).toEqual(Object.keys(netEverywhere));
});
