/**
 * A network namespace without a name. It is gone when the process ends, however
 * that ends: there is nothing to clean up.
 */
import { closeSync, openSync, writeFileSync } from "node:fs";
import { checked, libc } from "./libc.ts";

const CLONE_NEWNET = 0x4000_0000;

/** See the module. */
export class NetSpace {
  readonly #fd: number;
  readonly #home: number;

  /** @param sysctl By names below `net/ipv4`. */
  constructor(sysctl: Readonly<Record<string, string | number>> = {}) {
    this.#home = openSync("/proc/thread-self/ns/net", "r");
    checked("unshare", libc.unshare(CLONE_NEWNET));
    try {
      this.#fd = openSync("/proc/thread-self/ns/net", "r");
      for (const [name, value] of Object.entries(sysctl)) {
        writeFileSync(`/proc/sys/net/ipv4/${name}`, `${value}\n`);
      }
    } finally {
      checked("setns", libc.setns(this.#home, CLONE_NEWNET));
    }
  }

  /** Does something inside. */
  inside<T>(work: () => T): T {
    checked("setns", libc.setns(this.#fd, CLONE_NEWNET));
    try {
      return work();
    } finally {
      checked("setns", libc.setns(this.#home, CLONE_NEWNET));
    }
  }

  close(): void {
    closeSync(this.#fd);
    closeSync(this.#home);
  }
}
