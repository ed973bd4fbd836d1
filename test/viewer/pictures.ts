/**
 * Pictures of the viewer's main views, of recordings that are the same in every run: those of docs/viewer.md, and what
 * the page must still look like.
 */
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { type CaptureBytes, chooseFiles, type Surroundings, visitPage } from "./browser.ts";

/** Where they are kept. */
export const PICTURES_AT: URL = new URL("../../docs/pictures/", import.meta.url);

/** One of them. */
export interface Picture {
  readonly name: string;
  /** What is shown: a scenario of the lab. */
  readonly scenario: string;
  readonly place: string;
  readonly theme: "light" | "dark";
}

const picture = (name: string, scenario: string, place: string): Picture => ({
  name,
  scenario,
  place: `#/stream/0/${place}`,
  theme: place.includes("theme=dark") ? "dark" : "light",
});

/** All of them. */
export const PICTURES: readonly Picture[] = [
  picture("segments", "lossy", "packet/64?view=segments"),
  picture("conversations", "two-flows", "?view=conversations"),
  picture("ladder", "echo", "packet/8?view=ladder"),
  picture("graphs", "bulk", "?view=graphs"),
  picture("header", "echo", "packet/2?view=header&theme=dark"),
  picture("bytes", "echo", "packet/10?view=bytes"),
  picture("story", "lossy", "?view=story"),
  picture("findings", "bulk", "?view=findings&theme=dark"),
];

/** So many screenshots that are alike: nothing moves any more. */
const SETTLED = 4;
/** Screenshots that may differ before the page is taken to be unsettled for good. */
const MOST_LOOKS = 200;

/** What the page looks like when all is shown: a PNG. */
export async function takePicture(around: Surroundings, of: Picture): Promise<Buffer> {
  const { page, close } = await visitPage(around, { place: of.place, theme: of.theme });
  await chooseFiles(page, await recordingOf(of.scenario));
  await page.locator(".open-inputs b").waitFor();
  await page.locator("main .empty-note, main .skeleton").first().waitFor({ state: "detached" });
  let before = await page.screenshot();
  let same = 0;
  for (let look = 0; look < MOST_LOOKS && same < SETTLED; look++) {
    const now = await page.screenshot();
    const isWaiting = await page.evaluate("document.documentElement.matches('[data-waiting]')");
    same = isWaiting === false && now.equals(before) ? same + 1 : 0;
    before = now;
  }
  await close();
  return before;
}

async function recordingOf(name: string): Promise<CaptureBytes> {
  const scenario = findScenario(name);
  if (scenario === null) throw new RangeError(`Cannot record ${name}: there is no such scenario`);
  const { recordings } = await runLab(scenario, { seed: 1 });
  return { name: `seqack-lab-${name}.pcapng`, bytes: recordings[0].bytes };
}

/** How much two PNGs differ, 0 to 255. */
export interface PictureDifference {
  /** Over all cells of a coarse grid, so that another font on the machine does not count. */
  readonly mean: number;
  /** In the cell in which they differ most, but for one in a hundred. */
  readonly most: number;
}

/** Compares in the browser, which can read PNG. */
export async function differenceOf(
  around: Surroundings,
  a: Uint8Array,
  b: Uint8Array,
): Promise<PictureDifference> {
  const page = await around.browser.newPage();
  const difference = await page.evaluate<PictureDifference>(
    `(${COMPARE})("${base64Of(a)}", "${base64Of(b)}")`,
  );
  await page.close();
  return difference;
}

const base64Of = (png: Uint8Array): string => Buffer.from(png).toString("base64");

const COMPARE = `async (...pngs) => {
  const [width, height] = [64, 40];
  const cellsOf = async (png) => {
    const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]), {
      resizeWidth: width, resizeHeight: height, resizeQuality: "high",
    });
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, width, height).data;
  };
  const [a, b] = await Promise.all(pngs.map(cellsOf));
  const cells = [];
  for (let i = 0; i < a.length; i += 4)
    cells.push(Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2])));
  cells.sort((x, y) => x - y);
  return { mean: cells.reduce((sum, x) => sum + x, 0) / cells.length, most: cells[Math.floor(cells.length * 0.99)] };
}`;
