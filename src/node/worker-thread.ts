/**
 * Starting a worker from a module of ours, compiled or not: Node 20 reads no
 * TypeScript, so that a checkout running from its sources goes through tsx.
 *
 * @module
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** @param module Path without suffix, relative to `from` (an `import.meta.url`). */
export function startWorker(module: string, from: string, options: WorkerOptions): Worker {
  if (!from.endsWith(".ts")) return new Worker(new URL(`${module}.js`, from), options);
  const tsx = pathToFileURL(createRequire(from).resolve("tsx/package.json"));
  const register = new URL("dist/esm/api/index.mjs", tsx).href;
  const start = `import(${JSON.stringify(register)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(new URL(`${module}.ts`, from).href)});
  })`;
  return new Worker(start, { ...options, eval: true });
}
