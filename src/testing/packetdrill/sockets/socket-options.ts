/**
 * setsockopt and getsockopt.
 *
 * @module
 */
import type { Profile } from "../../../stack/tcp/profile.ts";
import type { KeepAliveOptions, SocketOptions } from "../../../stack/types.ts";
import type { CallResult } from "../runner/stack-under-test.ts";
import type { OptionValue, SystemCall } from "../runner/system-call.ts";
import { failed, succeeded } from "./errno.ts";
import type { Personality } from "./personality.ts";
import { NO_LINGER, type Socket } from "./socket.ts";

const SECOND = 1e9;
const MS = 1e6;
/** What SO_TYPE gives. */
const SOCK_STREAM = 1;
/** What SO_DOMAIN and SO_PROTOCOL give. */
const AF_INET = 2;
const IPPROTO_TCP = 6;

/** Of TCP_MAXSEG on a socket without a peer: the least that everybody takes (RFC 9293 §3.7.1). */
const DEFAULT_MSS = 536;

/** Options that this stack does not have: a script that needs one cannot be run. */
const MISSING: ReadonlySet<string> = new Set([
  "TCP_FASTOPEN",
  "TCP_FASTOPEN_CONNECT",
  "TCP_DEFER_ACCEPT",
  "TCP_MD5SIG",
]);

/** Options that a connection has from its beginning, and that are not built for one that stands. */
const BEFORE: ReadonlySet<string> = new Set(["TCP_RTO_MAX_MS", "TCP_RTO_MIN_US"]);

/** What sockets live on. */
interface Host {
  readonly profile: Profile;
  readonly personality: Personality;
}

/** Sets an option; one that is not known does nothing. */
export function setSocketOption(
  socket: Socket,
  { option, value, len }: SystemCall & { readonly name: "set-option" },
  host: Host,
  nowNs: number,
): CallResult {
  const number = typeof value === "number" ? value : 0;
  if (BEFORE.has(option) && socket.role.kind === "stream") return failed("ENOPROTOOPT");
  if (!isInRange(option, value, len, host.personality)) return failed("EINVAL");
  if (MISSING.has(option) && number !== 0) return failed("ENOPROTOOPT");
  if (option === "TCP_CONGESTION") {
    const refused = whyNotCongestion(socket, value);
    if (refused !== null) return failed(refused);
  }
  if (typeof value !== "object") socket.values.set(option, value);
  if (option === "IP_TOS" || option === "IPV6_TCLASS") socket.ip = { ...socket.ip, tos: number };
  if (option === "IP_TTL" || option === "IPV6_UNICAST_HOPS")
    socket.ip = { ...socket.ip, ttl: number };
  if (typeof value === "object") setWait(socket, option, value);
  const change = changeOf(socket, option, value, host);
  if (change === null) return succeeded();
  socket.options = { ...socket.options, ...change };
  if (socket.role.kind === "stream") socket.role.endpoint.setOptions(change, nowNs);
  if (option === "TCP_NODELAY" && number !== 0 && host.personality.noDelayFlushes)
    socket.flush(nowNs);
  return succeeded();
}

/** Bytes of an int: an option of sockets or of TCP that is one may have no fewer. */
const INT_LEN = 4;
/** Values that Linux takes, least and most. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  TCP_KEEPIDLE: [1, 32_767],
  TCP_KEEPINTVL: [1, 32_767],
  TCP_KEEPCNT: [1, 127],
  TCP_SYNCNT: [1, 255],
  TCP_USER_TIMEOUT: [0, 0x7fff_ffff],
  TCP_RTO_MAX_MS: [1000, 120_000],
  IP_TTL: [-1, 255],
  IPV6_UNICAST_HOPS: [-1, 255],
  IPV6_TCLASS: [-1, 255],
};

/** Whether the value of an option, and its length, are what it may have. */
function isInRange(
  option: string,
  value: OptionValue,
  len: number | null,
  { boundsOptions }: Personality,
): boolean {
  if (typeof value !== "number") return true;
  if (len !== null && len < INT_LEN && /^(?:SO|TCP)_/.test(option)) return false;
  if (!boundsOptions) return true;
  const [least, most] = RANGES[option] ?? [-Infinity, Infinity];
  return value >= least && value <= most;
}

/** A congestion control is chosen by its name, and before there is a connection. */
function whyNotCongestion({ role }: Socket, value: OptionValue): string | null {
  const name = value === "newreno" ? "reno" : value;
  if (name !== "reno" && name !== "cubic") return "ENOENT";
  return role.kind === "stream" && role.endpoint.status().congestion !== name ? "EISCONN" : null;
}

/** No time at all means no limit. */
function setWait(socket: Socket, option: string, value: ReadonlyMap<string, number>): void {
  const ns = (value.get("tv_sec") ?? 0) * SECOND + (value.get("tv_usec") ?? 0) * 1000 || Infinity;
  if (option === "SO_RCVTIMEO") socket.waitNs = { ...socket.waitNs, read: ns };
  if (option === "SO_SNDTIMEO") socket.waitNs = { ...socket.waitNs, write: ns };
}

