import { expect, test } from "vitest";
import { Cause, CAUSES, Proof } from "../causes/cause.ts";
import { newCauses } from "../causes/result.ts";
import { causeReasons } from "./cause-reasons.ts";

test("most segments have nothing to say", () => {
  expect(causeReasons(newCauses())).toEqual([]);
});

test("why it was sent again, and what it proves of another", () => {
  const c = { ...newCauses(), cause: Cause.RTO, timerNs: 212e6, attempt: 1 };
  const found = causeReasons({ ...c, spurious: Proof.DSACK, spuriousFrame: 7 });
  expect(found.map(({ name, frame, text }) => `${name} ${frame}: ${text.en}`)).toEqual([
    "cause 0: cause: sent again because the retransmission timer ran out: nothing new was acknowledged for 212 ms",
    "spurious 7: shows that the retransmission in frame 7 was needless: the receiver reports its bytes as received twice",
  ]);
  expect(found[0]!.text.zh).toBe("起因：因重传定时器超时而重传：一直没有新的确认，已等待 212 ms");
});

test("probes are left to their verdicts; abbreviations keep their capitals", () => {
  const said = CAUSES.map(
    (_, cause) => causeReasons({ ...newCauses(), cause })[0]?.text.en ?? null,
  );
  expect([said[Cause.KEEP_ALIVE], said[Cause.WINDOW_PROBE]]).toEqual([null, null]);
  expect(said[Cause.FIN_TIMER]).toMatch(/^cause: FIN sent again /);
  expect(said.filter((words) => words?.endsWith(".") === true)).toEqual([]);
});
