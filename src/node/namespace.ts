/**
 * Capturing without privileges: the program runs again inside a user and a
 * network namespace of its own, where it may do everything, to a loopback that
 * nobody else has. Real sockets, real packets, no root.
 *
 * The `unshare` program (util-linux, busybox) does it: `unshare(2)` refuses a
 * process with several threads, which Node always is, and a child that
 * `fork(2)` makes of Node dies on its first instruction back in JavaScript
 * (measured on Node 20: SIGSEGV, each time it was tried).
 *
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { text, type Text } from "../base/lang.ts";
import { bringUp } from "./interfaces.ts";

/** Tells the second run that it is one. */
const MARK = "SEQACK_NAMESPACE";
const UNSHARE_OPTIONS = ["-U", "-r", "-n", "--"];
const USUAL_FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
const FORWARDED = ["SIGTERM", "SIGHUP"] as const;

/** Whether something can be done here; if not, what is missing and what helps. */
export type Ability =
  | { readonly can: true; readonly how: Text }
  | { readonly can: false; readonly missing: Text; readonly advice: Text };

/** Whether this process was started by {@link runInNamespace}. */
export function insideNamespace(): boolean {
  return process.env[MARK] === "1";
}

/** To be called once by a program {@link insideNamespace}: a new namespace's loopback is down. @returns Whether it is up. */
export function enterNamespace(): boolean {
  return bringUp("lo");
}

/** Whether this user may make namespaces. It is found out by making one, which takes some milliseconds. */
export function canUseNamespace(): Ability {
  if (process.platform !== "linux") {
    return refuse(
      text("namespaces are a thing of Linux", "命名空间是 Linux 的功能"),
      text("nothing can be done here", "此系统上没有办法"),
    );
  }
  const program = findProgram("unshare");
  if (program === null) {
    return refuse(
      text("the program unshare is not installed", "未安装 unshare 程序"),
      text("install util-linux (or busybox)", "请安装 util-linux（或 busybox）"),
    );
  }
  const tried = spawnSync(program, [...UNSHARE_OPTIONS, process.execPath, "-e", ""], {
    stdio: "ignore",
  });
  if (tried.status !== 0) return whyRefused();
  return {
    can: true,
    how: text(
      "a private loopback, for this user, without privileges",
      "可为当前用户建立私有的环回接口，无需特权",
    ),
  };
}

/** What on this system forbids user namespaces, by the settings that do. */
function whyRefused(): Ability {
  if (setting("/proc/sys/user/max_user_namespaces") === "0") {
    return refuse(
      text(
        "user namespaces are switched off (user.max_user_namespaces is 0)",
        "用户命名空间已关闭（user.max_user_namespaces 为 0）",
      ),
      text(
        "sudo sysctl user.max_user_namespaces=15000",
        "sudo sysctl user.max_user_namespaces=15000",
      ),
    );
  }
  if (setting("/proc/sys/kernel/unprivileged_userns_clone") === "0") {
    return refuse(
      text(
        "ordinary users may not make user namespaces (kernel.unprivileged_userns_clone is 0)",
        "普通用户不能创建用户命名空间（kernel.unprivileged_userns_clone 为 0）",
      ),
      text(
        "sudo sysctl kernel.unprivileged_userns_clone=1",
        "sudo sysctl kernel.unprivileged_userns_clone=1",
      ),
    );
  }
  if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return refuse(
      text(
        "AppArmor keeps ordinary users from user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)",
        "AppArmor 禁止普通用户使用用户命名空间（kernel.apparmor_restrict_unprivileged_userns 为 1）",
      ),
      text(
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
      ),
    );
  }
  return refuse(
    text(
      "the system refuses user namespaces; a container's seccomp profile does that",
      "系统拒绝创建用户命名空间；容器的 seccomp 配置通常会这样",
    ),
    text(
      "start the container with --cap-add NET_RAW, then no namespace is needed",
      "启动容器时加上 --cap-add NET_RAW，就不需要命名空间",
    ),
  );
}

function refuse(missing: Text, advice: Text): Ability {
  return { can: false, missing, advice };
}

function setting(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8").trim() : null;
}

/**
 * Runs this program again, with these arguments, in a namespace of its own.
 * Input, output and signals are the second run's. Call it only when
 * {@link canUseNamespace} said yes.
 *
 * @returns The exit status of the second run, 128 + the signal's number when it died of one.
 */
export function runInNamespace(args: readonly string[]): Promise<number> {
  const script = process.argv[1] ?? "";
  const again = [process.execPath, ...process.execArgv, script, ...args];
  const child = spawn(findProgram("unshare") ?? "unshare", [...UNSHARE_OPTIONS, ...again], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: "1" },
  });
  const forward = (signal: NodeJS.Signals): boolean => child.kill(signal);
  // Ctrl-C at a terminal reaches the whole group, and a second one would kill at once.
  const onInterrupt = (): void => {
    if (!process.stdin.isTTY && !process.stdout.isTTY && !process.stderr.isTTY) forward("SIGINT");
  };
  process.on("SIGINT", onInterrupt);
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => {
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  }).finally(() => {
    process.off("SIGINT", onInterrupt);
    for (const signal of FORWARDED) process.off(signal, forward);
  });
}

/** Path of an installed program, `null` when there is none. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...USUAL_FOLDERS];
  const folder = folders.find((f) => f !== "" && existsSync(join(f, name)));
  return folder === undefined ? null : join(folder, name);
}
