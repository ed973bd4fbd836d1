/**
 * The address of the page, kept as its state is: every change is in it, another view or connection is a step back.
 *
 * A browser takes only so many changes (Chromium and Firefox 200 in 10 s, Safari 100, and throws): of a key that is held
 * down some are left out, the last one never.
 *
 * @module
 */
import { parsePlace } from "../model/address.ts";

/** Changes that are written at once; then one for each {@link EACH_MS}. */
const BURST = 40;
const EACH_MS = 200;

/** See the module. */
export class AddressBar {
  /**
   * The last address whose frame is known to be of its connection: what comes back when a frame turns out to
   * be of another one. `null`: there was none yet.
   */
  #settled: string | null = null;
  #left = BURST;
  #countedAt = performance.now();
  /** What is to be written. */
  #due: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onOther Hears the part behind `#` that the reader went to. */
  constructor(onOther: (hash: string) => void) {
    addEventListener("hashchange", () => {
      this.#forget();
      this.#settled = location.hash;
      onOther(location.hash);
    });
  }

  /**
   * Writes `hash`.
   *
   * @param isSettled Whether the frame in it is known to be of its connection, or there is none.
   * @param keepsSteps Whether what was before can be gone back to.
   */
  write(hash: string, isSettled: boolean, keepsSteps: boolean): void {
    const now = this.#due ?? location.hash;
    if (hash !== now && !(hash === "#/" && now === "")) this.#change(now, hash, keepsSteps);
    if (isSettled) this.#settled = hash;
  }

  #change(now: string, hash: string, keepsSteps: boolean): void {
    const [before, after] = [parsePlace(now), parsePlace(hash)];
    const isView = before.view !== after.view;
    // The frame was selected first, and its connection is known now.
    const isLate = !isView && before.frame !== null && before.frame === after.frame;
    const from = isLate ? this.#settled : now;
    const isStep = isView || (from !== null && parsePlace(from).stream !== after.stream);
    if (!isStep || !keepsSteps) return this.#replace(hash);
    if (from !== null && from !== location.hash) history.replaceState(null, "", from);
    this.#forget();
    history.pushState(null, "", hash);
  }

  #replace(hash: string): void {
    this.#due = hash;
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + (now - this.#countedAt) / EACH_MS);
    this.#countedAt = now;
    if (this.#left >= 1) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), EACH_MS);
  }

  #flush(): void {
    const hash = this.#due;
    this.#forget();
    this.#left--;
    if (hash !== null) history.replaceState(null, "", hash);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = null;
  }
}
