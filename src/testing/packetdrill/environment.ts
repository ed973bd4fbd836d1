/**
 * What a script is run in: a profile of the stack, an MTU, tolerances, from its options, from its
 * commands and from what its text tells of the suite it belongs to.
 *
 * @module
 */
import { TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { freebsd, generic, linux, type Profile } from "../../stack/tcp/profile.ts";
import { DEFINES, type IpVersion } from "./defines.ts";
import type { Script } from "./language/script.ts";
import { hostSettings } from "./host-settings.ts";
import { kernelOf, likelyKernelOf, type Source } from "./kernel-of.ts";
import type { RunOptions } from "./runner/run-script.ts";
import {
  OLD_LINUX,
  PERSONALITIES,
  type KernelName,
  type Personality,
} from "./sockets/personality.ts";
import type { Settings } from "./sockets/settings.ts";

/** The profiles of the stack. */
export type ProfileName = KernelName;

/** Everything beside the script. */
export interface Environment {
  readonly settings: Settings;
  readonly run: RunOptions;
}

/** What the caller may choose; what is missing is found out. */
export interface Choice {
  /** Whose policy the stack has; what the script's host is set to stays the script's. */
  readonly profile?: ProfileName;
  /** With its own settings of the host too: what a script spells out of another host fails. */
  readonly wholeProfile?: boolean;
  /** Compare PSH too. */
  readonly strictPush?: boolean;
  /** `--name=value`, as if they stood in the script, which goes first. */
  readonly options?: ReadonlyMap<string, string | null>;
  /** `-D NAME=VALUE`. */
  readonly defines?: ReadonlyMap<string, string>;
}

const PROFILES: Readonly<Record<ProfileName, Profile>> = { linux, freebsd, generic };

/** `--tolerance_usecs` unless told. */
const TOLERANCE_US = 4000;
/** `--tolerance_percent` of Google's dialect; nplab's has none. */
const TOLERANCE_RATIO = 0.125;
const MTU = 1500;
/** Every link takes so much (RFC 791 §3.2). */
const LEAST_MTU = 68;
const IP_VERSIONS: ReadonlySet<string> = new Set(["ipv4", "ipv6", "ipv4-mapped-ipv6"]);
/** Linux's runner makes the MSS of IPv6 that of IPv4. */
const LINUX_IPV6_MTU = 1520;
/** What kernels had without their suite's settings when the older scripts were written: shift 6. */
const OLD_BUFFER_MAX = 65_535 << 6;
/** What FreeBSD had when the older suites were written. */
const OLD_FREEBSD = {
  delayedAckNs: 100e6,
  rtoInitialNs: 3e9,
  receiveBufferMax: OLD_BUFFER_MAX,
};

function ipVersionOf(text: string, choice: Choice): IpVersion {
  const own = /^--ip_version[ \t]*=[ \t]*"?([\w-]+)/m.exec(text)?.[1];
  if (own !== undefined) return own === "ipv6" ? "ipv6" : "ipv4";
  return choice.options?.get("ip_version") === "ipv6" ? "ipv6" : "ipv4";
}

/** Words defined while the script is read. */
export function definesOf(text: string, choice: Choice): ReadonlyMap<string, string> {
  const own = text.matchAll(/^--define[ \t]*=[ \t]*(\w+)=("[^"\n]*"|`[^`\n]*`|[^\s"`]*)/gm);
  return new Map([
    ...DEFINES[ipVersionOf(text, choice)],
    ...(choice.defines ?? []),
    ...Array.from(own, ([, name, value]): [string, string] => [name!, value!]),
  ]);
}

/**
 * The hosts that a script may be written for: the one that it tells of, or the one
 * that is likely, or the profile's own, and then the others.
 */
export function hostsOf(source: Source, choice: Choice): readonly KernelName[] {
  const profile = choice.profile ?? "linux";
  if (choice.wholeProfile === true && choice.profile !== undefined) return [profile];
  const kernel = kernelOf(source.text);
  if (kernel !== null) return [kernel];
  const first = likelyKernelOf(source) ?? profile;
  return [first, ...(["linux", "freebsd", "generic"] as const).filter((k) => k !== first)];
}

/** Reads the options of `script`, which was read from `text`, for a host of `kernel`. */
export function environmentOf(
  script: Script,
  text: string,
  kernel: KernelName,
  choice: Choice,
): Environment {
  const options = new Map([
    ...(choice.options ?? []),
    ...script.options.map((option): [string, string | null] => [option.name, option.value]),
  ]);
  const number = (option: string, fallback: number, least: number = 0): number => {
    const value = options.get(option) ?? fallback;
    if (Number(value) >= least && Number.isFinite(Number(value))) return Number(value);
    throw new SyntaxError(`--${option}=${value}: it must be a number from ${least} up`);
  };
  const version = options.get("ip_version") ?? "ipv4";
  if (!IP_VERSIONS.has(version))
    throw new SyntaxError(`--ip_version=${version}: it must be ${[...IP_VERSIONS].join(", ")}`);
  const isIpv6 = ipVersionOf(text, choice) === "ipv6";
  const ipHeaderLen = isIpv6 ? 40 : 20;
  const mtu = number("mtu", isIpv6 && kernel === "linux" ? LINUX_IPV6_MTU : MTU, LEAST_MTU);
  const ratio = kernel === "freebsd" ? 0 : TOLERANCE_RATIO;
  const toleranceNs = number("tolerance_usecs", TOLERANCE_US) * 1000;
  const tickUs = number("tcp_ts_tick_usecs", 0);
  return {
    settings: {
      profile: { ...PROFILES[choice.profile ?? kernel], ...hostSettings(startOf(kernel, text)) },
      personality: personalityOf(kernel, text),
      mtu,
      ipHeaderLen,
    },
    run: {
      tolerance: {
        ns: toleranceNs,
        ratio: options.has("tolerance_percent") ? number("tolerance_percent", 0) / 100 : ratio,
      },
      match: {
        push: choice.strictPush === true ? "compare" : "ignore",
        synOptionsAsSet: kernel === "generic",
        timestampSlack: tickUs === 0 ? null : Math.ceil(toleranceNs / 1000 / tickUs),
      },
      oneSegmentUpTo: options.has("strict_segments")
        ? Infinity
        : kernel === "freebsd"
          ? mtu - ipHeaderLen - TCP_MIN_HEADER_LEN
          : 0,
    },
  };
}

/** Without their suite's settings, scripts for Linux are those of 2013. */
function personalityOf(kernel: KernelName, text: string): Personality {
  const isOld = kernel === "linux" && !text.includes("defaults.sh");
  return isOld ? OLD_LINUX : PERSONALITIES[kernel];
}

/** The profile as the suite's own settings leave it. */
function startOf(name: ProfileName, text: string): Profile {
  const profile = PROFILES[name];
  // What measures the receive buffer alone is of the older suites too.
  if (name === "freebsd" && !/net\.inet6?\.(?!tcp\.recvbuf)/.test(text))
    return { ...profile, ...OLD_FREEBSD };
  if (name !== "linux") return profile;
  if (text.includes("defaults.sh")) return { ...profile, ecn: "off", idleRestart: false };
  return { ...profile, receiveBufferMax: OLD_BUFFER_MAX };
}
