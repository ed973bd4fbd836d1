/**
 * Commands of the shell that scripts use: settings are read, checks are made, nothing is run.
 *
 * @module
 */

/** One thing that a command text asks for. */
export type ShellCommand =
  /** A setting of the system; `net/ipv4/x` counts as `net.ipv4.x`. */
  | { readonly kind: "set"; readonly key: string; readonly value: string }
  /** Sockets in a state are counted; `count` `null`: at least one. */
  | {
      readonly kind: "count";
      readonly state: string;
      readonly count: number | null;
      /** Only those that a program holds. */
      readonly held: boolean;
    }
  /** Connections in a state are dropped without a word. */
  | { readonly kind: "drop"; readonly state: string }
  /** The route to the peer has its own sizes and times. */
  | { readonly kind: "route"; readonly route: Route }
  /** A check of what is not there, such as the counters of a kernel: it cannot succeed. */
  | { readonly kind: "check"; readonly text: string };

/** What `ip route` may say; what is missing is the host's. */
export interface Route {
  /** Bytes of the largest packet. */
  readonly mtu?: number;
  /** The MSS that our SYN tells. */
  readonly advMss?: number;
  /** Segments. */
  readonly initialWindow?: number;
  readonly rtoMinNs?: number;
}

/** What `text` asks for; what is not known and checks nothing asks for nothing. */
export function readCommands(text: string): ShellCommand[] {
  const lines = text.replaceAll(/\\\n/g, " ").split(/[\n;]|&&/);
  return lines.flatMap((line) => readCommand(line.replace(/#.*/, "").trim()));
}

function readCommand(line: string): ShellCommand[] {
  if (/^(?:\S*\/)?sysctl\s/.test(line) || /set_sysctls\.py/.test(line)) return readSettings(line);
  if (line.startsWith("sockstat ")) return readCount(line);
  if (/^ip\s+(?:-[46]\s+)?route\s+(?:change|replace|add|append)\s/.test(line))
    return [{ kind: "route", route: readRoute(line) }];
  if (/\|\s*grep\b|^(?:test|\[|false|exit\s+[1-9])(?:\s|$)/.test(line))
    return [{ kind: "check", text: line }];
  const drop = /^tcpdrop\s+-s\s+(\w+)/.exec(line);
  return drop === null ? [] : [{ kind: "drop", state: stateOf(drop[1]!) }];
}

function readSettings(line: string): ShellCommand[] {
  const pairs = line.matchAll(/([\w./]+)=(?:"([^"]*)"|'([^']*)'|(\S+))/g);
  return Array.from(pairs, ([, key, a, b, c]) => ({
    kind: "set",
    key: key!.replace(/^\/proc\/sys\//, "").replaceAll("/", "."),
    value: withSums(a ?? b ?? c ?? ""),
  }));
}

/** `… advmss 1430 mtu lock 1470 initcwnd 10 rto_min 200ms`. */
function readRoute(line: string): Route {
  const number = (name: string): number | null => {
    const found = new RegExp(`\\s${name}\\s+(?:lock\\s+)?(\\d+)`).exec(line);
    return found === null ? null : Number(found[1]);
  };
  const [mtu, advMss, initialWindow, rtoMinMs] = [
    number("mtu"),
    number("advmss"),
    number("initcwnd"),
    number("rto_min"),
  ];
  return {
    ...(mtu === null ? {} : { mtu }),
    ...(advMss === null ? {} : { advMss }),
    ...(initialWindow === null ? {} : { initialWindow }),
    ...(rtoMinMs === null ? {} : { rtoMinNs: rtoMinMs * 1e6 }),
  };
}

/** `$((32*1024*1024))` as a number. */
function withSums(text: string): string {
  return text.replaceAll(/\$\(\(([\d* ]+)\)\)/g, (_, product: string) =>
    String(product.split("*").reduce((value, factor) => value * Number(factor), 1)),
  );
}

/** `sockstat … | grep -c STATE | grep N`. */
function readCount(line: string): ShellCommand[] {
  const counted = /grep\s+-c\s+'?([A-Z_0-9]+)'?\s*\|\s*grep\s+'?(\d+)/.exec(line);
  const held = line.includes("packetdril");
  if (counted !== null)
    return [{ kind: "count", state: stateOf(counted[1]!), count: Number(counted[2]), held }];
  const seen = /grep\s+'?([A-Z][A-Z_0-9]+)'?\s*$/.exec(line);
  return seen === null ? [] : [{ kind: "count", state: stateOf(seen[1]!), count: null, held }];
}

/** `SYN_RCVD` as RFC 9293 spells it. */
function stateOf(name: string): string {
  return name === "SYN_RCVD" ? "SYN-RECEIVED" : name.replaceAll("_", "-");
}