function changeOf(
  socket: Socket,
  option: string,
  value: OptionValue,
  { profile, personality }: Host,
): Partial<SocketOptions> | null {
  if (typeof value === "object") {
    if (option !== "SO_LINGER") return null;
    socket.linger = new Map([...NO_LINGER, ...value]);
    const isReset = value.get("onoff") === 1 && value.get("linger") === 0;
    return { linger: isReset ? 0 : null };
  }
  const number = Number(value);
  const buffer = personality.bufferFactor * number;
  switch (option) {
    case "TCP_NODELAY":
      return { noDelay: number !== 0 };
    case "TCP_CORK":
    case "TCP_NOPUSH":
      return { cork: number !== 0 };
    case "TCP_QUICKACK":
      return { quickAck: number !== 0 };
    case "TCP_MAXSEG":
      return { maxSegment: number };
    case "TCP_USER_TIMEOUT":
      return { userTimeoutNs: number === 0 ? null : number * MS };
    case "TCP_LINGER2":
      return { finWait2Ns: number * SECOND };
    case "SO_RCVBUF":
    case "SO_RCVBUFFORCE":
      return { receiveBuffer: buffer };
    case "SO_SNDBUF":
    case "SO_SNDBUFFORCE":
      return { sendBuffer: buffer };
    case "SO_KEEPALIVE":
    case "TCP_KEEPIDLE":
    case "TCP_KEEPINTVL":
    case "TCP_KEEPCNT":
      return { keepAlive: keepAliveOf(socket, profile) };
    default:
      return null;
  }
}

function keepAliveOf(socket: Socket, profile: Profile): KeepAliveOptions | null {
  const set = (option: string, unit: number): number | null => {
    const value = socket.values.get(option);
    return typeof value === "number" ? value * unit : null;
  };
  if ((set("SO_KEEPALIVE", 1) ?? 0) === 0) return null;
  return {
    idleNs: set("TCP_KEEPIDLE", SECOND) ?? profile.keepAlive.idleNs,
    intervalNs: set("TCP_KEEPINTVL", SECOND) ?? profile.keepAlive.intervalNs,
    count: set("TCP_KEEPCNT", 1) ?? profile.keepAlive.count,
  };
}

/** Where the value of an option that was not set comes from. */
interface Defaults {
  readonly profile: Profile;
  readonly personality: Personality;
  readonly socketDefaults: ReadonlyMap<string, number>;
}

/** The value of an option. */
export function getSocketOption(
  socket: Socket,
  option: string,
  { profile, personality, socketDefaults }: Defaults,
): CallResult {
  switch (option) {
    case "SO_ERROR":
      return succeeded(0, socket.takeError() ?? 0);
    case "SO_RCVBUF":
      return succeeded(0, currentOptions(socket).receiveBuffer ?? profile.receiveBuffer);
    case "SO_SNDBUF":
      return succeeded(0, currentOptions(socket).sendBuffer ?? profile.sendBuffer);
    case "TCP_MAXSEG":
      return succeeded(0, maxSegment(socket, personality));
    case "TCP_KEEPCNT":
      return succeeded(0, socket.values.get(option) ?? profile.keepAlive.count);
    case "TCP_KEEPIDLE":
      return succeeded(0, socket.values.get(option) ?? profile.keepAlive.idleNs / SECOND);
    case "TCP_KEEPINTVL":
      return succeeded(0, socket.values.get(option) ?? profile.keepAlive.intervalNs / SECOND);
    case "TCP_SYNCNT":
      return succeeded(0, socket.values.get(option) ?? profile.synRetries);
    case "TCP_LINGER2":
      return succeeded(0, socket.values.get(option) ?? profile.finWait2Ns / SECOND);
    case "IP_TTL":
    case "IPV6_UNICAST_HOPS":
      return succeeded(0, socket.ip.ttl);
    case "SO_LINGER":
      return succeeded(0, socket.linger);
    case "SO_DOMAIN":
      return succeeded(0, AF_INET);
    case "SO_PROTOCOL":
      return succeeded(0, IPPROTO_TCP);
    case "SO_TYPE":
      return succeeded(0, SOCK_STREAM);
    case "SO_ACCEPTCONN":
      return succeeded(0, socket.role.kind === "listener" ? 1 : 0);
    case "TCP_CONGESTION":
      return succeeded(0, socket.values.get(option) ?? profile.congestion);
    default:
      return succeeded(0, socket.values.get(option) ?? socketDefaults.get(option) ?? 0);
  }
}

function currentOptions(socket: Socket): Partial<SocketOptions> {
  return socket.role.kind === "stream" ? socket.role.endpoint.options : socket.options;
}

function maxSegment(socket: Socket, { tellsOwnMss }: Personality): number {
  if (socket.role.kind !== "stream")
    return (tellsOwnMss ? socket.options.maxSegment : null) ?? DEFAULT_MSS;
  const { state, sndMss } = socket.role.endpoint.status();
  return state === "CLOSED" ? DEFAULT_MSS : sndMss;
}
