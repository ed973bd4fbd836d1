import { expect, test } from "vitest";
import { KeyQueue } from "./key-queue.ts";

/** A step that notes its name when it begins, and ends when told. */
function stepOf(log: string[], name: string): { run: () => Promise<void>; end: () => void } {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = (): Promise<void> => {
    log.push(name);
    return ended;
  };
  return { run, end };
}

test("each begins when the one before has ended, also when that failed", async () => {
  const log: string[] = [];
  const queue = new KeyQueue();
  const a = stepOf(log, "a");
  const first = queue.take(a.run);
  const failing = queue.take(() => {
    log.push("b");
    return Promise.reject(new Error("no"));
  });
  const last = queue.take(() => Promise.resolve(void log.push("c")));
  await Promise.resolve();
  expect(log).toEqual(["a"]);
  a.end();
  await first;
  await expect(failing).rejects.toThrow("no");
  await last;
  expect(log).toEqual(["a", "b", "c"]);
});

test("what was forgotten before it began never does; nobody waits for what had", async () => {
  const log: string[] = [];
  const queue = new KeyQueue();
  const endless = stepOf(log, "endless");
  void queue.take(endless.run);
  const waiting = queue.take(() => Promise.resolve(void log.push("waiting")));
  await Promise.resolve();
  queue.forget();
  await queue.take(() => Promise.resolve(void log.push("fresh")));
  endless.end();
  await waiting;
  expect(log).toEqual(["endless", "fresh"]);
});

test("a step is forgotten that was taken and not begun in the same turn", async () => {
  const log: string[] = [];
  const queue = new KeyQueue();
  const taken = queue.take(() => Promise.resolve(void log.push("old")));
  queue.forget();
  await taken;
  expect(log).toEqual([]);
});
