/**
 * Errors that routers and hosts reported by ICMP, each with the segment that
 * it is about (RFC 792, RFC 4443).
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import { plural, count } from "../../words.ts";
import { type Detector, type Ending, evidenceOf, type Moment } from "../moment.ts";
import { Sightings } from "../sightings.ts";

/** Bytes of an ICMP header in front of what it quotes. */
const ICMP_LEN = 8;

const WORDS: Readonly<Record<string, Text>> = {
  "4/3/0": text("network unreachable", "网络不可达"),
  "4/3/1": text("host unreachable", "主机不可达"),
  "4/3/2": text("protocol unreachable", "协议不可达"),
  "4/3/3": text("port unreachable", "端口不可达"),
  "4/3/4": text("packet too large, and not to be fragmented", "包太大且不允许分片"),
  "4/3/9": text("network prohibited", "禁止访问该网络"),
  "4/3/10": text("host prohibited", "禁止访问该主机"),
  "4/3/13": text("prohibited by a filter", "被过滤规则禁止"),
  "4/11/0": text("time to live used up", "TTL 耗尽"),
  "6/1/0": text("no route", "没有路由"),
  "6/1/1": text("prohibited by a filter", "被过滤规则禁止"),
  "6/1/3": text("address unreachable", "地址不可达"),
  "6/1/4": text("port unreachable", "端口不可达"),
  "6/2/0": text("packet too large", "包太大"),
  "6/3/0": text("hop limit used up", "跳数耗尽"),
};

const TOO_LARGE = new Set(["4/3/4", "6/2/0"]);

/** See the module. */
export class IcmpErrors implements Detector {
  readonly #seen = new Sightings();
  /** The last error of each direction. */
  readonly #kinds = new Map<number, string>();

  /** A segment that an ICMP error quotes. */
  onQuoted(m: Moment): void {
    const { view, path, packet } = m.s;
    const at = path.ipAt - ICMP_LEN;
    if (at < packet.at) return;
    const kind = `${path.ipVersion}/${view.getUint8(at)}/${view.getUint8(at + 1)}`;
    this.#seen.add(m.flow, m.time, m.frame);
    this.#kinds.set(m.flow, kind);
  }

  onEnd(ending: Ending): void {
    for (const side of ending.sides) {
      const seen = this.#seen.take(side.flow);
      const kind = this.#kinds.get(side.flow) ?? "";
      this.#kinds.delete(side.flow);
      if (seen === null) continue;
      const isSize = TOO_LARGE.has(kind);
      const what = WORDS[kind] ?? text(`ICMP ${kind.slice(2)}`, `ICMP ${kind.slice(2)}`);
      ending.report(
        {
          id: "icmp-error",
          severity: isSize ? "note" : "warning",
          weight: seen.count,
          ...evidenceOf(seen),
          numbers: { errors: seen.count },
        },
        () => ({
          sentence: text(
            `${plural(seen.count, "packet")} of ${side.name.en} came back as an ICMP error: ${what.en}.`,
            `${side.Name.zh}有 ${count(seen.count)} 个包收到 ICMP 差错：${what.zh}。`,
          ),
          cause: isSize
            ? text(
                "A link on the way takes only smaller packets; this is how path MTU discovery finds out.",
                "路上的链路只能通过更小的包；路径 MTU 发现正是这样得知的。",
              )
            : text(
                "A router or the host itself refused the packet and said why.",
                "路由器或目标主机拒绝了这个包，并说明了原因。",
              ),
          advice: isSize
            ? text(
                "The sender should go on with smaller segments; if it does not, something drops these errors on their way to it.",
                "发送方应改用更小的报文段；如果没有，说明这些差错在到达它之前被丢弃了。",
              )
            : text(
                "The source address of the ICMP packet tells who refused it.",
                "ICMP 包的源地址就是拒绝者。",
              ),
        }),
      );
    }
  }
}
