/**
 * Sentences of windows, their probes, and keep-alives.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { count } from "../words.ts";
import { Verdict } from "../verdicts/verdict.ts";
import { WINDOW_UNKNOWN, windowOf } from "./last-words.ts";
import { after, beforeThat, bytes, proofOf, sent, spanOf } from "./phrases.ts";
import type { Case } from "./reason.ts";

/** The sender of this can take nothing. */
export function zeroWindow(): Text {
  return text(
    "zero window: the sender of this can take no more for now; the other end has to wait until it opens the window",
    "零窗口：本端暂时不能再接收；对方要等它重新打开窗口才能继续发送",
  );
}

/** One byte into a closed window. */
export function zeroWindowProbe(c: Case): Text {
  const { frame, since } = proofOf(c, Verdict.ZERO_WINDOW_PROBE);
  const at = sent(c, c.s.seq);
  const when = beforeThat(since);
  return text(
    `zero window probe: byte ${at} alone, although frame ${frame}${when.en} said that the window is 0; the answer tells whether there is room`,
    `零窗口探测：只发第 ${at} 字节，尽管第 ${frame} 帧${when.zh}声明窗口为 0；从回答可知是否又有了空间`,
  );
}

/** Still closed. */
export function zeroWindowProbeAck(c: Case): Text {
  const { frame, since } = proofOf(c, Verdict.ZERO_WINDOW_PROBE_ACK);
  const when = after(since);
  return text(
    `answer to the zero window probe of frame ${frame}${when.en}: still no room`,
    `对第 ${frame} 帧零窗口探测的回答${since === null ? "" : `，${when.zh}`}：仍然没有空间`,
  );
}

/** The number before the next one. */
export function keepAlive(c: Case): Text {
  const { frame, since } = proofOf(c, Verdict.KEEP_ALIVE);
  const at = sent(c, c.s.seq);
  const what =
    c.s.payloadLen === 0
      ? text(`no data, and the number ${at}`, `不带数据，序号是 ${at}`)
      : text(`one byte with the number ${at}`, `只有序号为 ${at} 的一个字节`);
  const when = beforeThat(since);
  const where =
    frame === 0
      ? text("", "")
      : text(
          `, one before the end of frame ${frame}${when.en}`,
          `，正好在第 ${frame} 帧${when.zh}的结尾之前`,
        );
  const { receiver } = c;
  // Linux probes a closed window so.
  const asks =
    receiver.frame !== 0 && receiver.window === 0
      ? text(
          "the other end's window is 0, and it asks for room",
          "对方的窗口为 0，这是在问有没有空间",
        )
      : text("it only asks whether the other end still answers", "只是询问对方是否还在");
  return text(
    `keep-alive: ${what.en}${where.en}; ${asks.en}`,
    `保活：${what.zh}${where.zh}；${asks.zh}`,
  );
}

/** Whoever was asked is there. */
export function keepAliveAck(c: Case): Text {
  const { frame, since } = proofOf(c, Verdict.KEEP_ALIVE_ACK);
  const when = after(since);
  return text(
    `answer to the keep-alive of frame ${frame}${when.en}: this end is still there`,
    `对第 ${frame} 帧保活的回答${since === null ? "" : `，${when.zh}`}：本端还在`,
  );
}

/** The same acknowledgement, another window. */
export function windowUpdate(c: Case): Text {
  const { frame } = proofOf(c, Verdict.WINDOW_UPDATE);
  const now = windowOf(c.s);
  const then = c.sender.window;
  if (now === WINDOW_UNKNOWN || then === WINDOW_UNKNOWN) {
    return text(
      `window update: the acknowledgement of frame ${frame} again, but the window field is now ${count(c.s.window)} (how many bytes that is was agreed before the capture began)`,
      `窗口更新：确认与第 ${frame} 帧相同，但窗口字段变为 ${count(c.s.window)}（相当于多少字节，是在抓包开始之前商定的）`,
    );
  }
  return text(
    `window update: the acknowledgement of frame ${frame} again, but the window is now ${bytes(now).en} instead of ${count(then)}`,
    `窗口更新：确认与第 ${frame} 帧相同，但窗口从 ${count(then)} 变为 ${bytes(now).zh}`,
  );
}

/** The last byte that the receiver allows. */
export function windowFull(c: Case): Text {
  const proof = proofOf(c, Verdict.WINDOW_FULL);
  const { frame, since } = proof;
  const window = spanOf(proof);
  const last = sent(c, proof.to - 1);
  const first = sent(c, proof.from);
  const when = beforeThat(since);
  return text(
    `window full: it ends with byte ${last}, the last of the ${bytes(window).en} from ${first} on that frame ${frame}${when.en} allows; the sender has to wait for the receiver`,
    `窗口已满：它以第 ${last} 字节结尾，正是第 ${frame} 帧${when.zh}允许的最后一个字节：从 ${first} 起共 ${bytes(window).zh}；发送方必须等待接收方`,
  );
}
