/**
 * TCP conversations at random, as a capture: few hosts, few ports, few values of
 * every field, so that all rules of the analysis meet each other; far more of them than
 * any real capture has.
 *
 * Sequence numbers follow a model of each side loosely: as a rule a
 * segment goes on where the last one ended, and often it goes a little
 * beside that, or anywhere.
 */
import { mptcpToken } from "../../src/analysis/verdicts/mptcp/token.ts";
import { PcapWriter } from "../../src/pcap/pcap-writer.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import { Flag } from "../../src/wire/tcp.ts";
import { randomOptions } from "./options.ts";
import { emitPacket, type Endpoint } from "./packet.ts";
import { Random } from "./random.ts";

/** What a capture is like. */
export interface ConversationTraits {
  readonly segments: number;
  /** One segment in so many does not go on where the last one ended. */
  readonly wildness: number;
  /** Bytes captured of each packet. */
  readonly snapLen: number;
  /** Whether segments have options, and whether those may be broken. */
  readonly options: "none" | "sound" | "any";
  /** Whether a conversation may be one of a socket with itself. */
  readonly isSelfAllowed: boolean;
}

/** What one side of a conversation has done so far. */
interface Side extends Endpoint {
  /** Sequence number of its next byte. */
  next: number;
  /** Its last acknowledgement. */
  ack: number;
  window: number;
  /** Of MPTCP. */
  readonly key: number;
  /** Windows it may announce. */
  readonly windows: readonly number[];
}

interface Conversation {
  /** MPTCP connections that it may join: of the conversation before it. */
  readonly tokens: readonly number[];
  readonly isSix: boolean;
  readonly sides: readonly [Side, Side];
}

const PORTS = [61_001, 61_002, 61_003];
const STEPS_NS = [0, 1000, 1e6, 2_999_999, 3e6, 3_000_001, 19_999_999, 20e6, 20_000_001, 2e8, 1e9];
/** Sequence numbers begin here, so that some pass 0 and the sign soon. */
const STARTS = [0, 1, 1000, 0xffff_ff00, 0x7fff_ff00, 0xffff_fffe, 0xffff_ffff];
const LENGTHS = [0, 0, 1, 1, 2, 10, 100, 100, 1000, 1460];
const SHIFTS = [0, 0, 0, -1, 1, -2, 10, -10, 100, -100, 1460, -1460];
const FLAG_SETS = [
  ...Array.from({ length: 24 }, () => Flag.ACK),
  ...Array.from({ length: 8 }, () => Flag.ACK | Flag.PSH),
  Flag.SYN,
  Flag.SYN,
  Flag.SYN | Flag.ACK,
  Flag.SYN | Flag.ACK,
  Flag.FIN | Flag.ACK,
  Flag.FIN,
  Flag.RST,
  Flag.RST | Flag.ACK,
  Flag.SYN | Flag.FIN,
  Flag.SYN | Flag.RST,
  Flag.PSH,
  0,
];

/** A pcap file of raw IP; the same for the same `seed`. */
export function randomConversations(seed: number, traits: ConversationTraits): Uint8Array[] {
  const r = new Random(seed);
  const conversations: Conversation[] = [];
  for (let i = 1 + r.below(4); i > 0; i--) {
    conversations.push(randomConversation(r, traits, conversations.at(-1)));
  }
  const writer = new PcapWriter({ linkType: LinkType.RAW, snapLen: traits.snapLen });
  const chunks: Uint8Array[] = [writer.header()];
  let sec = 1_700_000_000;
  let nsec = r.below(1e9);
  // Of a network card that is asked for more than it has: some captures have few different times.
  const steps = r.oneIn(2) ? STEPS_NS : [0, 1000, 1e6, 19_999_999];
  for (let i = 0; i < traits.segments; i++) {
    const bytes = randomPacket(r, r.of(conversations), traits);
    nsec += r.of(steps);
    if (r.oneIn(100)) nsec -= r.of(steps);
    if (nsec >= 1e9) [sec, nsec] = [sec + Math.floor(nsec / 1e9), nsec % 1e9];
    if (nsec < 0) [sec, nsec] = [sec - 1, nsec + 1e9];
    const capLen = Math.min(bytes.length, traits.snapLen);
    const view = new DataView(bytes.buffer);
    chunks.push(writer.packet({ sec, nsec, view, at: 0, capLen, origLen: bytes.length }));
  }
  return chunks;
}

function randomConversation(
  r: Random,
  { isSelfAllowed }: ConversationTraits,
  before: Conversation | undefined,
): Conversation {
  const side = (address: number): Side => ({
    address,
    port: r.of(PORTS),
    next: r.oneIn(3) ? r.word() : r.of(STARTS),
    ack: 0,
    window: 0,
    key: r.word(),
    windows: r.of([
      [0, 100, 1000],
      [1000, 1000, 1001],
      [0, 1, 65_535],
      [512, 0, 512],
    ]),
  });
  const first = side(1 + r.below(2));
  const isSelf = isSelfAllowed && r.oneIn(4);
  const sides = [first, isSelf ? first : side(3)] as const;
  const keys = (before?.sides ?? sides).map(({ key }) => mptcpToken(0, key, 0));
  return { isSix: r.oneIn(4), sides, tokens: [r.word(), ...keys] };
}

/** The next segment of the conversation, in IP. */
function randomPacket(
  r: Random,
  c: Conversation,
  traits: ConversationTraits,
): Uint8Array<ArrayBuffer> {
  const isBack = r.below(2);
  const [me, peer] = isBack === 0 ? c.sides : [c.sides[1], c.sides[0]];
  const flags = r.of(FLAG_SETS);
  const isWild = r.oneIn(traits.wildness);
  const len = (flags & Flag.SYN) !== 0 && !r.oneIn(8) ? 0 : r.of(LENGTHS);
  const seq = (isWild ? wildSeq(r, me) : me.next) >>> 0;
  const ack = wildAck(r, me, peer, isWild, flags);
  if (r.oneIn(8)) me.window = r.of(me.windows);
  const hasOptions = traits.options !== "none" && r.oneIn(3);
  const near = (peer.next - 500) >>> 0;
  const options = hasOptions
    ? randomOptions(r, {
        near,
        ack,
        key: me.key,
        peerKey: peer.key,
        tokens: c.tokens,
        mayBreak: traits.options === "any",
      })
    : new Uint8Array(0);
  const end = seq + len + ((flags & (Flag.SYN | Flag.FIN)) === 0 ? 0 : 1);
  if (!isWild || r.oneIn(4)) me.next = end >>> 0;
  me.ack = ack;
  const headerLen = 20 + options.length;
  return emitPacket({
    isSix: c.isSix,
    from: me,
    to: peer,
    seq,
    ack,
    len,
    flags,
    window: me.window,
    options,
    // Once in a while one that cannot be.
    headerLen: traits.options === "any" && r.oneIn(300) ? 4 * r.below(16) : headerLen,
  });
}

function wildSeq(r: Random, me: Side): number {
  if (r.oneIn(20)) return r.word();
  if (r.oneIn(20)) return r.of(STARTS);
  return me.next + r.of(SHIFTS);
}

function wildAck(r: Random, me: Side, peer: Side, isWild: boolean, flags: number): number {
  // As a rule zero without the flag.
  if ((flags & Flag.ACK) === 0 && !r.oneIn(4)) return 0;
  if (r.oneIn(3)) return me.ack;
  if (!isWild) return peer.next;
  return (r.oneIn(30) ? r.word() : peer.next + r.of(SHIFTS)) >>> 0;
}
