/**
 * Packets that the capture holds twice: it was taken at two places, or a
 * mirror port showed them coming and going. Nobody sent those again, so no other
 * detector gets to see them.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import { count } from "../words.ts";
import { type Detector, type Ending, evidenceOf, type Moment, type Workbench } from "./moment.ts";
import type { Field } from "./rows.ts";
import { Sightings } from "./sightings.ts";
import { Flag } from "../../wire/tcp.ts";

/** Nobody's timer sends again within 100 ms; some stacks number all their packets alike. */
const SAME_ID_NS = 1e8;
/** Without a number to go by: not even an answer that asks for it makes anyone send again so soon. */
const SAME_BYTES_NS = 1e5;

/** Packets of a direction that are remembered. */
const REMEMBERED = 4;

/** Bytes of the header that are compared: with the checksum, which covers the rest. */
const COMPARED_LEN = 20;

/** See the module. */
export class Copies implements Detector {
  readonly #seen = new Sightings();
  /** Fingerprints, then times. */
  readonly #prints: Field;
  readonly #times: Field;
  readonly #next: Field;
  readonly #lastTime: Field;
  /** Fingerprint and time of the first packet. */
  readonly #firstPrint: Field;
  readonly #firstTime: Field;
  /** Up to this time the file holds everything once more; 0: it does not. */
  readonly #againTo: Field;

  constructor({ side, facts }: Workbench) {
    this.#lastTime = facts.lastTime;
    this.#firstPrint = side.field();
    this.#firstTime = side.field();
    this.#againTo = side.field();
    this.#prints = side.fields(REMEMBERED);
    this.#times = side.fields(REMEMBERED);
    this.#next = side.field();
  }

  /** Whether the segment is an earlier one once more; remembers it. */
  isCopy(m: Moment): boolean {
    const { s, fwd, time } = m;
    const { view, path, packet } = s;
    if (path.tcpEnd - path.tcpAt < COMPARED_LEN) return false;
    const id = path.ipVersion === 4 ? view.getUint16(path.ipAt + 4) : 0;
    const isCounted = s.payloadLen > 0 || (m.flags & (Flag.SYN | Flag.FIN)) !== 0;
    if (id === 0 && !isCounted) return false;
    const limit = id === 0 ? SAME_BYTES_NS : SAME_ID_NS;
    const print = fingerprint(view, path.tcpAt, id, s.payloadLen);
    if (this.#isAgain(m, print)) {
      this.#seen.add(m.flow, time, packet.frame);
      return true;
    }
    for (let i = 0; i < REMEMBERED; i++) {
      const apart = Math.abs(time - fwd.get(this.#times + i));
      if (fwd.get(this.#prints + i) !== print || apart >= limit) continue;
      this.#seen.add(m.flow, time, packet.frame);
      return true;
    }
    const next = fwd.get(this.#next);
    fwd.set(this.#prints + next, print);
    fwd.set(this.#times + next, time);
    fwd.set(this.#next, (next + 1) % REMEMBERED);
    return false;
  }

  /** A file that was put behind itself begins again: with the very same packet, at the very same time. */
  #isAgain({ fwd, time }: Moment, print: number): boolean {
    const first = fwd.get(this.#firstPrint);
    if (first === 0) {
      fwd.set(this.#firstPrint, print);
      fwd.set(this.#firstTime, time);
      return false;
    }
    const lastTime = fwd.get(this.#lastTime);
    const isFirst = print === first && time === fwd.get(this.#firstTime);
    if (isFirst && time < lastTime) fwd.set(this.#againTo, lastTime);
    return time <= fwd.get(this.#againTo) && fwd.get(this.#againTo) > 0;
  }

  onEnd(ending: Ending): void {
    const [client, server] = ending.sides;
    const seen = [this.#seen.take(client.flow), this.#seen.take(server.flow)] as const;
    if (seen[0] === null && seen[1] === null) return;
    const copies = (seen[0]?.count ?? 0) + (seen[1]?.count ?? 0);
    ending.report(
      { id: "packets-twice", weight: copies, ...evidenceOf(...seen), numbers: { copies } },
      () => ({
        sentence: text(
          `The capture holds ${count(copies)} packet${copies === 1 ? "" : "s"} of this connection twice.`,
          `抓包里这条连接有 ${count(copies)} 个包出现了两次。`,
        ),
        cause: text(
          "They are alike up to the IP identification and the checksum, which sending again would change: the capture was taken at two places at once (any, a bridge, a mirror port), or the network doubled them.",
          "它们连 IP 标识和校验和都相同，而重新发送会改变这些值：抓包同时在两处进行（any 接口、网桥、镜像端口），或者网络把包复制了一份。",
        ),
        advice: text(
          "Nothing was sent again: these packets are left out of all other findings. Capture on one interface to be rid of them.",
          "并没有发生重传：其他结论都不计这些包。只在一个接口上抓包即可避免。",
        ),
      }),
    );
  }
}

/** FNV-1a over words: never 0, which stands for nothing. */
function fingerprint(v: DataView, at: number, id: number, len: number): number {
  let hash = 0x811c_9dc5 ^ id;
  for (let i = 0; i < COMPARED_LEN; i += 4) hash = mix(hash, v.getUint32(at + i));
  return mix(hash, len) || 1;
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x0100_0193);
  return mixed ^ (mixed >>> 15);
}
