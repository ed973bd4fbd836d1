/**
 * Sentences of acknowledgements, and of the numbers that hang on them.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { seqDiff } from "../../wire/seqnum.ts";
import { count, duration } from "../words.ts";
import { Verdict } from "../verdicts/verdict.ts";
import { WINDOW_UNKNOWN } from "./last-words.ts";
import { beforeThat, bytes, bytesFrom, proofOf, received } from "./phrases.ts";
import type { Case } from "./reason.ts";

/** Says nothing new. */
export function duplicateAck(c: Case): Text {
  const { copied } = c.sender;
  // Not duplicate_ack_num: that begins anew when the other side acknowledges what was not captured.
  const n = c.sender.copies + 1;
  const at = received(c, c.s.ack);
  return text(
    `duplicate acknowledgement: the ${ordinal(n)} copy of the one in frame ${copied}; the receiver still waits for byte ${at}`,
    `重复确认：第 ${copied} 帧的确认第 ${count(n)} 次重复；接收方仍在等第 ${at} 字节`,
  );
}

/** `1st`, `22nd`, `113th`. */
function ordinal(n: number): string {
  const isTeen = n % 100 > 10 && n % 100 < 14;
  const suffix = isTeen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return count(n) + suffix;
}

/** Acknowledges what the capture does not have. */
export function ackLostSegment(c: Case): Text {
  const { frame, since, from, to } = proofOf(c, Verdict.ACK_LOST_SEGMENT);
  if (frame === 0) {
    return text(
      `acknowledgement of unseen bytes: it goes up to ${received(c, to - 1)}, but from ${received(c, from)} on the capture has a gap or another order`,
      `确认了没见过的数据：它确认到 ${received(c, to - 1)}，但从 ${received(c, from)} 起，抓包中有空缺或次序不同`,
    );
  }
  const range = bytesFrom(received(c, from), seqDiff(to, from));
  const when = beforeThat(since);
  return text(
    `acknowledgement of unseen bytes: ${range.en} cannot be found in the capture so far; frame ${frame}${when.en} went up to ${received(c, from - 1)}`,
    `确认了没见过的数据：${range.zh}到目前为止没有捕获到；第 ${frame} 帧${when.zh}只到 ${received(c, from - 1)}`,
  );
}

/** Which frame it acknowledges, and how long that took. */
export function acksFrame({ v }: Case): Text | null {
  const { acksFrame: frame, ackRttNs } = v;
  if (frame === 0) return null;
  if (ackRttNs <= 0) return text(`acknowledges frame ${frame}`, `确认第 ${frame} 帧`);
  const time = duration(ackRttNs);
  return text(`acknowledges frame ${frame} after ${time}`, `${time} 后确认第 ${frame} 帧`);
}

/** What is on the way, and how much of the receiver's window that is. */
export function bytesInFlight({ v, receiver }: Case): Text | null {
  const { bytesInFlight: n } = v;
  if (n === 0) return null;
  const flight = bytes(n);
  if (receiver.frame === 0 || receiver.window === WINDOW_UNKNOWN || receiver.window === 0) {
    return text(`${flight.en} in flight`, `在途 ${flight.zh}`);
  }
  const share = shareOf(n, receiver.window);
  const window = count(receiver.window);
  return text(
    `${flight.en} in flight, ${share} of the window of ${window}`,
    `在途 ${flight.zh}，占窗口 ${window} 的 ${share}`,
  );
}

/** In whole percent: `under 1 %`, `45 %`. */
function shareOf(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return percent < 1 ? "<1 %" : `${count(Math.floor(percent))} %`;
}
