import { expect, test } from "vitest";
import { NetError, type NetErrorInit } from "./errors.ts";

test.each<[NetErrorInit, string]>([
  [
    { op: "dial", code: "refused", remote: "127.0.0.1:80" },
    "Cannot dial tcp 127.0.0.1:80: connection refused",
  ],
  [
    { op: "read", code: "reset", local: "a:1", remote: "b:2" },
    "Cannot read tcp a:1->b:2: connection reset by peer",
  ],
  [
    { op: "closeWrite", code: "closed" },
    "Cannot close the write side of tcp: use of closed connection",
  ],
  [{ op: "dial", code: "other", detail: "\x1b[31mred" }, "Cannot dial tcp: \\x1b[31mred"],
])("%j", (init, message) => {
  expect(new NetError(init).message).toBe(message);
});

test("NetError keeps its cause", () => {
  const cause = new Error("inner");
  const error = new NetError({ op: "read", code: "other", cause });
  expect(error).toMatchObject({ name: "NetError", cause, bytes: 0, local: null, remote: null });
  expect(error).toBeInstanceOf(Error);
});
