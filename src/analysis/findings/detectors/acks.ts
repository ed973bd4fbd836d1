/**
 * Acknowledgements that repeat themselves: long runs of duplicates, and two
 * ends that answer each other without end. And a handshake slower than all that follows.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import { Note, Verdict } from "../../verdicts/verdict.ts";
import { count, duration } from "../../words.ts";
import { Did, type SideFacts } from "../facts.ts";
import { Kind } from "../kind.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "../moment.ts";
import type { Field } from "../rows.ts";
import { Sightings } from "../sightings.ts";

const LONG_RUN = 100;
const STORM = 50;

/** See the module. */
export class RepeatedAcks implements Detector {
  readonly #facts: SideFacts;
  readonly #runs = new Sightings();
  readonly #longest: Field;
  /** Bare acknowledgements without news, from both sides in turn; of the connection. */
  readonly #run: Field;
  readonly #lastFlow: Field;
  readonly #runFrame: Field;
  readonly #storm: Field;
  readonly #stormFrame: Field;
  readonly #stormEnd: Field;

  constructor({ side, connection, facts }: Workbench) {
    this.#facts = facts;
    this.#longest = side.rareField();
    this.#run = connection.field();
    this.#lastFlow = connection.field(-1);
    this.#runFrame = connection.field();
    this.#storm = connection.rareField();
    this.#stormFrame = connection.rareField();
    this.#stormEnd = connection.rareField();
  }

