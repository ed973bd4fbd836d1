/**
 * What can be captured on this machine, by this user, and why not: the facts
 * behind `seqack doctor`. Everything is found out by trying it.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { Op } from "../pcap/filter/bpf.ts";
import { CaptureError } from "./capture/error.ts";
import { explainFailure } from "./capture/device.ts";
import { PacketSocket } from "./capture/packet-socket.ts";
import { PacketRing } from "./capture/ring.ts";
import { measureClock } from "./clock.ts";
import { loadFfi, SystemError } from "./ffi.ts";
import { findLibpcap } from "./libpcap.ts";
import { type Ability, canUseNamespace, findProgram } from "./namespace.ts";

/** What one ability is called, in the order of the report. */
export type AbilityName =
  | "node"
  | "koffi"
  | "clock"
  | "packet-socket"
  | "kernel-filter"
  | "ring"
  | "user-namespace"
  | "libpcap"
  | "tcpdump";

/** One line of `seqack doctor`. */
export interface NamedAbility {
  readonly name: AbilityName;
  /** Whether seqack does everything without it. */
  readonly optional: boolean;
  readonly ability: Ability;
}

const MIN_NODE = [20, 19] as const;

/** Whether packets of this machine's interfaces can be captured here, as this user. */
export function captureAbility(): Ability {
  return process.platform === "darwin" ? bpfDevices() : packetSocket();
}

/** Every ability, tried one after the other. */
export function listAbilities(): readonly NamedAbility[] {
  const linux = process.platform === "linux";
  return [
    required("node", nodeVersion()),
    required("koffi", koffi()),
    required("clock", clock()),
    required("packet-socket", captureAbility()),
    ...(linux ? [required("kernel-filter", kernelFilter()), required("ring", ring())] : []),
    ...(linux ? [optional("user-namespace", canUseNamespace())] : []),
    optional("libpcap", libpcap()),
    optional("tcpdump", tcpdump()),
  ];
}

function required(name: AbilityName, ability: Ability): NamedAbility {
  return { name, optional: false, ability };
}

function optional(name: AbilityName, ability: Ability): NamedAbility {
  return { name, optional: true, ability };
}

function can(en: string, zh: string): Ability {
  return { can: true, how: text(en, zh) };
}

function cannot(missing: Text, advice: Text): Ability {
  return { can: false, missing, advice };
}

function nodeVersion(): Ability {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const here = `Node ${process.versions.node}`;
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) {
    return can(here, here);
  }
  const wanted = MIN_NODE.join(".");
  return cannot(
    text(`${here} is older than ${wanted}`, `${here} 低于 ${wanted}`),
    text(`install Node ${wanted} or newer`, `请安装 Node ${wanted} 或更新的版本`),
  );
}

function koffi(): Ability {
  const ffi = loadFfi();
  if (ffi.ok) {
    return can(
      `calls the system directly (koffi ${ffi.koffi.version})`,
      `可直接调用系统（koffi ${ffi.koffi.version}）`,
    );
  }
  const why = visible(ffi.why);
  return cannot(
    text(
      `the optional package koffi cannot be loaded: ${why}`,
      `可选软件包 koffi 无法加载：${why}`,
    ),
    text("npm install koffi", "npm install koffi"),
  );
}

function clock(): Ability {
  const { source, errorNs } = measureClock();
  return can(
    `calls and packets agree within ${errorNs} ns (${source})`,
    `调用与包的时间相差不超过 ${errorNs} 纳秒（${source}）`,
  );
}

function packetSocket(): Ability {
  return withSocket(() => can("packets of every interface", "可以捕获所有接口上的包"));
}

function kernelFilter(): Ability {
  return withSocket((socket) => {
    socket.attachFilter([{ code: Op.RET, jt: 0, jf: 0, k: 0 }]);
    return can("the kernel runs capture filters", "由内核执行捕获过滤");
  });
}

function ring(): Ability {
  return withSocket((socket) => {
    const made = new PacketRing(socket, 1 << 20, -1);
    made.unmap();
    return can(
      "packets come through shared memory (TPACKET_V3)",
      "包通过共享内存送达（TPACKET_V3）",
    );
  });
}

function withSocket(attempt: (socket: PacketSocket) => Ability): Ability {
  const ffi = loadFfi();
  if (!ffi.ok) {
    return cannot(
      text("there is no way to the kernel without koffi", "没有 koffi 就无法访问内核"),
      text("npm install koffi", "npm install koffi"),
    );
  }
  let socket: PacketSocket | null = null;
  try {
    socket = new PacketSocket();
    return attempt(socket);
  } catch (e) {
    if (!(e instanceof SystemError)) throw e;
    const error = explainFailure(e.call, e.code, "any");
    return cannot(error.text, adviceFor(error));
  } finally {
    socket?.close();
  }
}

/** What helps against an error of {@link explainFailure}: never "run everything as root". */
export function adviceFor(error: CaptureError): Text {
  if (error.code !== "not-permitted") {
    return text("read a file instead: seqack read FILE", "可改为读取文件：seqack read FILE");
  }
  if (process.getuid?.() === 0) {
    return text("start the container with --cap-add NET_RAW", "启动容器时加上 --cap-add NET_RAW");
  }
  const node = visible(process.execPath);
  return text(
    `let tcpdump capture: sudo tcpdump -i any -U -w - | seqack read -; or allow it to every Node program: sudo setcap cap_net_raw+ep ${node}`,
    `让 tcpdump 抓包：sudo tcpdump -i any -U -w - | seqack read -；或允许所有 Node 程序抓包：sudo setcap cap_net_raw+ep ${node}`,
  );
}

/** macOS: tcpdump captures, through devices that only some may open. */
function bpfDevices(): Ability {
  if (findProgram("tcpdump") === null) return tcpdump();
  const tried = spawnSync("tcpdump", ["-D"], { stdio: "ignore" });
  if (tried.status === 0) return can("through tcpdump", "通过 tcpdump");
  return cannot(
    text("this user may not open the capture devices", "当前用户无权打开抓包设备"),
    text(
      "sudo tcpdump -i any -U -w - | seqack read -",
      "sudo tcpdump -i any -U -w - | seqack read -",
    ),
  );
}

function libpcap(): Ability {
  const found = findLibpcap();
  if (found !== null) return can(visible(found.version), visible(found.version));
  return cannot(
    text(
      "libpcap is not installed: filters beyond the common expressions are refused",
      "未安装 libpcap：不支持常用表达式之外的过滤表达式",
    ),
    text("install libpcap if you need them", "需要时请安装 libpcap"),
  );
}

function tcpdump(): Ability {
  const path = findProgram("tcpdump");
  if (path !== null) return can(visible(path), visible(path));
  return cannot(
    text("tcpdump is not installed", "未安装 tcpdump"),
    process.platform === "linux"
      ? text("nothing: it is not needed on Linux", "无需处理：在 Linux 上用不到它")
      : text("install tcpdump: it is the source of packets here", "请安装 tcpdump：此系统靠它抓包"),
  );
}
