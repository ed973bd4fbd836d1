/**
 * Where the page starts.
 *
 * @module
 */
import { render } from "preact";
import { App } from "./app.ts";
import { openServed } from "./served.ts";
import { Shell } from "./shell/shell.tsx";

const app = new App();
const root = document.getElementById("root");
if (root !== null) {
  root.textContent = "";
  render(<Shell app={app} />, root);
}
void openServed(app);
