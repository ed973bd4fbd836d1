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

/** What antialiasing may do to it. */
const SAME = 0.05;

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

// Rows around the lower edge of what is seen: how high that is comes late.
browserTest.each([
  ["segments", 25],
  ["segments", 300],
  ["ladder", 25],
] as const)("the same link shows the same picture: %s, frame %d", async (view, frame) => {
  const place = `#/stream/0/packet/${frame}?view=${view}`;
  const of = { name: view, scenario: "lossy", place, theme: "light" } as const;
  const first = await takePicture(around, of);
  for (let again = 0; again < 2; again++) {
    const { mean } = await differenceOf(around, first, await takePicture(around, of));
    expect(mean).toBeLessThan(SAME);
  }
});

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
