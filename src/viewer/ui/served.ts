/**
 * When the page comes from `seqack view`: opens what the server offers, and notices when it ends.
 *
 * @module
 */
import type { Input } from "../model/protocol.ts";
import type { App } from "./app.ts";

/** What `seqack view` answers at `recordings.json`. */
interface Offer {
  readonly recordings: readonly {
    readonly name: string;
    readonly size: number | null;
    readonly url: string;
  }[];
}

/** Does nothing on a page that came as plain files. */
export async function openServed(app: App): Promise<void> {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="seqack-served"]');
  if (meta?.content !== "yes") return;
  const response = await fetch("recordings.json", { cache: "no-store" });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own server's answer
  const { recordings } = (await response.json()) as Offer;
  const inputs: Input<Blob>[] = recordings.map(({ name, size, url }) => ({
    name,
    size,
    from: { url: new URL(url, document.baseURI).href },
  }));
  app.server.value = "live";
  if (inputs.length > 0) app.open(inputs, true);
  await untilGone();
  app.server.value = "gone";
}

/** The server holds this answer back as long as it lives. */
async function untilGone(): Promise<void> {
  try {
    const response = await fetch("alive", { cache: "no-store" });
    const reader = response.body?.getReader();
    while ((await reader?.read())?.done === false);
  } catch {
    // Gone is gone, however.
  }
}
