import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { PLAIN } from "../report/paint.ts";
import { pipe } from "../net/pipe.ts";
import { listen } from "../node/net.ts";
import { REAL_CLOCK } from "../testing/real-clock.ts";
import type { Io } from "./command.ts";
import { dial } from "./dial.ts";
import { isQuit, linesOf, PIECE_LEN } from "./dial-input.ts";
import { Replies } from "./dial-replies.ts";
import { cutRuneLen, shownMessage } from "./echo-text.ts";
import { serveEcho } from "./serve-conn.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function lines(...chunks: string[]): Promise<string[]> {
  const shown: string[] = [];
  for await (const piece of linesOf(Readable.from(chunks.map(utf8)))) {
    const text = Buffer.from(piece.bytes).toString();
    shown.push(`${piece.isFirst ? "^" : ""}${text.slice(0, 20)}${piece.isLast ? "$" : ""}`);
  }
  return shown;
}

test("input is lines, however it comes, and the last needs no newline", async () => {
  expect(await lines("a\nb", "c\n\nd")).toEqual(["^a\n$", "^bc\n$", "^\n$", "^d$"]);
  expect(await lines()).toEqual([]);
  const long = "x".repeat(PIECE_LEN);
  expect((await lines(long, long, "y\n")).length).toBe(3);
  expect((await lines(long)).length).toBe(2);
});

test.each(["q", "Q\n", "q\r\n", "\rq\n"])("%j leaves", (line) => {
  expect(isQuit({ bytes: utf8(line), isFirst: true, isLast: true })).toBe(true);
});

test.each(["", "\n", "qq", " q", "quit"])("%j is a message", (line) => {
  expect(isQuit({ bytes: utf8(line), isFirst: true, isLast: true })).toBe(false);
});

test("half a character at the end is found, and nothing else", () => {
  for (const char of ["é", "好", "😀"]) {
    const bytes = utf8(`a${char}`);
    expect(cutRuneLen(bytes)).toBe(0);
    for (let cut = 2; cut < bytes.length; cut++) {
      expect(cutRuneLen(bytes.subarray(0, cut))).toBe(cut - 1);
    }
  }
  const no = [[], [0x80], [0xff], [0xc1], [0xf5, 0x80], [0xe0, 0x80, 0x80, 0x80]];
  expect(no.map((bytes) => cutRuneLen(Uint8Array.from(bytes)))).toEqual(no.map(() => 0));
});

test("what is shown is one line and no escape", () => {
  expect(shownMessage(utf8("a\tb\n\u001b[2J\u202e\r\n"))).toBe("a\tb\\n\\x1b[2J\\u202e\r\n");
});

test("on a terminal an answer is safe, in one line, its characters whole", async () => {
  const [here, there] = pipe({ clock: REAL_CLOCK });
  const shown: string[] = [];
  const out = (data: string | Uint8Array): Promise<void> =>
    Promise.resolve(void shown.push(typeof data === "string" ? data : "raw bytes"));
  const replies = new Replies(here, { out, isTerminal: true });
  const received = replies.receive();
  const message = utf8("好\n\u001b[31m\n");
  replies.sent(message, true);
  const answer = Buffer.concat([utf8("your message is"), message]);
  for (const byte of answer) await there.write(Uint8Array.of(byte));
  await replies.complete();
  expect(shown.join("")).toBe("收到server发来的消息:your message is好\\n\\x1b[31m\n\n");
  there.close();
  await received;
});

/** An {@link Io} for `dial`, with what it prints. */
function ioOf(input: Iterable<Uint8Array>): Io & { readonly printed: Buffer[] } {
  const printed: Buffer[] = [];
  return {
    printed,
    out: (data) => Promise.resolve(void printed.push(Buffer.from(data))),
    err: () => {},
    stdin: Readable.from(input),
    lang: "en",
    columns: 80,
    paint: PLAIN,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    signal: new AbortController().signal,
  };
}

test("a server that closes first is told of; a refused connection says what helps", async () => {
  const listener = await listen("127.0.0.1:0");
  const { port } = listener.addr;
  const io = ioOf([utf8("hello\n")]);
  const running = dial.run([`127.0.0.1:${port}`], io);
  const conn = await listener.accept();
  await conn.read(new Uint8Array(100));
  conn.close();
  expect(await running).toBe(1);
  expect(Buffer.concat(io.printed).toString()).toBe("client connected\nrecv failed, err: EOF\n");
  listener.close();
  await expect(dial.run([`127.0.0.1:${port}`], ioOf([]))).rejects.toMatchObject({
    status: 1,
    text: {
      en: expect.stringContaining("seqack serve"),
      zh: expect.stringContaining("连接被拒绝"),
    },
  });
  await expect(dial.run(["nonsense"], ioOf([]))).rejects.toMatchObject({ name: "UsageError" });
});

test("ordinary lines are answered one by one, until q", async () => {
  const listener = await listen("127.0.0.1:0");
  const ctrlC = new AbortController();
  const served = serveEcho(listener, ctrlC.signal, () => Promise.resolve());
  const io = ioOf([utf8("one\ntwo\nQ\nnever sent\n")]);
  expect(await dial.run([`127.0.0.1:${listener.addr.port}`], io)).toBe(0);
  expect(Buffer.concat(io.printed).toString()).toBe(
    "client connected\n收到server发来的消息:your message isone\n\n收到server发来的消息:your message istwo\n\n",
  );
  ctrlC.abort();
  await served;
});
