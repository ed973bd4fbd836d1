/**
 * The bytes of a stream as a file.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import type { ByteView } from "../../model/bytes/byte-streams.ts";
import type { DirectionSums } from "../../model/bytes/direction.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";

/** Gives the captured bytes to the browser to keep, `stream-0-client.bin`; holes are left out, and that is said. */
export async function saveStream(
  app: App,
  { stream, dir }: ByteView,
  sum: DirectionSums,
): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let from: number | null = sum.from; from !== null;) {
    const block: { readonly bytes: Uint8Array<ArrayBuffer>; readonly next: number | null } =
      await app.client.ask("byteBlock", { stream, dir, from });
    parts.push(block.bytes);
    from = block.next;
  }
  const url = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `stream-${stream}-${dir === 0 ? "client" : "server"}.bin`;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  const n = showCount(sum.bytes);
  const missing = showCount(sum.missing);
  app.notice.value =
    sum.holes === 0
      ? text(`${n} bytes were saved.`, `已保存 ${n} 字节。`)
      : text(
          `${n} bytes were saved; the ${missing} missing ones are left out.`,
          `已保存 ${n} 字节；缺少的 ${missing} 字节已略去。`,
        );
}
