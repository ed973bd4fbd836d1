/**
 * The kernel that a script is written for, from the script itself.
 *
 * @module
 */
import type { KernelName } from "./sockets/personality.ts";

/** A script as it was found. */
export interface Source {
  readonly text: string;
  readonly path: string;
}

/** What each kernel's scripts say, the surest first; the first that one alone says decides. */
const SIGNS: readonly { readonly freebsd: RegExp; readonly linux: RegExp }[] = [
  // Settings and tools of the system.
  {
    freebsd: /net\.inet6?\.|kern\.ipc\.|\bsockstat\b|\btcpdrop\b/,
    linux:
      /net[./]ipv[46]|\/proc\/sys|defaults\.sh|set_sysctls|\btcp_metrics|\bnstat\b|\bethtool\b|\btc qdisc\b/,
  },
  // Names of options and states.
  {
    freebsd:
      /TCP_(?:KEEPINIT|NOOPT|NOPUSH|FUNCTION_BLK)|SO_SETFIB|TCPI_[A-Z]+_?[A-Z]*\b(?<!TCPI_OPT_\w*)/,
    linux:
      /SOL_TCP|SIOCINQ|TCP_(?:CA_|QUICKACK|CORK|LINGER2|SYNCNT|USER_TIMEOUT|ESTABLISHED)|epoll_/,
  },
  // Order of a SYN's options.
  {
    freebsd: /> *(?:\[[^\]]*\] *)?[EW.]*S\S* .*<[^>]*(?:,eol|nop,wscale \d+,sackOK)/,
    linux:
      /> *(?:\[[^\]]*\] *)?[EW.]*S\S* .*<[^>]*(?:nop,nop,sackOK|sackOK,TS val \d+ ecr \d+,nop,wscale)/,
  },
];

/** Names of suites in a path. */
const PATHS = { freebsd: /bsd|tcp-?ip-regression/i, linux: /linux|selftests/i };

/** 64 KiB in whole segments, as FreeBSD's receive buffer shows with its shift of 6. */
const FREEBSD_WINDOW = /> *[FPR.]+ \S+ ack \d+ win 102[67]\b/;

/** What the script says; `null`: nothing tells. */
export function kernelOf(text: string): KernelName | null {
  const code = withoutComments(text);
  for (const { freebsd, linux } of SIGNS) {
    const isFreebsd = freebsd.test(code);
    if (isFreebsd !== linux.test(code)) return isFreebsd ? "freebsd" : "linux";
  }
  return null;
}

/** Which kernel to try first with a script that tells of none: by its window, by where it lies. */
export function likelyKernelOf({ text, path }: Source): KernelName | null {
  if (FREEBSD_WINDOW.test(withoutComments(text)) || PATHS.freebsd.test(path)) return "freebsd";
  return PATHS.linux.test(path) ? "linux" : null;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, " ").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}
