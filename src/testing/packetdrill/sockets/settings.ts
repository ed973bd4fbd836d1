/**
 * What a script sets of the whole stack: a profile, changed by its options and commands.
 *
 * @module
 */
import type { Profile } from "../../../stack/tcp/profile.ts";
import type { KeepAliveOptions } from "../../../stack/types.ts";
import type { Personality } from "./personality.ts";

/** Of the stack that a script runs against. */
export interface Settings {
  readonly profile: Profile;
  readonly personality: Personality;
  readonly mtu: number;
  /** 20 or 40. */
  readonly ipHeaderLen: number;
}

const MS = 1e6;
const SECOND = 1e9;

type Change = (profile: Profile, value: string) => Partial<Profile>;

const isOn = (value: string): boolean => Number(value) !== 0;
const keepAlive = (profile: Profile, change: Partial<KeepAliveOptions>): Partial<Profile> => ({
  keepAlive: { ...profile.keepAlive, ...change },
});
const third = (value: string): number => Number(value.trim().split(/\s+/)[2]);
const second = (value: string): number => Number(value.trim().split(/\s+/)[1]);

/** Others than ours leave things as they are. */
function congestionOf({ congestion }: Profile, name: string): Partial<Profile> {
  const known = name === "newreno" ? "reno" : name;
  return { congestion: known === "reno" || known === "cubic" ? known : congestion };
}

/** What each key changes; others change nothing here. */
const CHANGES: Readonly<Record<string, Change>> = {
  // Linux.
  "net.ipv4.tcp_timestamps": (_, v) => ({ timestamps: isOn(v) }),
  "net.ipv4.tcp_sack": (_, v) => ({ sack: isOn(v) }),
  "net.ipv4.tcp_window_scaling": (_, v) => ({ windowScaling: isOn(v) }),
  // From 3 on with accurate ECN, which is not built: what these ask of the one of RFC 3168.
  "net.ipv4.tcp_ecn": (_, v) => ({
    ecn: (["off", "on", "accept", "accept", "on", "accept"] as const)[Number(v)] ?? "off",
  }),
  "net.ipv4.tcp_slow_start_after_idle": (_, v) => ({ idleRestart: isOn(v) }),
  "net.ipv4.tcp_invalid_ratelimit": (_, v) => ({
    challengeAcks: { count: 1, periodNs: Number(v) * MS },
  }),
  "net.ipv4.tcp_syn_retries": (_, v) => ({ synRetries: Number(v) }),
  "net.ipv4.tcp_synack_retries": (_, v) => ({ synAckRetries: Number(v) }),
  "net.ipv4.tcp_retries2": (_, v) => ({ dataRetries: Number(v) }),
  "net.ipv4.tcp_rto_max_ms": (_, v) => ({ rtoMaxNs: Number(v) * MS }),
  "net.ipv4.tcp_rto_min_us": (_, v) => ({ rtoMinNs: Number(v) * 1000 }),
  "net.ipv4.tcp_rmem": (_, v) => ({ receiveBuffer: second(v), receiveBufferMax: third(v) }),
  "net.ipv4.tcp_wmem": (_, v) => ({ sendBuffer: second(v) }),
  "net.ipv4.tcp_congestion_control": congestionOf,
  "net.ipv4.tcp_reordering": (_, v) => ({ dupThresh: Number(v) }),
  "net.ipv4.tcp_fin_timeout": (_, v) => ({ finWait2Ns: Number(v) * SECOND }),
  "net.ipv4.tcp_ecn_fallback": (_, v) => ({ ecnSyns: isOn(v) ? 1 : Infinity }),
  "net.ipv4.tcp_keepalive_time": (p, v) => keepAlive(p, { idleNs: Number(v) * SECOND }),
  "net.ipv4.tcp_keepalive_intvl": (p, v) => keepAlive(p, { intervalNs: Number(v) * SECOND }),
  "net.ipv4.tcp_keepalive_probes": (p, v) => keepAlive(p, { count: Number(v) }),
  "net.ipv4.tcp_min_snd_mss": (_, v) => ({ minMss: Number(v) }),
  // FreeBSD.
  "net.inet.tcp.tolerate_missing_ts": (_, v) => ({
    missingTimestamps: isOn(v) ? "accept" : "drop",
  }),
  "net.inet.tcp.cc.algorithm": congestionOf,
  "net.inet.tcp.rexmit_min": (_, v) => ({ rtoMinNs: Number(v) * MS }),
  "net.inet.tcp.retries": (_, v) => ({ dataRetries: Number(v) }),
  "net.inet.tcp.msl": (_, v) => ({ mslNs: Number(v) * MS }),
  "net.inet.tcp.finwait2_timeout": (_, v) => ({ finWait2Ns: Number(v) * MS }),
  "net.inet.tcp.initcwnd_segments": (_, v) => ({ initialWindow: Number(v) }),
  "net.inet.tcp.minmss": (_, v) => ({ minMss: Number(v) }),
  "net.inet.tcp.keepintvl": (p, v) => keepAlive(p, { intervalNs: Number(v) * MS }),
  "net.inet.tcp.rfc1323": (_, v) => ({ timestamps: isOn(v), windowScaling: isOn(v) }),
  "net.inet.tcp.sack.enable": (_, v) => ({ sack: isOn(v) }),
  "net.inet.tcp.ecn.enable": (_, v) => ({
    ecn: (["off", "on", "accept"] as const)[Number(v)] ?? "off",
  }),
  "net.inet.tcp.recvspace": (_, v) => ({ receiveBuffer: Number(v) }),
  "net.inet.tcp.sendspace": (_, v) => ({ sendBuffer: Number(v) }),
  "kern.ipc.maxsockbuf": (_, v) => ({ receiveBufferMax: Number(v) }),
  "net.inet.tcp.delacktime": (_, v) => ({ delayedAckNs: Number(v) * MS }),
  "net.inet.tcp.delayed_ack": (_, v) => (isOn(v) ? {} : { delayedAckNs: 0 }),
  "net.inet.tcp.rexmit_initial": (_, v) => ({ rtoInitialNs: Number(v) * MS }),
  "net.inet.tcp.rexmit_slop": (_, v) => ({ synSlopNs: Number(v) * MS }),
  "net.inet.tcp.rexmit_drop_options": (_, v) => ({ optionSyns: isOn(v) ? 3 : Infinity }),
  "net.inet.tcp.ecn.maxretries": (_, v) => ({ ecnSyns: Number(v) + 1 }),
  // Two switches of one protection: what one has turned off the other does not turn on.
  "net.inet.tcp.insecure_rst": (_, v) => (isOn(v) ? { blindProtection: false } : {}),
  "net.inet.tcp.insecure_syn": (_, v) => (isOn(v) ? { blindProtection: false } : {}),
  "net.inet.tcp.drop_synfin": (_, v) => ({ dropSynFin: isOn(v) }),
  "net.inet.tcp.keepcnt": (p, v) => keepAlive(p, { count: Number(v) }),
  "net.inet.tcp.keepidle": (p, v) => keepAlive(p, { idleNs: Number(v) * MS }),
};

/** The profile after `key` was set to `value`. */
export function withSetting(profile: Profile, key: string, value: string): Profile {
  const change = CHANGES[key];
  return change === undefined ? profile : { ...profile, ...change(profile, value) };
}