  onSegment(m: Moment): void {
    const { duplicateAckNum: num } = m.v;
    if ((m.bits & Verdict.DUPLICATE_ACK) !== 0) {
      if (num === LONG_RUN) this.#runs.add(m.flow, m.time, m.v.duplicateAckFrame, m.frame);
      m.fwd.raise(this.#longest, num);
    }
    this.#watchStorm(m);
  }

  #watchStorm(m: Moment): void {
    const { connection: c, fwd, s } = m;
    const { next, lastAck, marks } = this.#facts;
    const hasNews =
      !m.isPureAck ||
      !fwd.has(marks, Did.NUMBERED) ||
      s.ack !== fwd.get(lastAck) ||
      s.seq !== fwd.get(next) ||
      s.windowSize !== fwd.get(this.#facts.window) ||
      (m.bits & (Verdict.KEEP_ALIVE | Verdict.KEEP_ALIVE_ACK | Note.DSACK)) !== 0;
    // A storm is one side's answer to the other, over and over.
    if (hasNews || c.get(this.#lastFlow) === m.flow) {
      c.set(this.#run, 0);
      c.set(this.#runFrame, m.frame);
      c.set(this.#lastFlow, hasNews ? -1 : m.flow);
      return;
    }
    c.set(this.#lastFlow, m.flow);
    c.add(this.#run);
    const run = c.get(this.#run);
    if (run < STORM || run <= c.get(this.#storm)) return;
    c.set(this.#storm, run);
    c.set(this.#stormFrame, c.get(this.#runFrame));
    c.set(this.#stormEnd, m.frame);
  }

  onEnd(ending: Ending): void {
    this.#reportStorm(ending);
    for (const side of ending.sides) {
      const runs = this.#runs.take(side.flow);
      if (runs === null) continue;
      const longest = side.row.get(this.#longest);
      ending.report(
        {
          id: "duplicate-acks",
          weight: longest,
          ...evidenceOf(runs),
          numbers: { runs: runs.count, longest },
        },
        () => ({
          sentence: text(
            `${side.Name.en} repeated one acknowledgement ${count(longest)} times in a row.`,
            `${side.Name.zh}把同一个确认连续重复了 ${count(longest)} 次。`,
          ),
          cause: text(
            "Each segment that arrives behind a hole is answered so: much was in flight when a segment was lost or overtaken.",
            "缺口之后到达的每个报文段都会得到这样的回应：有报文段丢失或被超越时，在途数据很多。",
          ),
          advice: text(
            "A picture of a loss in a large window, not an error of its own: look at the retransmissions.",
            "这是大窗口中出现丢失的表现，本身不是错误：请看重传。",
          ),
        }),
      );
    }
  }

  #reportStorm(ending: Ending): void {
    const { connection: c } = ending;
    const storm = c.get(this.#storm);
    if (storm < STORM) return;
    ending.report(
      {
        id: "ack-storm",
        weight: storm,
        frames: [c.get(this.#stormFrame), c.get(this.#stormEnd)],
        numbers: { acknowledgements: storm },
      },
      () => ({
        sentence: text(
          `Client and server answered each other with ${count(storm)} acknowledgements in a row that say nothing new.`,
          `客户端和服务端连续互相发送了 ${count(storm)} 个没有任何新内容的确认。`,
        ),
        cause: text(
          "Each takes the other's numbers for wrong and says so (an ACK storm): somebody put data into the connection from outside, or a device between changed the numbers of one direction.",
          "双方都认为对方的序号不对并加以纠正（ACK 风暴）：有人从外部向连接注入了数据，或者中间设备改了一个方向的序号。",
        ),
        advice: text(
          "Close the connection. Look for a device that rewrites sequence numbers, or an attacker on the path.",
          "请关闭这条连接，并检查是否有改写序号的设备，或路径上的攻击者。",
        ),
      }),
    );
  }
}

/** Times that are needed to know what is usual. */
const SAMPLES = 5;
const SLOWER = 3;
const SLOWER_NS = 50e6;

/** The server took longer over the handshake than it ever took to acknowledge. */
export class SlowHandshake implements Detector {
  readonly wants: number = Kind.RTT;
  readonly #facts: SideFacts;
  /** Shortest time to an acknowledgement after the handshake, and how many there were. */
  readonly #minRtt: Field;
  readonly #samples: Field;

  constructor({ side, facts }: Workbench) {
    this.#facts = facts;
    this.#minRtt = side.field(Infinity);
    this.#samples = side.field();
  }

  onSegment(m: Moment): void {
    if (m.v.ackRttNs <= 0 || m.rev.get(this.#facts.dataTime) < 0) return;
    m.rev.lower(this.#minRtt, m.v.ackRttNs);
    m.rev.add(this.#samples);
  }

  onEnd(ending: Ending): void {
    const [client, server] = ending.sides;
    const { marks, synTime, synFrame, syns } = this.#facts;
    if (!client.row.has(marks, Did.SYN) || !server.row.has(marks, Did.SYN_ACK)) return;
    if (client.row.get(syns) !== 1 || server.row.get(syns) !== 1) return;
    const tookNs = server.row.get(synTime) - client.row.get(synTime);
    const usualNs = client.row.get(this.#minRtt);
    if (client.row.get(this.#samples) < SAMPLES) return;
    if (tookNs < SLOWER * usualNs || tookNs - usualNs < SLOWER_NS) return;
    ending.report(
      {
        id: "slow-handshake",
        weight: tookNs,
        frames: [client.row.get(synFrame), server.row.get(synFrame)],
        atNs: client.row.get(synTime),
        numbers: { tookNs, usualNs },
      },
      () => ({
        sentence: text(
          `The server took ${duration(tookNs)} to answer the SYN; later data was acknowledged within ${duration(usualNs)} at best.`,
          `服务端用了 ${duration(tookNs)} 才回应 SYN；而后来的数据最快 ${duration(usualNs)} 就得到确认。`,
        ),
        cause: text(
          "The way is not what is slow: the host was waking up or resolving an address (ARP), a load balancer or proxy looked for a server first, or the acknowledgements come from a device nearer than the server.",
          "慢的不是路径：主机正在唤醒或解析地址（ARP），负载均衡或代理要先找到服务器，或者后来的确认来自比服务端更近的设备。",
        ),
        advice: text(
          "Connections that live longer (a pool, keep-alive) pay it once.",
          "使用寿命更长的连接（连接池、长连接）可以只付出一次代价。",
        ),
      }),
    );
  }
}
