/**
 * What a script is run in: a profile of the stack, an MTU, tolerances, from its options, from its
 * commands and from what its text tells of the suite it belongs to.
 *
 * @module
 */
import { freebsd, generic, linux, type Profile } from "../../stack/tcp/profile.ts";
import { DEFINES, type IpVersion } from "./defines.ts";
import type { Script } from "./language/script.ts";
import type { RunOptions } from "./runner/run-script.ts";
import type { Settings } from "./sockets/settings.ts";

/** The stacks that scripts are written for. */
export type ProfileName = "linux" | "freebsd" | "generic";

/** Everything beside the script. */
export interface Environment {
  readonly settings: Settings;
  readonly run: RunOptions;
}

/** What the caller may choose; what is missing is found out. */
export interface Choice {
  readonly profile?: ProfileName;
  /** Compare PSH too. */
  readonly strictPush?: boolean;
  /** `--name=value`, as if they stood in the script, which goes first. */
  readonly options?: ReadonlyMap<string, string | null>;
  /** `-D NAME=VALUE`. */
  readonly defines?: ReadonlyMap<string, string>;
}

/** A script as it was found. */
export interface Source {
  readonly text: string;
  readonly path: string;
}

const PROFILES: Readonly<Record<ProfileName, Profile>> = { linux, freebsd, generic };

/** `--tolerance_usecs` unless told. */
const TOLERANCE_US = 4000;
/** `--tolerance_percent` of Google's dialect; nplab's has none. */
const TOLERANCE_RATIO = 0.125;
const MTU = 1500;
/** Linux's runner makes the MSS of IPv6 that of IPv4. */
const LINUX_IPV6_MTU = 1520;
/** What Linux had without its suite's settings when the older scripts were written: shift 6. */
const OLD_LINUX_BUFFER_MAX = 65_535 << 6;
/** What FreeBSD had without its suite's settings. */
const OLD_FREEBSD_DELAY_NS = 100e6;

function ipVersionOf(text: string, choice: Choice): IpVersion {
  if (/^--ip_version=/m.test(text)) return /^--ip_version=ipv6/m.test(text) ? "ipv6" : "ipv4";
  return choice.options?.get("ip_version") === "ipv6" ? "ipv6" : "ipv4";
}

/** Words defined while the script is read. */
export function definesOf(text: string, choice: Choice): ReadonlyMap<string, string> {
  return new Map([...DEFINES[ipVersionOf(text, choice)], ...(choice.defines ?? [])]);
}

/** The stack that a script is written for: by its commands, its options' layout, its suite's name. */
export function profileNameOf(text: string, path: string): ProfileName {
  if (/net\.inet\d?\.|kern\.ipc|sockstat|tcpdrop|IPPROTO_TCP, TCP_(?:KEEPINIT|NOOPT)/.test(text))
    return "freebsd";
  if (/net[./]ipv4|defaults\.sh|set_sysctls|SOL_TCP/.test(text)) return "linux";
  const syns = text.match(/> *(?:\[\w+\] *)?S\S* .*<[^>.]*>/g) ?? [];
  if (syns.some((line) => /,eol|nop,wscale \d+,sackOK/.test(line))) return "freebsd";
  return /bsd|TCP-IP-Regression/i.test(path) ? "freebsd" : "linux";
}

/** Reads the options of `script`, which was read from `source`. */
export function environmentOf(script: Script, source: Source, choice: Choice): Environment {
  const { text, path } = source;
  const name = choice.profile ?? profileNameOf(text, path);
  const options = new Map([
    ...(choice.options ?? []),
    ...script.options.map((option): [string, string | null] => [option.name, option.value]),
  ]);
  const number = (option: string, fallback: number): number =>
    Number(options.get(option) ?? fallback);
  const isIpv6 = ipVersionOf(text, choice) === "ipv6";
  const mtu = number("mtu", isIpv6 && name === "linux" ? LINUX_IPV6_MTU : MTU);
  const ratio = name === "freebsd" ? 0 : TOLERANCE_RATIO;
  const toleranceNs = number("tolerance_usecs", TOLERANCE_US) * 1000;
  const tickUs = number("tcp_ts_tick_usecs", 0);
  return {
    settings: { profile: startOf(name, text), mtu, ipHeaderLen: isIpv6 ? 40 : 20 },
    run: {
      tolerance: {
        ns: toleranceNs,
        ratio: options.has("tolerance_percent") ? number("tolerance_percent", 0) / 100 : ratio,
      },
      match: {
        push: choice.strictPush === true ? "compare" : "ignore",
        synOptionsAsSet: name === "generic",
        timestampSlack: tickUs === 0 ? null : Math.ceil(toleranceNs / 1000 / tickUs),
      },
      strictSegments: options.has("strict_segments") || name === "freebsd",
    },
  };
}

/** The profile as the suite's own settings leave it. */
function startOf(name: ProfileName, text: string): Profile {
  const profile = PROFILES[name];
  if (name === "freebsd" && !text.includes("net.inet."))
    return { ...profile, delayedAckNs: OLD_FREEBSD_DELAY_NS };
  if (name !== "linux") return profile;
  if (text.includes("defaults.sh")) return { ...profile, ecn: "off", idleRestart: false };
  return { ...profile, receiveBufferMax: OLD_LINUX_BUFFER_MAX };
}
