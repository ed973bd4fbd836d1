/**
 * Connections that do not open, or not at once: refused, unanswered, asked for
 * again.
 *
 * @module
 */
import { text, type Text } from "../../../base/lang.ts";
import { Flag } from "../../../wire/tcp.ts";
import { duration, times } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import {
  type Detector,
  type EndedSide,
  type Ending,
  evidenceOf,
  type Moment,
  type Workbench,
} from "../moment.ts";
import type { Field } from "../rows.ts";
import { type Sighting, Sightings } from "../sightings.ts";

/** A SYN is sent again after about this long (RFC 6298 §2.1): before, silence says nothing. */
const PATIENCE_NS = 1e9;

/** See the module. */
export class Opening implements Detector {
  readonly #facts: SideFacts;
  /** SYNs and SYN-ACKs after the first. */
  readonly #syns = new Sightings();
  readonly #synAcks = new Sightings();
  /** When the other side's SYN-ACK was first answered. */
  readonly #answered: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#answered = side.field(-1);
  }

  onSegment(m: Moment): void {
    if ((m.flags & Flag.SYN) !== 0 && (m.flags & Flag.RST) === 0) {
      const isSyn = (m.flags & Flag.ACK) === 0;
      if (!m.fwd.has(this.#facts.marks, isSyn ? Did.SYN : Did.SYN_ACK)) return;
      (isSyn ? this.#syns : this.#synAcks).add(m.flow, m.time, m.frame);
      return;
    }
    const { marks } = this.#facts;
    if (m.fwd.get(this.#answered) < 0 && m.rev.has(marks, Did.SYN_ACK)) {
      m.fwd.set(this.#answered, m.time);
    }
  }

  onEnd(ending: Ending): void {
    const [client, server] = ending.sides;
    const asked = this.#syns.take(client.flow);
    const agreed = this.#synAcks.take(server.flow);
    this.#syns.take(server.flow);
    this.#synAcks.take(client.flow);
    const { marks, segments } = this.#facts;
    const isAgreed = server.row.has(marks, Did.SYN_ACK);
    if (client.row.has(marks, Did.SYN) && !(isAgreed && asked === null)) {
      const all = this.#withFirst(client, asked);
      if (isAgreed) this.#opened(ending, all);
      else if (server.row.has(marks, Did.RST)) this.#refused(ending, all);
      else this.#unanswered(ending, all);
    }
    if (!isAgreed || client.row.get(segments) === 0) return;
    const isOrdinary = client.row.get(this.#answered) >= 0 && !client.row.has(marks, Did.RST);
    if (agreed === null && isOrdinary) return;
    this.#confirmed(ending, this.#withFirst(server, agreed));
  }

  /** The side's first SYN or SYN-ACK, and those after it. */
  #withFirst({ row }: EndedSide, again: Sighting | null): Sighting {
    const { synFrame, synTime } = this.#facts;
    return {
      count: 1 + (again?.count ?? 0),
      frames: [row.get(synFrame), ...(again?.frames ?? [])],
      times: [row.get(synTime), ...(again?.times ?? [])],
    };
  }

  /** RFC 9293 §3.10.7.1: a SYN for a port that nobody listens on is answered by a RST. */
  #refused(ending: Ending, asked: Sighting): void {
    const { rstFrame, rstTime, segments } = this.#facts;
    const [client, server] = ending.sides;
    const askedFrame = asked.frames[0]!;
    const resetFrame = server.row.get(rstFrame);
    // Nothing but resets came back, and the first one came after the SYN.
    if (resetFrame < askedFrame || client.row.get(segments) < asked.count) return;
    const resetTime = server.row.get(rstTime);
    // None is earlier where the capture's clock went back.
    const afterNs = resetTime - (asked.times.findLast((time) => time <= resetTime) ?? resetTime);
    const [after, afterZh] =
      afterNs > 0 ? [` after ${duration(afterNs)}`, ` ${duration(afterNs)} 后`] : ["", "后"];
    const again = asked.count > 1 ? `, which it asked for ${times(asked.count)}` : "";
    const againZh = asked.count > 1 ? `（共请求 ${asked.count} 次）` : "";
    ending.report(
      {
        id: "connection-refused",
        weight: asked.count,
        frames: [...asked.frames, resetFrame].toSorted((a, b) => a - b),
        atNs: asked.times[0]!,
        numbers: { syns: asked.count, afterNs },
      },
      () => ({
        sentence: text(
          `The server refused the connection${again}: it answered the SYN with a reset${after}.`,
          `服务端拒绝了连接${againZh}：SYN 发出${afterZh}收到复位（RST）。`,
        ),
        cause: text(
          "Nothing listens on that port at that address, or a firewall that answers with resets stands in front of it.",
          "该地址的这个端口上没有程序在监听，或者前面有一个以复位作答的防火墙。",
        ),
        advice: text(
          "See on the server whether the program runs and on which address it listens (ss -ltn), then the port in the client's configuration, then the firewall.",
          "先在服务端确认程序在运行、监听在哪个地址上（ss -ltn），再核对客户端配置的端口，最后检查防火墙。",
        ),
      }),
    );
  }

  #unanswered(ending: Ending, asked: Sighting): void {
    const { segments, syns } = this.#facts;
    const [client, server] = ending.sides;
    if (server.row.get(segments) > 0) return;
    // It went on as if answered: only one direction was captured.
    if (client.row.get(segments) > client.row.get(syns)) return;
    const waitedNs = ending.now - asked.times[0]!;
    if (asked.count < 2 && waitedNs < PATIENCE_NS) return;
    ending.report(
      {
        id: "syn-unanswered",
        weight: asked.count,
        ...evidenceOf(asked),
        numbers: { syns: asked.count, waitedNs },
      },
      () => ({
        sentence: text(
          `The client asked for a connection ${times(asked.count)}${whenAgain(asked).en} and got no answer; the capture goes on for ${duration(waitedNs)} after the first SYN.`,
          `客户端请求连接 ${asked.count} 次${whenAgain(asked).zh}，始终没有回应；第一个 SYN 之后抓包还持续了 ${duration(waitedNs)}。`,
        ),
        cause: text(
          "The host is off or not there, a firewall drops the packets silently, the way back is broken, or the server's listen queue is full.",
          "对端主机关机或不存在，防火墙悄悄丢弃了包，返回的路径不通，或者服务端的监听队列已满。",
        ),
        advice: text(
          "Capture on the server too: SYNs that arrive there and stay unanswered point at its firewall or listen queue (nstat TcpExtListenDrops), none that arrive at the way between.",
          "在服务端也抓一次包：SYN 到了却没有回应，问题在它的防火墙或监听队列（nstat TcpExtListenDrops）；SYN 没到，问题在中间的路径。",
        ),
      }),
    );
  }

  #opened(ending: Ending, asked: Sighting): void {
    if (asked.count < 2) return;
    const { synTime, synFrame } = this.#facts;
    const server = ending.sides[1].row;
    const answerNs = server.get(synTime) - asked.times[0]!;
    const wasAnswered = server.get(synTime) < (asked.times[1] ?? Infinity);
    ending.report(
      {
        id: "syn-retransmitted",
        weight: answerNs,
        frames: [...asked.frames, server.get(synFrame)].toSorted((a, b) => a - b),
        atNs: asked.times[0]!,
        numbers: { syns: asked.count, answerNs },
      },
      () => ({
        sentence: text(
          `The client sent its SYN ${times(asked.count)}${whenAgain(asked).en}; the answer came ${duration(answerNs)} after the first.`,
          `客户端的 SYN 发送了 ${asked.count} 次${whenAgain(asked).zh}；第一个 SYN 之后 ${duration(answerNs)} 才有回应。`,
        ),
        cause: wasAnswered
          ? text(
              "The first SYN had been answered when the second one came: the answer was lost behind the place of the capture, or came too late for the client's timer.",
              "第二个 SYN 出现时第一个已经有了回应：回应在抓包点之后丢失，或者到得太晚，客户端的定时器已经到期。",
            )
          : text(
              "A SYN or its answer was lost, or the server dropped it because its listen queue was full.",
              "SYN 或对它的回应丢失了，或者服务端的监听队列已满而丢弃了它。",
            ),
        advice: text(
          "If it happens often under load, raise the listen backlog (and net.core.somaxconn) and see nstat TcpExtListenOverflows; else look for loss on the path.",
          "如果在高负载时经常出现，请调大监听队列（backlog 和 net.core.somaxconn）并查看 nstat TcpExtListenOverflows；否则检查路径上的丢包。",
        ),
      }),
    );
  }

  /** The third step of the handshake. */
  #confirmed(ending: Ending, agreed: Sighting): void {
    const [client] = ending.sides;
    const { marks, rstFrame } = this.#facts;
    const isAnswered = client.row.get(this.#answered) >= 0;
    const isReset = client.row.has(marks, Did.RST) && client.row.get(rstFrame) > agreed.frames[0]!;
    if (isAnswered && !isReset) {
      if (agreed.count > 1) reportAgain(ending, agreed);
      return;
    }
    if (isAnswered) return this.#abandoned(ending, agreed, client);
    const waitedNs = ending.now - agreed.times[0]!;
    if (waitedNs < PATIENCE_NS && agreed.count < 2) return;
    ending.report(
      {
        id: "handshake-unfinished",
        weight: agreed.count,
        ...evidenceOf(agreed),
        numbers: { synAcks: agreed.count, waitedNs },
      },
      () => ({
        sentence: text(
          `The server agreed to the connection ${times(agreed.count)}, and the client never answered in the ${duration(waitedNs)} that the capture goes on.`,
          `服务端 ${agreed.count} 次同意建立连接，而在抓包余下的 ${duration(waitedNs)} 里客户端一直没有回应。`,
        ),
        cause: text(
          "The SYN-ACK does not reach the client, the client has gone, or the SYN came from a false address (a flood).",
          "SYN-ACK 没有到达客户端，客户端已经消失，或者 SYN 的源地址是伪造的（洪泛攻击）。",
        ),
        advice: text(
          "Look at the way from the server to the client: routes, firewalls that saw only one direction. Many of these from many addresses: turn on SYN cookies.",
          "检查从服务端到客户端的路径：路由、只看到单向流量的防火墙。如果来自大量地址，请启用 SYN cookies。",
        ),
      }),
    );
  }

  /** Its answer to the SYN-ACK was a reset, and nothing else. */
  #abandoned(ending: Ending, agreed: Sighting, client: EndedSide): void {
    const { rstFrame, segments, syns } = this.#facts;
    if (client.row.get(segments) !== client.row.get(syns) + 1) return;
    ending.report(
      {
        id: "handshake-abandoned",
        frames: [agreed.frames[0]!, client.row.get(rstFrame)],
        atNs: agreed.times[0]!,
      },
      () => ({
        sentence: text(
          "The client answered the server's SYN-ACK with a reset: the connection never opened.",
          "客户端用复位（RST）回应服务端的 SYN-ACK：连接从未建立。",
        ),
        cause: text(
          "A port scan that only asks whether somebody listens, a client that gave up waiting just before, or a host that never sent that SYN.",
          "只想知道端口是否开放的扫描，刚刚放弃等待的客户端，或者根本没有发过这个 SYN 的主机。",
        ),
        advice: text(
          "Nothing to do for a scan. Else compare the client's connect timeout with the time until the SYN-ACK.",
          "如果是扫描，无需处理。否则比较客户端的连接超时和等到 SYN-ACK 的时间。",
        ),
      }),
    );
  }
}

