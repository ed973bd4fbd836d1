/**
 * `seqack segment`: one packet's headers, drawn and explained byte by byte.
 *
 * @module
 */
import type { Reason } from "../analysis/evidence/reason.ts";
import { parseHex } from "../base/bytes.ts";
import { text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import { readCapture } from "../node/input.ts";
import type { RecordedEvent } from "../pcap/event.ts";
import type { PacketRecord } from "../pcap/sink.ts";
import { renderHeaders } from "../report/header.ts";
import { reasonSection } from "../report/reasons.ts";
import { wrap } from "../report/wrap.ts";
import type { HeaderLayout } from "../wire/layout/field.ts";
import { guessStart, layoutGuess } from "../wire/layout/guess.ts";
import { layoutPacket } from "../wire/layout/packet.ts";
import { type Command, Exit, Failure, type Io, UsageError } from "./command.ts";
import { inputsOf } from "./inputs.ts";
import { parseOptions, toInteger } from "./options.ts";
import { ReasonSeeker } from "./segment-reasons.ts";

/** Enough for the largest packet there is; more is no packet. */
const MAX_HEX_BYTES = 262_144;

/** The command. */
export const segment: Command = {
  name: "segment",
  summary: text(
    "one segment's headers, drawn and explained byte by byte",
    "画出并逐字节解释一个报文段的包头",
  ),
  usage: text(
    `Usage: seqack segment FILE… N
       seqack segment --hex "BYTES"

Draws the headers of frame N (numbered as Wireshark does) as rows of 32 bits,
with each field's bytes, value and meaning, beside a hex dump; then what the
analysis says of the segment and why. Several files are merged by time; N
counts over all of them, as after mergecap.

  --hex BYTES   bytes in hexadecimal instead of a file; where they begin (TCP,
                IPv4, IPv6, Ethernet) is told from the bytes. "-": from stdin
  --data N      bytes of data to show, 128 unless told

Examples:
  seqack segment echo.pcapng 4
  seqack segment --hex "cb cc 1f 90 ab ef d2 21 2b 32 09 e5 50 18 04 05 ce fc
  00 00 68 65 6c 6c 6f 0d 0a"`,
    `用法：seqack segment 文件… N
      seqack segment --hex "字节"

把第 N 帧（编号与 Wireshark 相同）的各层包头按每行 32 位画出来，列出每个字段的
字节、值和含义，旁边是十六进制转储；最后是对这个报文段的分析结论和理由。给出多个
文件时按时间合并，N 是合并后的帧号（与 mergecap 相同）。

  --hex 字节    直接给出十六进制字节，不用文件；从哪一层开始（TCP、IPv4、
                IPv6、以太网）由字节本身判断。"-" 表示从 stdin 读取
  --data N      显示多少字节的数据，默认 128

示例：
  seqack segment echo.pcapng 4
  seqack segment --hex "cb cc 1f 90 ab ef d2 21 2b 32 09 e5 50 18 04 05 ce fc
  00 00 68 65 6c 6c 6f 0d 0a"`,
  ),
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      hex: { type: "string" },
      data: { type: "string" },
    });
    const dataBytes = toInteger("--data", values.data ?? "128", 0, MAX_HEX_BYTES);
    const show = (layouts: readonly HeaderLayout[], bytes: Uint8Array): Promise<void> =>
      io.out(renderHeaders(layouts, bytes, { ...io, dataBytes }));
    if (values.hex !== undefined) {
      const bytes = readHex([values.hex === "-" ? await readAll(io) : values.hex, ...positionals]);
      const guess = guessStart(bytes);
      io.err(guess.assumed[io.lang]);
      await show(layoutGuess(bytes, guess), bytes);
      return Exit.OK;
    }
    const number = positionals.pop();
    if (number === undefined || positionals.length === 0) {
      throw new UsageError(
        text("give a file and a frame number, or --hex", "请给出文件和帧号，或者 --hex"),
      );
    }
    const wanted = toInteger("N", number, 1, Number.MAX_SAFE_INTEGER);
    const frame = await findFrame(inputsOf(positionals), wanted, io);
    await show(frame.layouts, frame.bytes);
    const why = reasonSection(frame.reasons, io);
    if (why !== "") await io.out(`\n${why}`);
    if (frame.note !== null) await io.out(`\n${noteText(frame.note, io)}`);
    return Exit.OK;
  },
};

/** Words are not laid out wider than this, however wide the terminal is. */
const WIDEST = 100;

function noteText(note: Text, io: Io): string {
  const lines = wrap(note[io.lang], Math.min(io.columns, WIDEST));
  return lines.map((line) => `${line}\n`).join("");
}

/** The arguments may come in one word or in many. */
function readHex(words: readonly string[]): Uint8Array {
  try {
    const bytes = parseHex(words.join(" "));
    if (bytes.length > 0 && bytes.length <= MAX_HEX_BYTES) return bytes;
    throw new SyntaxError(`Cannot read hex bytes: there are ${bytes.length}`);
  } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    const why = visible(e.message.replace(/^.*?: /, ""));
    throw new UsageError(text(`option --hex: ${why}`, `选项 --hex 不是十六进制字节：${why}`));
  }
}

async function readAll(io: Io): Promise<string> {
  let all = "";
  for await (const chunk of io.stdin) {
    all += String(chunk);
    if (all.length > 4 * MAX_HEX_BYTES) break;
  }
  return all;
}

interface Frame {
  readonly layouts: readonly HeaderLayout[];
  readonly bytes: Uint8Array;
  readonly reasons: readonly Reason[];
  /** What the sender's own stack wrote down. */
  readonly note: Text | null;
}

/** Reads up to the frame, and no further. */
async function findFrame(paths: readonly string[], wanted: number, io: Io): Promise<Frame> {
  const found = new AbortController();
  let frame: Frame | null = null;
  let last = 0;
  const seeker = new ReasonSeeker();
  const onPacket = (p: PacketRecord): void => {
    // What is read together with the frame comes after it.
    if (frame !== null) return;
    last = p.frame;
    seeker.onPacket(p);
    if (p.frame !== wanted) return;
    const bytes = new Uint8Array(p.view.buffer, p.view.byteOffset + p.at, p.capLen).slice();
    const view = new DataView(bytes.buffer);
    frame = {
      layouts: layoutPacket(view, 0, p.capLen, p.origLen, p.linkType),
      bytes,
      reasons: seeker.reasons(),
      note: seeker.note,
    };
    found.abort();
  };
  const onEvents = (events: readonly RecordedEvent[]): void => {
    if (frame === null) seeker.onEvents(events);
  };
  const { errors } = await readCapture(paths, { onPacket, onEvents }, { signal: found.signal });
  if (frame !== null) return frame;
  for (const error of errors) io.err(`seqack: ${error.text[io.lang]}`);
  throw new Failure(
    text(
      `there is no frame ${wanted}: the last one that holds a packet is ${last}`,
      `没有第 ${wanted} 帧：最后一个数据包是第 ${last} 帧`,
    ),
    errors.length === 0 ? Exit.FAILED : Exit.UNREADABLE,
  );
}
