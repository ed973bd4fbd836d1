/** A browser and a web server that the tests of a file share. */
import { afterAll, beforeAll } from "vitest";
import { missing } from "../needs.ts";
import { startSurroundings, type Surroundings } from "./browser.ts";

/** The {@link Surroundings} of all tests of a file: started before them, where there is a Chromium, and closed after them. */
export function surroundingsOfTests(): Surroundings {
  let started: Surroundings | null = null;
  const here = (): Surroundings => {
    if (started === null) throw new Error("Cannot visit the page: no browser was started");
    return started;
  };
  beforeAll(async () => {
    if (missing("chromium") === null) started = await startSurroundings();
  });
  afterAll(() => started?.close());
  return {
    get browser() {
      return here().browser;
    },
    get url() {
      return here().url;
    },
    close: () => here().close(),
  };
}
