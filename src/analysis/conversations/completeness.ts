/**
 * `tcp.completeness` in words: what of a connection was captured.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { Completeness } from "../verdicts/result.ts";

const { SYN, SYN_ACK, ACK, DATA, FIN, RST } = Completeness;

const OPENED = SYN | SYN_ACK | ACK;
const END = FIN | RST;

/** As Wireshark names it: `"Complete, WITH_DATA (31)"`. Never translated. */
export function completenessName(bits: number): string {
  return `${nameOf(bits)} (${bits})`;
}

function nameOf(bits: number): string {
  if (bits === SYN) return "Incomplete, SYN_SENT";
  if (bits === (SYN | SYN_ACK)) return "Incomplete, CLIENT_ESTABLISHED";
  if ((bits & OPENED) !== OPENED) return "Incomplete";
  const hasData = (bits & DATA) !== 0;
  if ((bits & END) !== 0) return hasData ? "Complete, WITH_DATA" : "Complete, NO_DATA";
  return hasData ? "Incomplete, DATA" : "Incomplete, ESTABLISHED";
}

/** The same for people: a sentence without its full stop. */
export function describeCompleteness(bits: number): Text {
  const hasData = (bits & DATA) !== 0;
  const hasEnd = (bits & END) !== 0;
  if ((bits & SYN) === 0) return withoutBeginning(hasEnd);
  if ((bits & SYN_ACK) === 0) return unanswered(bits);
  if ((bits & ACK) === 0) {
    return text(
      "The server answered the SYN, and no ACK of the client was captured after it",
      "服务端回应了 SYN，但之后没有抓到客户端的 ACK",
    );
  }
  if (hasData && hasEnd) {
    return text("Handshake, data and end were all captured", "握手、数据和结束都抓到了");
  }
  if (hasData) {
    return text(
      "Handshake and data were captured, but no end: it was still open",
      "抓到了握手和数据，没有抓到结束：当时连接还开着",
    );
  }
  return hasEnd
    ? text("It was opened and closed, and carried no data", "建立后又关闭，没有传过数据")
    : text("Only the handshake was captured", "只抓到了握手");
}

function unanswered(bits: number): Text {
  if ((bits & RST) !== 0) {
    return text("The SYN was answered by a reset: refused", "SYN 得到的回应是 RST：连接被拒绝");
  }
  return bits === SYN
    ? text("Only the SYN was captured: nobody answered", "只抓到了 SYN：没有人回应")
    : text("The SYN was captured, but not its answer", "抓到了 SYN，没有抓到对它的回应");
}

/** What was before the first segment is not known, nor whether there is another direction. */
function withoutBeginning(hasEnd: boolean): Text {
  return hasEnd
    ? text(
        "The SYN was not captured, the end was: the capture began too late, or saw one direction only",
        "没有抓到 SYN，抓到了结束：抓包开始得太晚，或者只抓到了一个方向",
      )
    : text(
        "Neither the SYN nor an end was captured: this is a piece of the connection, or one direction of it",
        "SYN 和结束都没有抓到：这只是连接的一段，或者只是一个方向",
      );
}
