/**
 * Where the page starts.
 *
 * @module
 */
import { render } from "preact";
import { App } from "./app.ts";
import { collectAfterDrawing } from "./drawing-litter.ts";
import { openServed } from "./served.ts";
import { Shell } from "./shell/shell.tsx";

collectAfterDrawing();
const app = new App();
const root = document.getElementById("root");
if (root !== null) {
  root.textContent = "";
  render(<Shell app={app} />, root);
}
void openServed(app);
