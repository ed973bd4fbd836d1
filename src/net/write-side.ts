/**
 * The writing side of a connection, up to its FIN.
 *
 * @module
 */
import type { Call } from "./calls.ts";
import type { Deadline } from "./deadline.ts";
import { NetError, type NetErrorCode } from "./errors.ts";
import { checkBytes, Side, type Life } from "./side.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions } from "./types.ts";

/** The one `closeWrite` of a connection that did something. */
interface Finish {
  readonly call: Call | null;
  /** Waits for the writes called before it, then for the layer below. */
  state: "waits" | "asked" | "done" | "failed";
  readonly resolve: () => void;
  readonly reject: (error: NetError) => void;
}

/** Writes of one connection: none begins before the one called before it is through. */
export class WriteSide {
  readonly #life: Life;
  readonly #transport: Transport;
  readonly #side: Side<void>;
  readonly #onEnded: () => void;
  #finish: Finish | null = null;
  #finishing: Promise<void> | null = null;

  constructor(life: Life, transport: Transport, onEnded: () => void) {
    this.#life = life;
    this.#transport = transport;
    this.#side = new Side("write", life, () => this.serve());
    this.#onEnded = onEnded;
  }

  get deadline(): Deadline {
    return this.#side.deadline;
  }

  /** The FIN has been sent. */
  get isEnded(): boolean {
    return this.#finish?.state === "done";
  }

  /** See {@link Conn.write}. What does not fit below is copied and waits. */
  write(p: Uint8Array, options?: CallOptions): Promise<void> {
    const wrong = checkBytes("write", p);
    if (wrong !== null) return Promise.reject(wrong);
    const call = this.#life.calls.begin("write", this.#life.caller);
    const signal = options?.signal;
    const refusal = this.#refusal(signal);
    if (refusal !== null) return this.#side.refuse(call, refusal);
    let before = 0;
    if (this.#side.waiting.first === null && !this.#transport.isBusy) {
      before = this.#transport.put(p, 0);
      if (before === p.length && !this.#transport.isBusy) {
        this.#life.calls.done(call, before);
        return Promise.resolve();
      }
    }
    return this.#side.wait({ bytes: p.slice(before), before, call, signal });
  }

  /** See {@link Conn.closeWrite}. */
  closeWrite(): Promise<void> {
    const { calls, caller, isClosed, failure } = this.#life;
    if (this.#finishing !== null && !isClosed) return this.#finishing;
    const call = calls.begin("closeWrite", caller);
    if (isClosed) return this.#side.refuse(call, this.#finishError("closed"));
    if (failure !== null) {
      return this.#side.refuse(call, this.#finishError(failure.code, failure.cause));
    }
    this.#finishing = new Promise((resolve, reject) => {
      this.#finish = { call, state: "waits", resolve, reject };
    });
    this.serve();
    return this.#finishing;
  }

  /** There is room below, or there are fewer that wait: goes on with them, then with the FIN. */
  serve(): void {
    const { waiting } = this.#side;
    for (let w = waiting.first; w !== null; w = waiting.first) {
      if (this.#transport.isBusy) return;
      if (w.at < w.bytes.length) w.at += this.#transport.put(w.bytes, w.at);
      if (w.at < w.bytes.length || this.#transport.isBusy) return;
      waiting.leave(w);
      this.#life.calls.done(w.call, w.before + w.at);
      w.resolve();
    }
    if (this.#finish?.state !== "waits" || this.#life.isClosed) return;
    this.#finish.state = "asked";
    this.#transport.finish();
  }

  /** The layer below has taken the FIN. */
  onFinished(): void {
    const finish = this.#finish;
    if (finish?.state !== "asked") return;
    finish.state = "done";
    this.#life.calls.done(finish.call, null);
    finish.resolve();
    this.#onEnded();
  }

  /** All that waits fails, the FIN too. */
  failAll(code: NetErrorCode, cause?: unknown): void {
    this.#side.failAll(code, cause);
    const finish = this.#finish;
    if (finish === null || finish.state === "done" || finish.state === "failed") return;
    finish.state = "failed";
    const error = this.#finishError(code, cause);
    this.#life.calls.fail(finish.call, error);
    finish.reject(error);
  }

  #refusal(signal: AbortSignal | undefined): NetError | null {
    const { failure, isClosed } = this.#life;
    if (this.#finish !== null && !isClosed && failure === null) return this.#side.error("closed");
    const refusal = this.#side.refusal(signal);
    if (refusal !== null || failure === null) return refusal;
    return this.#side.error(failure.code, failure.cause);
  }

  #finishError(code: NetErrorCode, cause?: unknown): NetError {
    const { local, remote } = this.#life.caller;
    return new NetError({ op: "closeWrite", code, local, remote, cause });
  }
}
