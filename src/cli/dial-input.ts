/**
 * What is typed, or piped in, as messages of one line each.
 *
 * @module
 */

/** A message, or a piece of a long one. */
export interface InputPiece {
  /** As it was typed, line end included. */
  readonly bytes: Uint8Array;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** A longer line is sent in pieces, so that memory is bounded. */
export const PIECE_LEN: number = 64 * 1024;

const NEWLINE = 0x0a;

/**
 * Lines of `chunks`; the last one may lack its newline.
 *
 * @yields Each line, a long one in pieces.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<InputPiece, void, undefined> {
  let held: Uint8Array[] = [];
  let heldLen = 0;
  let isFirst = true;
  const piece = (isLast: boolean): InputPiece => {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held);
    const result = { bytes, isFirst, isLast };
    held = [];
    heldLen = 0;
    isFirst = isLast;
    return result;
  };
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, at);
      const lineEnd = newline < 0 ? chunk.length : newline + 1;
      const end = Math.min(lineEnd, at + PIECE_LEN - heldLen);
      held.push(chunk.subarray(at, end));
      heldLen += end - at;
      at = end;
      if (newline >= 0 && end === lineEnd) yield piece(true);
      else if (heldLen === PIECE_LEN) yield piece(false);
    }
  }
  if (heldLen > 0 || !isFirst) yield piece(true);
}

/** Whether a line is `q` or `Q`, as the article's client looks at it. */
export function isQuit({ bytes, isFirst, isLast }: InputPiece): boolean {
  if (!isFirst || !isLast || bytes.length > 4096) return false;
  return /^[\r\n]*q[\r\n]*$/i.test(Buffer.from(bytes).toString("latin1"));
}
