/**
 * From an interface's name to what the kernel calls it, and from the kernel's
 * errors to sentences.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { loadFfi } from "../ffi.ts";
import {
  ANY_INTERFACE,
  badInterfaceName,
  deviceType,
  interfaceIndex,
  listInterfaces,
} from "../interfaces.ts";
import { CaptureError } from "./error.ts";
import { linkTypeOfDevice } from "./kernel-filter.ts";

/** Where to capture. */
export interface Device {
  /** 0: every interface. */
  readonly ifindex: number;
  /** ARPHRD_ value; `null` for every interface. */
  readonly arphrd: number | null;
}

/** @throws {CaptureError} `no-interface` or `unsupported`. */
export function findDevice(name: string): Device {
  const ffi = loadFfi();
  if (!ffi.ok) {
    const why = visible(ffi.why);
    throw new CaptureError(
      "unsupported",
      text(
        `the optional package koffi, which calls the kernel, cannot be loaded (${why})`,
        `用来调用内核的可选软件包 koffi 无法加载（${why}）`,
      ),
    );
  }
  if (name === ANY_INTERFACE) return { ifindex: 0, arphrd: null };
  const bad = badInterfaceName(name);
  const ifindex = bad === null ? interfaceIndex(name) : null;
  const arphrd = ifindex === null ? null : deviceType(name);
  if (ifindex === null || arphrd === null) throw noSuchInterface(name);
  if (linkTypeOfDevice(arphrd) === null) {
    throw new CaptureError(
      "unsupported",
      text(
        `seqack does not read the link layer of ${name} (ARPHRD ${arphrd})`,
        `seqack 不认识 ${name} 的链路层（ARPHRD ${arphrd}）`,
      ),
    );
  }
  return { ifindex, arphrd };
}

function noSuchInterface(name: string): CaptureError {
  const shown = visible(name);
  const all = [...listInterfaces().map((i) => i.name), ANY_INTERFACE].map(visible).join(", ");
  return new CaptureError(
    "no-interface",
    text(
      `there is no interface "${shown}"; there are: ${all}`,
      `没有名为“${shown}”的接口；现有接口：${all}`,
    ),
  );
}

/** The sentence for an error of the packet socket. */
export function explainFailure(call: string, code: string, device: string): CaptureError {
  const name = visible(device);
  switch (code) {
    case "EPERM":
    case "EACCES":
      return new CaptureError(
        "not-permitted",
        text(
          "this process may not open packet sockets: the capability CAP_NET_RAW is missing",
          "当前进程不能打开数据包套接字：缺少 CAP_NET_RAW 能力",
        ),
      );
    case "ENETDOWN":
      return new CaptureError(
        "interface-down",
        text(`the interface ${name} is down`, `接口 ${name} 处于关闭状态`),
      );
    case "ENODEV":
    case "ENXIO":
      return noSuchInterface(device);
    case "EAFNOSUPPORT":
    case "EPROTONOSUPPORT":
    case "ENOSYS":
      return new CaptureError(
        "unsupported",
        text("this kernel has no packet sockets", "此内核不支持数据包套接字"),
      );
    case "ENOMEM":
    case "ENOBUFS":
      return new CaptureError(
        "failed",
        text(
          "the kernel has no memory for the packet ring (a smaller one: -B 1024)",
          "内核没有足够的内存建立数据包环形缓冲区（可用 -B 1024 减小）",
        ),
      );
    default:
      return new CaptureError(
        "failed",
        text(`cannot ${call} (${code})`, `系统调用失败：${call}（${code}）`),
      );
  }
}
