import { expect, test } from "vitest";
import { mptcpToken } from "./token.ts";

// Keys and the tokens that the other end joined by, from captures of two kernels.
test.each([
  [11_285_646_634_205_721_522n, 0, 2_945_910_507],
  [10_843_866_842_831_127_890n, 0, 3_833_528_642],
  [3_001_306_557_161_771_836n, 1, 2_740_809_090],
  [2_295_531_734_017_261_039n, 1, 597_671_344],
  [8_339_282_239_122_616_011n, 1, 1_597_986_193],
])("the token of key %d in version %d is %d", (key, version, token) => {
  expect(mptcpToken(Number(key >> 32n), Number(key & 0xffff_ffffn), version)).toBe(token);
});