function reportAgain(ending: Ending, agreed: Sighting): void {
  ending.report(
    {
      id: "syn-ack-retransmitted",
      weight: agreed.count,
      ...evidenceOf(agreed),
      numbers: { synAcks: agreed.count },
    },
    () => ({
      sentence: text(
        `The server sent its SYN-ACK ${times(agreed.count)}${whenAgain(agreed).en} before the handshake was over.`,
        `握手完成之前，服务端的 SYN-ACK 发送了 ${agreed.count} 次${whenAgain(agreed).zh}。`,
      ),
      cause: text(
        "The SYN-ACK or the client's answer to it was lost, the SYN itself came again, or the server waits for data before it takes the connection (TCP_DEFER_ACCEPT).",
        "SYN-ACK 或客户端对它的确认丢失了，SYN 本身又来了一次，或者服务端要等到数据才接受连接（TCP_DEFER_ACCEPT）。",
      ),
      advice: text(
        "See whether the client's ACK stands in the capture: if so, it was lost on its way to the server or not taken there.",
        "看抓包里有没有客户端的 ACK：有的话，它在去服务端的路上丢了，或者服务端没有接受。",
      ),
    }),
  );
}

/** ` (again after 1.01 s, 3.02 s)`, from the first one; nothing when it came once. */
function whenAgain({ times: [first = 0, ...later], count: n }: Sighting): Text {
  if (later.length === 0) return text("", "");
  const spans = later.map((time) => duration(time - first));
  const isAll = n === later.length + 1;
  return text(
    ` (again after ${spans.join(", ")}${isAll ? "" : " …"})`,
    `（之后 ${spans.join("、")}${isAll ? "" : " ……"}又发）`,
  );
}
