/**
 * Which words of a command line are captures.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { text } from "../base/lang.ts";
import { fileName } from "../node/file-name.ts";
import { FilterError } from "../pcap/filter/error.ts";
import { parseFilter } from "../pcap/filter/parser.ts";
import { UsageError } from "./command.ts";

/** Names that end so mean captures, there or not. */
const CAPTURE_NAME = /\.(?:pcap|pcapng|cap|ntar|snoop)(?:\.?\d+)?(?:\.(?:gz|zst|lz4))?$/i;

/**
 * The words as captures to read as one.
 *
 * @throws {UsageError} when there is none, or standard input would be read twice.
 */
export function inputsOf(words: readonly string[]): readonly string[] {
  if (words.length === 0) {
    throw new UsageError(
      text(
        "which capture? name a file, or - for standard input",
        "要读哪个抓包？请给出文件名，或用 - 表示标准输入",
      ),
    );
  }
  if (words.filter((word) => word === "-").length > 1) {
    throw new UsageError(text("standard input (-) can be read once", "标准输入（-）只能读一次"));
  }
  return words;
}

/** Captures, and the capture filter behind them. */
interface InputsAndFilter {
  readonly paths: readonly string[];
  readonly filter: string;
}

/**
 * Tells captures from the filter that follows them: the first word is a capture; words behind it
 * belong to a filter as soon as all of the rest is one, so that a file called `tcp` is in nobody's way.
 * (A wrong filter begins where no more files are.)
 *
 * @throws {UsageError} as {@link inputsOf} does.
 */
export function inputsAndFilter(words: readonly string[]): InputsAndFilter {
  let files = Math.min(1, words.length);
  while (!isFilter(words.slice(files)) && isInput(words[files])) files++;
  return { paths: inputsOf(words.slice(0, files)), filter: words.slice(files).join(" ") };
}

function isInput(word: string | undefined): boolean {
  if (word === undefined) return false;
  return word === "-" || CAPTURE_NAME.test(word) || existsSync(fileName(word));
}

function isFilter(words: readonly string[]): boolean {
  try {
    parseFilter(words.join(" "));
    return true;
  } catch (e) {
    if (e instanceof FilterError) return false;
    throw e;
  }
}
