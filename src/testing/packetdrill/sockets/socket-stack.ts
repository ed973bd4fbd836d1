/**
 * Our TCP with sockets, as a script drives it.
 *
 * @module
 */
import { replyToClosed } from "../../../stack/tcp/closed.ts";
import type { Profile } from "../../../stack/tcp/profile.ts";
import type { EcnCodepoint, TcpEndpoint, TcpSegment } from "../../../stack/types.ts";
import { emitTcp, parseTcp, tcpLen, type TcpRepr } from "../../../wire/tcp.ts";
import type { PyValue } from "../python/evaluate.ts";
import type {
  CallResult,
  IcmpPacket,
  SentPacket,
  StackUnderTest,
  TcpPacket,
} from "../runner/stack-under-test.ts";
import type { SystemCall } from "../runner/system-call.ts";
import { readCommands, type ShellCommand } from "./commands.ts";
import type { Flow } from "./flows.ts";
import { icmpErrorOf, linuxErrnoOf } from "./icmp-words.ts";
import { infoOf, memoryInfo, stateInfo } from "./info.ts";
import { withSetting, type Settings } from "./settings.ts";
import { beginCall, type Blocked } from "./socket-calls.ts";
import { newFlow, roundUp, SocketTable } from "./socket-table.ts";
import type { IpChoice } from "./socket.ts";

const CODEPOINTS: readonly EcnCodepoint[] = ["not-ECT", "ECT(1)", "ECT(0)", "CE"];
/** Bytes of the timestamps option with its padding, which the MSS counts in. */
const TIMESTAMPS_LEN = 12;
/** How long a handshake may take, in milliseconds; the socket option is in seconds. */
const KEEPINIT = "net.inet.tcp.keepinit";
/** Polls of one moment after which a stack is taken to hang. */
const MAX_POLLS = 10_000;

/** Endpoints, listeners and sockets on a clock of their own. */
export class SocketStack implements StackUnderTest {
  readonly #table: SocketTable;
  readonly #sent: SentPacket[] = [];
  #blocked: Blocked | null = null;
  #finished: { readonly result: CallResult; readonly atNs: number } | null = null;
  #nowNs = 0;

  constructor(settings: Settings) {
    this.#table = new SocketTable(settings);
  }

  get profile(): Profile {
    return this.#table.profile;
  }

  advance(toNs: number): void {
    this.#drain();
    let polls = 0;
    for (let next = this.nextTimerNs(); next <= toNs; next = this.nextTimerNs()) {
      polls = next > this.#nowNs ? 0 : polls + 1;
      if (polls > MAX_POLLS) throw new Error(`Cannot go on at ${this.#nowNs} ns: always busy`);
      this.#nowNs = Math.max(this.#nowNs, next);
      this.#drain();
    }
    this.#nowNs = Math.max(this.#nowNs, toNs);
  }

