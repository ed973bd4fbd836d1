/**
 * The server's answers: when one is complete, and how it is shown.
 *
 * TCP is a stream, so nothing in it says where an answer ends. The article's
 * client takes what one read of 512 bytes brings for the answer, and shows the
 * rest as the answer to the next message. Here an answer is complete when as
 * many bytes came as the prefix and the message have and they end as the
 * message does; of a server that answers otherwise, when it has been silent
 * for a moment after its first bytes. Nothing is ever dropped: what comes
 * later is shown when it comes.
 *
 * @module
 */
import type { Conn } from "../net/types.ts";
import { cutRuneLen, lineEnd, REPLY_PREFIX, shownMessage, shownText } from "./echo-text.ts";

/** Silence after which an answer of another length counts as complete. */
const SILENCE_MS = 150;

/** Bytes at the end of message and answer that are compared. */
const TAIL_LEN = 16;

const HEAD = "收到server发来的消息:";
const NOTHING: Uint8Array = new Uint8Array(0);

/** Where answers go; `isTerminal`: they are made safe to show, else they are left as they are. */
export interface Screen {
  out(data: string | Uint8Array): Promise<void>;
  readonly isTerminal: boolean;
}

/** Receives and shows what the server sends. */
export class Replies {
  readonly #conn: Conn;
  readonly #screen: Screen;
  /** Bytes of the message that is being answered. */
  #sent = 0;
  #sentTail: Uint8Array = NOTHING;
  #got = 0;
  #gotTail: Uint8Array = NOTHING;
  /** Shown later: half a character, line ends that may turn out to be inside. */
  #held: Uint8Array = NOTHING;
  #isOpen = false;
  #isWaiting = false;
  #silence: NodeJS.Timeout | null = null;
  #whenComplete: (() => void) | null = null;
  #shown: Promise<void> = Promise.resolve();

  constructor(conn: Conn, screen: Screen) {
    this.#conn = conn;
    this.#screen = screen;
  }

  /** Shows what comes until the server's FIN. Rejects as `read` does. */
  async receive(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let n; (n = await this.#conn.read(buffer)) !== null;) {
        await this.#onBytes(buffer.slice(0, n));
      }
    } finally {
      await this.#end();
    }
  }

  /** A piece of the message was, or is about to be, sent. */
  sent(piece: Uint8Array, isFirst: boolean): void {
    if (isFirst) {
      this.#sent = 0;
      this.#got = 0;
      this.#sentTail = NOTHING;
      this.#gotTail = NOTHING;
    }
    this.#isWaiting = true;
    this.#sent += piece.length;
    this.#sentTail = tailOf(this.#sentTail, piece);
  }

  /** Resolves once the message is answered, or the server has ended. */
  async complete(): Promise<void> {
    if (!this.#isComplete()) {
      await new Promise<void>((resolve) => {
        this.#whenComplete = resolve;
        if (this.#got > 0) this.#waitForSilence();
      });
    }
    this.#isWaiting = false;
    await this.#end();
  }

  async #onBytes(bytes: Uint8Array): Promise<void> {
    this.#got += bytes.length;
    this.#gotTail = tailOf(this.#gotTail, bytes);
    await this.#show(bytes);
    if (!this.#isWaiting) {
      // Nobody asked: it stands on its own.
      this.#waitForSilence();
    } else if (this.#whenComplete !== null) {
      if (this.#isComplete()) this.#settle();
      else this.#waitForSilence();
    }
  }

  #isComplete(): boolean {
    if (this.#sent === 0 || this.#got < REPLY_PREFIX.length + this.#sent) return false;
    return Buffer.compare(this.#gotTail.subarray(-this.#sentTail.length), this.#sentTail) === 0;
  }

  #waitForSilence(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#whenComplete !== null) this.#settle();
      else if (!this.#isWaiting) void this.#end().catch(() => {});
    }, SILENCE_MS);
  }

  #settle(): void {
    const resolve = this.#whenComplete;
    this.#whenComplete = null;
    resolve?.();
  }

  /** Shows the beginning of a line before its first bytes. */
  async #show(bytes: Uint8Array): Promise<void> {
    const head = this.#isOpen ? "" : HEAD;
    this.#isOpen = true;
    if (!this.#screen.isTerminal) {
      if (head !== "") await this.#print(head);
      await this.#print(bytes);
      return;
    }
    const all = Buffer.concat([this.#held, bytes]);
    const end = lineEnd(all.subarray(0, all.length - cutRuneLen(all)));
    this.#held = all.subarray(end);
    await this.#print(head + shownText(all.subarray(0, end)));
  }

  /** The line ends. */
  async #end(): Promise<void> {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = null;
    this.#settle();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const held = this.#held;
    this.#held = NOTHING;
    await this.#print(`${shownMessage(held)}\n`);
  }

  /** In order, whoever prints. */
  #print(data: string | Uint8Array): Promise<void> {
    this.#shown = this.#shown.then(() => this.#screen.out(data));
    return this.#shown;
  }
}

/** The last {@link TAIL_LEN} bytes of `before` and `bytes` together. */
function tailOf(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= TAIL_LEN) return bytes.slice(-TAIL_LEN);
  return Buffer.concat([before, bytes]).subarray(-TAIL_LEN);
}
