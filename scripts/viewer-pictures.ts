/**
 * `npm run build && npx tsx scripts/viewer-pictures.ts`: makes the pictures of docs/viewer.md anew, which the tests compare the
 * page with. Needs Chromium.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { startSurroundings } from "../test/viewer/browser.ts";
import { PICTURES, PICTURES_AT, takePicture } from "../test/viewer/pictures.ts";

mkdirSync(PICTURES_AT, { recursive: true });
const around = await startSurroundings();
for (const picture of PICTURES) {
  const png = await takePicture(around, picture);
  writeFileSync(new URL(`${picture.name}.png`, PICTURES_AT), png);
  console.log(`${picture.name}.png: ${png.length} bytes`);
}
await around.close();
