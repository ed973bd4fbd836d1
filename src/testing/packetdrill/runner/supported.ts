/**
 * What a script may ask of sockets that this runner does not have: it is refused by its name, so that a script never
 * passes because nobody looked.
 *
 * @module
 */
import type { CallSpec, Expr } from "../language/script.ts";
import { ArgumentError, namesOf, optionalNumberOf } from "./arguments.ts";

/** Calls of the language that are not built. */
const MISSING_CALLS: ReadonlySet<string> = new Set(
  (
    "open pipe splice sendfile mmap munmap epoll_create epoll_ctl epoll_wait cap_set getsockname getpeername " +
    "sctp_sendmsg sctp_recvmsg sctp_sendv sctp_recvv sctp_bindx sctp_connectx sctp_peeloff sctp_send sctp_sendx"
  ).split(" "),
);

/** Calls of the language that are. */
const CALLS: ReadonlySet<string> = new Set(
  (
    "socket bind listen accept accept4 connect read recv recvfrom recvmsg readv write send sendto sendmsg writev " +
    "shutdown close fcntl ioctl poll setsockopt getsockopt"
  ).split(" "),
);

/** Flags of calls that move bytes, of descriptors, and events of poll that mean what they say here, or nothing. */
const FLAGS: ReadonlySet<string> = new Set(
  (
    "MSG_PEEK MSG_DONTWAIT MSG_WAITALL MSG_MORE MSG_OOB MSG_NOSIGNAL MSG_EOR MSG_TRUNC MSG_CTRUNC MSG_ERRQUEUE " +
    "MSG_FASTOPEN MSG_DONTROUTE MSG_CONFIRM MSG_CMSG_CLOEXEC MSG_NBIO " +
    "O_RDWR O_RDONLY O_WRONLY O_NONBLOCK O_NDELAY O_CLOEXEC O_APPEND FD_CLOEXEC " +
    "SOCK_STREAM SOCK_NONBLOCK SOCK_CLOEXEC " +
    "POLLIN POLLOUT POLLERR POLLHUP POLLRDHUP POLLNVAL POLLRDNORM POLLWRNORM"
  ).split(" "),
);
const FLAG = /^(?:MSG_|O_|FD_|SOCK_|POLL)[A-Z]/;

/** Sockets that are not TCP's. */
const MISSING_SOCKETS: ReadonlySet<string> = new Set(
  (
    "SOCK_DGRAM SOCK_RAW SOCK_SEQPACKET IPPROTO_UDP IPPROTO_UDPLITE IPPROTO_SCTP IPPROTO_MPTCP IPPROTO_ICMP " +
    "IPPROTO_ICMPV6 AF_UNIX AF_PACKET AF_NETLINK"
  ).split(" "),
);

/** Options that are obeyed. */
const OBEYED = (
  "TCP_NODELAY TCP_CORK TCP_NOPUSH TCP_QUICKACK TCP_MAXSEG TCP_USER_TIMEOUT TCP_LINGER2 TCP_KEEPIDLE " +
  "TCP_KEEPINTVL TCP_KEEPCNT TCP_RTO_MAX_MS TCP_RTO_MIN_US TCP_SYNCNT TCP_NOOPT TCP_INQ TCP_CM_INQ SO_LINGER SO_RCVBUF SO_SNDBUF SO_RCVBUFFORCE " +
  "SO_SNDBUFFORCE SO_KEEPALIVE SO_RCVTIMEO SO_SNDTIMEO IP_TOS IP_TTL IPV6_TCLASS IPV6_UNICAST_HOPS"
).split(" ");

/** Options without which TCP does the same: kept, and given back. */
const KEPT = (
  "SO_REUSEADDR SO_REUSEPORT SO_BROADCAST SO_DEBUG SO_DONTROUTE SO_OOBINLINE SO_PRIORITY SO_MARK SO_BINDTODEVICE " +
  "SO_TIMESTAMP SO_TIMESTAMPNS SO_BINTIME SO_NO_CHECK SO_PASSCRED SO_PASSSEC SO_BSDCOMPAT SO_USELOOPBACK SO_RXQ_OVFL " +
  "SO_REUSEPORT_LB SO_USER_COOKIE SO_PREFER_BUSY_POLL SO_NOSIGPIPE SO_INCOMING_CPU SO_SETFIB SO_ZEROCOPY SO_TIMESTAMPING IP_MTU_DISCOVER " +
  "IP_PKTINFO IP_RECVOPTS IP_RECVRETOPTS IP_RECVDSTADDR IP_RECVIF IP_PORTRANGE IP_BINDANY IPV6_RECVPKTINFO " +
  "IPV6_PORTRANGE IPV6_BINDANY IP_DONTFRAG IP_FREEBIND IP_TRANSPARENT IP_RECVERR IP_RECVTOS IP_RECVTTL IP_BIND_ADDRESS_NO_PORT IP_LOCAL_PORT_RANGE " +
  "IPV6_V6ONLY IPV6_MTU_DISCOVER IPV6_DONTFRAG IPV6_RECVERR IPV6_RECVTCLASS IPV6_RECVHOPLIMIT IPV6_AUTOFLOWLABEL " +
  "TCP_KEEPINIT TCP_FUNCTION_BLK TCP_WINDOW_CLAMP TCP_NOTSENT_LOWAT TCP_CONGESTION TCP_SAVE_SYN TCP_REUSPORT_LB_NUMA " +
  "TCP_FASTOPEN TCP_FASTOPEN_CONNECT TCP_FASTOPEN_NO_COOKIE TCP_FASTOPEN_KEY TCP_DEFER_ACCEPT TCP_MD5SIG TCP_THIN_DUPACK " +
  "TCP_THIN_LINEAR_TIMEOUTS TCP_LOG SO_RCVLOWAT SO_SNDLOWAT SO_MAX_PACING_RATE SO_BUSY_POLL SO_TXREHASH"
).split(" ");

