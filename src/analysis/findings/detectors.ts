/**
 * What is looked for, in the order in which it is told.
 *
 * @module
 */
import { RepeatedAcks, SlowHandshake } from "./detectors/acks.ts";
import { Checksums, Completeness, LargeSegments } from "./detectors/capture.ts";
import { Farewells } from "./detectors/farewells.ts";
import { NeedlessRetransmissions, Reordering, Retransmissions } from "./detectors/loss.ts";
import { Nagle } from "./detectors/nagle.ts";
import { CongestionMarks, Distances, Rarities } from "./detectors/network.ts";
import { Opening } from "./detectors/opening.ts";
import { Options } from "./detectors/options.ts";
import {
  DelayedAcks,
  KeepAlives,
  SlowAnswers,
  SlowStartAfterIdle,
  TinySegments,
} from "./detectors/pace.ts";
import { PortReuse } from "./detectors/ports.ts";
import { Resets } from "./detectors/resets.ts";
import { ClosedWindow, FilledWindow } from "./detectors/window.ts";
import type { Detector, Workbench } from "./moment.ts";

/** One of each. */
export function detectorsOn(bench: Workbench): readonly Detector[] {
  const options = new Options(bench);
  return [
    new Opening(bench),
    new PortReuse(bench),
    options,
    new SlowHandshake(bench),
    new Nagle(bench, options),
    new ClosedWindow(bench),
    new FilledWindow(bench),
    new Retransmissions(bench),
    new NeedlessRetransmissions(),
    new Reordering(bench),
    new RepeatedAcks(bench),
    new TinySegments(bench),
    new SlowAnswers(bench),
    new SlowStartAfterIdle(bench),
    new DelayedAcks(bench),
    new CongestionMarks(bench),
    new Distances(bench),
    new Rarities(bench),
    new Resets(bench),
    new Farewells(bench),
    new KeepAlives(bench),
    new Completeness(bench),
    new Checksums(bench),
    new LargeSegments(bench, options),
  ];
}