  nextTimerNs(): number {
    return Math.min(this.#table.flows.pollAt(), this.#blocked?.untilNs ?? Infinity);
  }

  inject(packet: TcpPacket | IcmpPacket, nowNs: number): void {
    this.advance(nowNs);
    if (packet.kind === "icmp") {
      const flow = this.#table.flows.find(packet.localPort, packet.remotePort);
      if (flow !== undefined) this.#icmpArrives(flow, packet, nowNs);
    } else {
      const ecn = CODEPOINTS[packet.tos & 3] ?? "not-ECT";
      this.#arrives({ ...packet.segment, ecn }, nowNs);
    }
    this.#drain();
  }

  takeSent(): SentPacket | null {
    return this.#sent.shift() ?? null;
  }

  call(call: SystemCall, nowNs: number): CallResult | null {
    this.advance(nowNs);
    const begun = beginCall(call, this.#table, nowNs);
    if ("errno" in begun) {
      this.#drain();
      return begun;
    }
    this.#blocked = begun;
    this.#finished = null;
    this.#drain();
    const finished = this.finished();
    return finished?.result ?? null;
  }

  finished(): { readonly result: CallResult; readonly atNs: number } | null {
    const finished = this.#finished;
    this.#finished = null;
    return finished;
  }

  info(handle: number): ReadonlyMap<string, PyValue> {
    const socket = this.#table.find(handle);
    const role = socket?.role;
    if (socket !== undefined && role?.kind === "stream") {
      const status = role.endpoint.status();
      socket.watch?.onTime(status, this.#nowNs);
      return new Map([
        ...infoOf(status, this.profile, this.#table.personality),
        ...(socket.watch?.info(status, this.#nowNs) ?? []),
        ...memoryInfo(role.endpoint.options),
      ]);
    }
    const state = role?.kind === "listener" ? "LISTEN" : "CLOSED";
    return new Map(stateInfo(state, this.#table.personality));
  }

  command(text: string, nowNs: number): string | null {
    this.advance(nowNs);
    for (const command of readCommands(text)) {
      const why = this.#run(command);
      if (why !== null) return why;
    }
    return null;
  }

  localPort(handle: number): number {
    return this.#table.find(handle)?.localPort ?? 0;
  }

  #run(command: ShellCommand): string | null {
    switch (command.kind) {
      case "set":
        this.#table.setProfile(withSetting(this.profile, command.key, command.value));
        if (command.key === KEEPINIT)
          this.#table.socketDefaults.set("TCP_KEEPINIT", Number(command.value) / 1000);
        return null;
      case "drop":
        for (const flow of this.#table.flows.all())
          if (flow.endpoint.state === command.state) this.#table.flows.delete(flow);
        return null;
      case "route":
        this.#table.route = command.route;
        return null;
      case "check":
        return "a check of what our stack does not have";
      case "count": {
        const count = this.#count(command.state, command.held);
        const isRight = command.count === null ? count > 0 : count === command.count;
        return isRight ? null : `${count} in ${command.state}`;
      }
    }
  }

  #count(state: string, held: boolean): number {
    const flows = this.#table.flows.all().filter(({ endpoint }) => endpoint.state === state);
    if (!held) return flows.length;
    return this.#table.all().filter(({ role }) => {
      if (role.kind === "stream") return role.endpoint.state === state;
      return state === (role.kind === "listener" ? "LISTEN" : "CLOSED");
    }).length;
  }

  #icmpArrives(flow: Flow, packet: IcmpPacket, nowNs: number): void {
    flow.icmpErrno = this.#table.personality.namesIcmp ? linuxErrnoOf(packet) : null;
    flow.endpoint.onIcmp(icmpErrorOf(packet), nowNs);
    this.#table.takeEvents(flow, nowNs);
    flow.icmpErrno = null;
  }

  #arrives(segment: TcpSegment, nowNs: number): void {
    const flow = this.#table.flows.find(segment.dstPort, segment.srcPort);
    if (flow === undefined) return this.#arrivesForNobody(segment, nowNs);
    const isReopened =
      flow.endpoint.yieldsTo(segment) && this.#table.listenerOf(segment.dstPort) !== undefined;
    if (!isReopened) {
      const before = flow.endpoint.status();
      flow.watch.onTime(before, nowNs);
      flow.endpoint.onSegment(segment, nowNs);
      flow.watch.onArrived(segment, before, flow.endpoint.status(), nowNs);
      if (segment.ack !== null) flow.socket?.onAck(nowNs);
      return;
    }
    this.#table.flows.delete(flow);
    this.#arrivesForNobody(segment, nowNs);
  }

  #arrivesForNobody(segment: TcpSegment, nowNs: number): void {
    const socket = this.#table.listenerOf(segment.dstPort);
    if (socket?.role.kind !== "listener") {
      const reply = replyToClosed(segment);
      if (reply !== null) this.#send(reply, this.#table.ipOf(segment.dstPort));
      return;
    }
    const init = this.#table.initFor(socket, segment.srcPort, mssOf(segment));
    const answer = socket.role.listener.onSegment(segment, init, nowNs);
    if (answer === null) return;
    if ("reply" in answer) return this.#send(answer.reply, socket.ip);
    const { endpoint } = answer;
    this.#table.flows.add(newFlow(endpoint, socket, nowNs));
  }

  /** Lets everything out that leaves now. */
  #drain(): void {
    let polls = 0;
    let isBusy = true;
    while (isBusy) {
      isBusy = false;
      for (const flow of this.#table.flows.all()) if (this.#drainFlow(flow)) isBusy = true;
      if (this.#blocked !== null && this.#tryBlocked(this.#blocked)) isBusy = true;
      if (++polls > MAX_POLLS) throw new Error(`Cannot go on at ${this.#nowNs} ns: always busy`);
    }
  }

  #drainFlow(flow: Flow): boolean {
    let count = 0;
    if (this.#nowNs > flow.watch.sinceNs) flow.watch.onTime(flow.endpoint.status(), this.#nowNs);
    if (flow.isActive && this.#table.personality.roundsReceiveBuffer)
      roundReceiveBuffer(flow.endpoint, this.#nowNs);
    for (;;) {
      const segment = flow.endpoint.poll(this.#nowNs);
      if (segment === null) break;
      this.#send(segment, flow.ip());
      flow.watch.onSent(segment, this.#nowNs);
      if (++count > MAX_POLLS) throw new Error(`Cannot go on at ${this.#nowNs} ns: always sending`);
    }
    this.#table.takeEvents(flow, this.#nowNs);
    if (flow.endpoint.state === "CLOSED") this.#table.flows.delete(flow);
    return count > 0;
  }

  #tryBlocked(blocked: Blocked): boolean {
    const result = blocked.attempt(this.#nowNs);
    if (result === null) return false;
    this.#blocked = null;
    this.#finished = { result, atNs: this.#nowNs };
    return true;
  }

  /** Over the wire's form, so that what is compared is what would be sent. */
  #send(segment: TcpSegment, ip: IpChoice): void {
    const bytes = new DataView(new ArrayBuffer(tcpLen(segment)));
    emitTcp(segment, bytes);
    const repr: TcpRepr = parseTcp(bytes);
    const tos = (ip.tos & ~3) | CODEPOINTS.indexOf(segment.ecn);
    this.#sent.push({ kind: "tcp", tos, ttl: ip.ttl, segment: repr, atNs: this.#nowNs });
  }
}

/** Makes the receive buffer a multiple of the MSS as soon as that is known. */
function roundReceiveBuffer(endpoint: TcpEndpoint, nowNs: number): void {
  const { state, sndMss, timestamps } = endpoint.status();
  if (state === "SYN-SENT" || state === "CLOSED") return;
  const mss = sndMss + (timestamps ? TIMESTAMPS_LEN : 0);
  const receiveBuffer = roundUp(endpoint.options.receiveBuffer, mss);
  if (receiveBuffer !== endpoint.options.receiveBuffer)
    endpoint.setOptions({ receiveBuffer }, nowNs);
}

/** The MSS that a SYN tells; `null`: none. */
function mssOf(segment: TcpSegment): number | null {
  const option = segment.options.find(({ kind }) => kind === "mss");
  return option?.kind === "mss" ? option.mss : null;
}
