// `npx seqack` in a checkout runs the built file itself, so it has to be executable.
import { chmodSync } from "node:fs";

chmodSync(new URL("../dist/cli/main.js", import.meta.url), 0o755);
