/** The main views look as in docs/pictures. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { differenceOf, PICTURES, PICTURES_AT, takePicture } from "./pictures.ts";

const browserTest = testWith("chromium");
const kept = (name: string): Buffer => readFileSync(new URL(`${name}.png`, PICTURES_AT));

/** What other fonts may do to the means of coarse cells. */
const MOST = { mean: 5, most: 60 };

const around = surroundingsOfTests();

for (const picture of PICTURES) {
  browserTest(
    `${picture.name} looks as it did; scripts/viewer-pictures.ts takes new pictures`,
    async () => {
      const now = await takePicture(around, picture);
      const { mean, most } = await differenceOf(around, now, kept(picture.name));
      expect(mean).toBeLessThan(MOST.mean);
      expect(most).toBeLessThan(MOST.most);
    },
  );
}

browserTest("another view is told from it", async () => {
  for (const [a, b] of [
    ["segments", "conversations"],
    ["ladder", "graphs"],
    ["story", "segments"],
  ] as const) {
    const { mean, most } = await differenceOf(around, kept(a), kept(b));
    expect(mean > MOST.mean || most > MOST.most).toBe(true);
  }
});
