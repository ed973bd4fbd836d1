/**
 * What befalls packets on one direction of a link, as events of a recording.
 *
 * @module
 */
import type { DecisionAct, RecordedEvent } from "../pcap/event.ts";
import type { LinkEvent, LinkProbe } from "../stack/link/link-event.ts";
import { packetNames } from "./packet-names.ts";
import { toWallNs } from "./recorder.ts";

/** A probe that tells of drops, marks, damage, copies and detours. */
export function linkTruth(tell: (event: RecordedEvent) => void): LinkProbe {
  /** When packets left their senders, by their number on the link. */
  const sentNs = new Map<number, number>();
  return (event) => {
    if (event.name === "queued") sentNs.set(event.id, event.atNs);
    const told = tellOf(event);
    if (told !== null) {
      const time = toWallNs(event.atNs);
      // What was refused at once was never queued.
      const sent = toWallNs(sentNs.get(event.id) ?? event.atNs);
      tell({ kind: "decision", by: "link", ...told, time, ...packetNames(event.packet), sent });
    }
    if (event.name === "dropped" || event.name === "arrived") sentNs.delete(event.id);
  };
}

function tellOf(event: LinkEvent): { readonly act: DecisionAct; readonly why: string } | null {
  switch (event.name) {
    case "dropped":
      return { act: "dropped", why: event.why };
    case "marked":
      return { act: "marked", why: "codel" };
    case "corrupted":
      return { act: "corrupted", why: `bit ${event.bit}` };
    case "duplicated":
      return { act: "duplicated", why: "the link delivers it twice" };
    case "held":
      return { act: "held", why: "others may overtake it" };
    case "queued":
    case "sending":
    case "arrived":
      return null;
  }
}