/** Only read. */
const READABLE = "SO_ERROR SO_TYPE SO_ACCEPTCONN SO_DOMAIN SO_PROTOCOL".split(" ");

/** Options that change what leaves, or what calls give: off is as good as not set. */
const MISSING_OPTIONS: ReadonlySet<string> = new Set(
  (
    "SO_ZEROCOPY SO_TIMESTAMPING TCP_WINDOW_CLAMP TCP_NOTSENT_LOWAT SO_RCVLOWAT SO_SNDLOWAT SO_MAX_PACING_RATE " +
    "TCP_THIN_DUPACK TCP_THIN_LINEAR_TIMEOUTS"
  ).split(" "),
);

const KNOWN: ReadonlySet<string> = new Set([...OBEYED, ...KEPT, ...READABLE]);
const CONGESTION_CONTROLS: ReadonlySet<string> = new Set(["reno", "newreno", "cubic"]);

function missing(what: string): ArgumentError {
  return new ArgumentError("what this runner has", `${what}, which is not built`);
}

/** @throws {ArgumentError} when `call` asks for what is not built. */
export function checkSupported({ name, args, errno }: CallSpec): void {
  if (MISSING_CALLS.has(name) || !CALLS.has(name)) throw missing(name);
  if (name === "socket") checkSocket(args);
  if (name === "getsockopt") checkGet(args);
  // An option that has to be refused, because of its value or because nobody knows it, is looked at by the socket.
  if (name === "setsockopt" && errno === null) checkSet(args);
  if (name === "sendmsg" || name === "recvmsg") checkMessage(name, args[1]);
  for (const arg of args) checkFlags(arg, errno !== null);
  if (name.startsWith("recv") && args.some((arg) => namesOf(arg).has("MSG_OOB")) && errno === null)
    throw missing("MSG_OOB of a call that reads");
}

function checkSocket(args: readonly Expr[]): void {
  for (const arg of args)
    for (const word of namesOf(arg)) if (MISSING_SOCKETS.has(word)) throw missing(word);
}

function checkKnown(option: Expr | undefined): void {
  if (option?.kind === "name" && !KNOWN.has(option.name)) throw missing(option.name);
}

function checkGet([, , option, value]: readonly Expr[]): void {
  checkKnown(option);
  if (option?.kind === "name" && value?.kind === "struct" && option.name !== "SO_LINGER")
    throw missing(`the structure of ${option.name}`);
}

/** Control messages but for what TCP_INQ tells. */
function checkMessage(call: string, message: Expr | undefined): void {
  if (message?.kind !== "struct") return;
  const control = message.members.find(({ name }) => name === "msg_control")?.value;
  if (control?.kind !== "list" || control.items.length === 0) return;
  const [first, ...others] = control.items.map(typeOfMessage);
  if (call !== "recvmsg" || first !== "TCP_CM_INQ" || others.length > 0)
    throw missing(`a control message ${first ?? ""}`);
}

function typeOfMessage(message: Expr): string {
  if (message.kind !== "struct") return "";
  const type = message.members.find(({ name }) => name === "cmsg_type")?.value;
  return [...namesOf(type)].join("|");
}

function checkSet(args: readonly Expr[]): void {
  const [, , option, value] = args;
  checkKnown(option);
  if (option?.kind !== "name") return;
  const inner = value?.kind === "list" ? value.items[0] : value;
  if (inner?.kind === "struct" && option.name.startsWith("TCP_"))
    return checkFunctions(option.name, inner);
  if (MISSING_OPTIONS.has(option.name) && optionalNumberOf(value) !== 0) throw missing(option.name);
  if (option.name !== "TCP_CONGESTION" || inner?.kind !== "string") return;
  if (!CONGESTION_CONTROLS.has(inner.value)) throw missing(`congestion control "${inner.value}"`);
}

/** FreeBSD's TCP by name: its own, or another. */
function checkFunctions(option: string, value: Expr & { kind: "struct" }): void {
  const name = value.members.find((member) => member.name === "function_set_name")?.value;
  if (option !== "TCP_FUNCTION_BLK" || name?.kind !== "string" || name.value !== "freebsd")
    throw missing(option);
}

/** `mayFail`: the script has the call refused. */
function checkFlags(arg: Expr, mayFail: boolean): void {
  if (arg.kind === "list") for (const item of arg.items) checkFlags(item, mayFail);
  if (arg.kind === "struct") for (const { value } of arg.members) checkFlags(value, mayFail);
  for (const word of namesOf(arg))
    if (word === "MSG_ZEROCOPY" || (FLAG.test(word) && !FLAGS.has(word) && !mayFail))
      throw missing(word);
}
