/**
 * What a scenario of the lab is: two programs, and what they are to show.
 *
 * @module
 */
import type { Text } from "../base/lang.ts";
import type { Network } from "../net/types.ts";
import type { LabOptions } from "./options.ts";

/** The world that the programs of a scenario live in. */
export interface LabWorld {
  /** The network as the server's machine has it. */
  readonly server: Network;
  /** The network as the client's machine has it. */
  readonly client: Network;
  /** Where the server listens, `"10.0.0.2:8080"`: the article's port. */
  readonly address: string;
  /** See {@link LabOptions}. */
  readonly bytes: number;
  readonly count: number;
  /** Waits, on the run's own clock. */
  sleep(ms: number): Promise<void>;
  /** What a program prints. */
  say(program: "server" | "client", line: Text): void;
  /** The server's machine loses its power: it says nothing any more and hears nothing. */
  crashServer(): void;
  /** A new machine under the same address, which knows nothing of before. */
  rebootServer(): void;
}

/** One scenario. */
export interface Scenario {
  /** As it is called on the command line. */
  readonly name: string;
  /** What happens, in a few words. */
  readonly title: Text;
  /** What it shows. */
  readonly shows: Text;
  /** Which part of the article it belongs to. */
  readonly article: Text;
  /** What to look at in the recording. */
  readonly look: Text;
  /** Where it differs from `LAB_DEFAULTS`. */
  readonly options: LabOptions;
  /** Both programs; resolves when they are done. A failed call of theirs is no failure of the run. */
  run(world: LabWorld): Promise<void>;
}
