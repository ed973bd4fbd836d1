/**
 * What `conversations` prints: a table, blocks of words, fields, JSON.
 *
 * @module
 */
import type { Conversation } from "../analysis/conversations/conversation.ts";
import type { Conversations } from "../analysis/conversations/conversations.ts";
import { TopConversations } from "../analysis/conversations/top.ts";
import { count, plural } from "../analysis/words.ts";
import { text, type Text } from "../base/lang.ts";
import { formatConversation } from "../report/conversation-block.ts";
import { conversationJson, conversationRow } from "../report/conversation-fields.ts";
import { formatConversationTable } from "../report/conversation-table.ts";
import { Failure, type Io } from "./command.ts";
import type { ConversationOptions } from "./conversations-options.ts";

/** One face of the connections of one capture. */
export interface ConversationOutput {
  /** Takes rows, which may be forgotten then: what can be printed now. */
  take(rows: Conversations): string;
  /** The rest. */
  end(): string;
  /** Says on stderr what is missing in the output. @throws {Failure} when the connection asked for is. */
  finish(packets: number): void;
}

/** The output that was asked for. */
export function conversationOutput(options: ConversationOptions, io: Io): ConversationOutput {
  return new Output(options, io);
}

class Output implements ConversationOutput {
  readonly #options: ConversationOptions;
  readonly #io: Io;
  readonly #top: TopConversations | null;
  #seen = 0;
  #shown = 0;
  #printed = 0;

  constructor(options: ConversationOptions, io: Io) {
    this.#options = options;
    this.#io = io;
    const { order, limit } = options;
    this.#top = order === null ? null : new TopConversations(order, limit);
  }

  take(rows: Conversations): string {
    this.#seen += rows.length;
    const { stream } = this.#options;
    if (stream !== null) keepStream(rows, stream);
    if (this.#top === null) return this.#lines(rows);
    this.#top.take(rows);
    return "";
  }

  end(): string {
    if (this.#top === null) return this.#head() + this.#tail();
    const rows = this.#top.result();
    this.#shown = rows.length;
    return this.#options.format === "text"
      ? this.#text([...rows])
      : this.#lines(rows) + this.#head() + this.#tail();
  }

  finish(packets: number): void {
    const { stream, limit } = this.#options;
    if (stream !== null && this.#shown === 0) throw noSuchStream(stream, this.#seen);
    if (this.#seen === 0) this.#say(noConnections(packets));
    else if (this.#top !== null && stream === null && this.#seen > this.#shown) {
      this.#say(more(this.#seen - this.#shown, limit));
    }
  }

  #say(words: Text): void {
    this.#io.err(words[this.#io.lang]);
  }

  #text(rows: readonly Conversation[]): string {
    const { lang, paint, columns, stdoutIsTerminal } = this.#io;
    const { verbose, wide } = this.#options;
    if (rows.length === 0) return "";
    if (verbose) {
      return rows.map((c) => formatConversation(c, { lang, paint, columns })).join("\n");
    }
    // Into a pipe each connection is one line: it can be searched.
    const width = stdoutIsTerminal ? columns : undefined;
    return formatConversationTable(rows, { lang, paint, wide, columns: width });
  }

  #lines(rows: Conversations): string {
    let out = "";
    for (const c of rows) out += this.#head() + this.#line(c);
    this.#shown += this.#top === null ? rows.length : 0;
    return out;
  }

  /** Stands before the first line, once. */
  #head(): string {
    if (this.#printed > 0) return "";
    this.#printed = 1;
    const { format, fields } = this.#options;
    if (format === "json") return "[";
    return format === "tsv" ? `${fields.map(({ name }) => name).join("\t")}\n` : "";
  }

  #line(c: Conversation): string {
    const { format, fields } = this.#options;
    if (format !== "json") return `${conversationRow(c, fields)}\n`;
    return `${this.#printed++ === 1 ? "" : ","}\n${conversationJson(c)}`;
  }

  #tail(): string {
    if (this.#options.format !== "json") return "";
    return this.#printed > 1 ? "\n]\n" : "]\n";
  }
}

function keepStream(rows: Conversations, stream: number): void {
  const row = rows.columns.stream.subarray(0, rows.length).indexOf(stream);
  rows.reorder(row === -1 ? [] : [row]);
}

function noSuchStream(stream: number, seen: number): Failure {
  return new Failure(
    text(
      `there is no connection ${stream}: the capture has ${seen}${seen === 0 ? "" : ", numbered from 0"}`,
      `没有编号为 ${stream} 的连接：抓包中共有 ${seen} 条${seen === 0 ? "" : "，从 0 开始编号"}`,
    ),
  );
}

function noConnections(packets: number): Text {
  return text(
    `There is no TCP segment in this capture${packets === 0 ? ", nor any packet" : ` of ${plural(packets, "packet")}`}.`,
    packets === 0
      ? "这份抓包里没有任何包。"
      : `这份抓包共 ${count(packets)} 个包，没有 TCP 报文段。`,
  );
}

function more(left: number, limit: number): Text {
  return text(
    `${plural(left, "more connection")}: --limit N shows more than ${limit}, -T tsv all of them.`,
    `还有 ${count(left)} 条连接：--limit N 可以多于 ${limit} 条，-T tsv 显示全部。`,
  );
}
