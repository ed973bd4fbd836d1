/**
 * Why there can be no TUN device.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";

/** What stands in the way. `unsupported`: not Linux, no koffi, a kernel without TUN. */
export type TunErrorCode = "unsupported" | "not-permitted" | "bad-name" | "in-use" | "failed";

/** There is no TUN device; {@link text} says why, and what can be done. */
export class TunError extends Error {
  override readonly name = "TunError";
  readonly code: TunErrorCode;
  readonly text: Text;

  constructor(code: TunErrorCode, why: Text) {
    super(`Cannot open a TUN device: ${why.en}`);
    this.code = code;
    this.text = why;
  }
}

/** The file that TUN interfaces come from. */
export const TUN_FILE = "/dev/net/tun";

/** The sentence for `code`, the error of the system call `call`. */
export function explainTunFailure(call: string, code: string, name: string): TunError {
  const shown = visible(name);
  switch (code) {
    case "EACCES":
      return new TunError(
        "not-permitted",
        text(
          `this user may not open ${TUN_FILE}; run the program as root, or allow it once: sudo chmod 666 ${TUN_FILE}`,
          `当前用户无权打开 ${TUN_FILE}；请以 root 运行该程序，或放开权限：sudo chmod 666 ${TUN_FILE}`,
        ),
      );
    case "EPERM":
      return new TunError(
        "not-permitted",
        text(
          "the capability CAP_NET_ADMIN is missing; run the program as root, or in a network of its own: unshare -r -n -- node PROGRAM",
          "缺少 CAP_NET_ADMIN 能力；请以 root 运行该程序，或让它在自己的网络命名空间中运行：unshare -r -n -- node 程序",
        ),
      );
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return new TunError(
        "unsupported",
        text(
          `there is no ${TUN_FILE}; load the kernel's module (modprobe tun), or give the container the device (--device ${TUN_FILE})`,
          `没有 ${TUN_FILE}；请加载内核模块（modprobe tun），或将该设备交给容器`,
        ),
      );
    case "EBUSY":
    case "EINVAL":
      return new TunError(
        "in-use",
        text(
          `the name ${shown} belongs to another interface, or its device is in use`,
          `名称 ${shown} 属于另一个接口，或其设备正在使用`,
        ),
      );
    default:
      return new TunError(
        "failed",
        text(`cannot ${call} (${code})`, `系统调用失败：${call}（${code}）`),
      );
  }
}
