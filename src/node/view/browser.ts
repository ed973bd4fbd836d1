/**
 * Opens an address in the user's browser.
 *
 * @module
 */
import { spawn } from "node:child_process";

/** True when a program took it; a machine without one, or without a screen, is no error. */
export function openBrowser(url: string): Promise<boolean> {
  const [program, args] =
    process.platform === "darwin"
      ? ["open", [url]]
      : process.platform === "win32"
        ? ["explorer", [url]]
        : ["xdg-open", [url]];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
    child.unref();
  });
}
