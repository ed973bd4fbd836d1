import { expect, test } from "vitest";
import { parseEndpoint } from "../../trace/endpoint.ts";
import { communityId } from "./community-id.ts";

// The example of the specification, and what tshark's communityid says of two captures.
test.each([
  ["128.232.110.120:34855", "66.35.250.204:80", "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  ["10.0.1.1:10000", "10.0.3.2:54737", "1:/+orgIBjb7Y1vmdyV4wrjab3rbM="],
  ["[fd99::2]:34618", "[fd99::3]:5001", "1:cg29+80YVFuwOxIAMRhGYaouLhU="],
  ["[::1]:55717", "[::1]:8000", "1:WVcbZC4PFnnY1xHgiri53kVhzkw="],
])("%s and %s, in both directions", (a, b, id) => {
  const [x, y] = [parseEndpoint(a)!, parseEndpoint(b)!];
  expect([communityId(x, y), communityId(y, x)]).toEqual([id, id]);
});
