/** The kernel's loopback, in a network namespace of its own. */
import { spawnSync } from "node:child_process";
import { hasProgram } from "../analysis/measure.ts";
import { outputOf, type Transfer } from "./child.ts";

/** `$1`: MTU, `$2`: seconds. Prints what the client has to say, the server's CPU in it. */
const IPERF = `
set -e
ip link set lo up mtu "$1"
if [ "$1" -lt 65000 ]; then ethtool -K lo tso off gso off gro off >/dev/null 2>&1 || true; fi
iperf3 -s -1 >/dev/null &
trap 'kill '$!' 2>/dev/null' EXIT
for i in 1 2 3 4 5 6 7 8 9 10; do ss -ltnH "sport = 5201" | grep -q . && break; sleep 0.1; done
iperf3 -c 127.0.0.1 -t "$2" -J
wait
trap - EXIT
`;

/** Why it cannot be measured, or `null`. */
export function whyNoKernel(): string | null {
  for (const program of ["iperf3", "ip", "ss", "unshare", "ethtool"])
    if (!hasProgram(program)) return `there is no ${program}`;
  const { status } = spawnSync("unshare", ["-n", "true"]);
  return status === 0 ? null : "a network namespace needs root";
}

interface Report {
  readonly end: {
    readonly sum_received: { readonly bytes: number; readonly seconds: number };
    /** Of the client and of the server. */
    readonly cpu_utilization_percent: {
      readonly host_total: number;
      readonly remote_total: number;
    };
  };
}

/** `seconds` of iperf3; without segmentation offload as far as the loopback lets go of it, when the MTU is small. */
export function runKernel(mtu: number, seconds: number): Transfer {
  const said = outputOf(["unshare", "-n", "bash", "-c", IPERF, "bash", `${mtu}`, `${seconds}`]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what iperf3 -J prints
  const { end } = JSON.parse(said) as Report;
  const { host_total: near, remote_total: far } = end.cpu_utilization_percent;
  const { bytes, seconds: lasted } = end.sum_received;
  return { bytes, cpuS: ((near + far) / 100) * lasted, segments: null };
}

/** `kernel-many`, on a loopback of its own. */
export function runKernelMany(program: string, args: readonly string[]): string {
  return outputOf([
    "unshare",
    "-n",
    "bash",
    "-c",
    'ip link set lo up && "$@"',
    "bash",
    program,
    ...args,
  ]);
}
