/** Bulk data between our stack and the Linux kernel, over links that lose and reorder. */
import { expect } from "vitest";
import { testWith } from "../needs.ts";
import { FAR_IP, KERNEL_IP, Rig, type RigOptions } from "./rig.ts";
import { connected, receiveAll, sendAll } from "./transfer.ts";

const MB = 1e6;
const MS = 1e6;
/** Each way; `SEQACK_KERNEL_MB=100` for what was promised, which takes half an hour. */
const MEGABYTES = Number(process.env["SEQACK_KERNEL_MB"] ?? 1);

const REORDER = { p: 0.01, byNs: 2 * MS };
const testOnTun = testWith("root", "linux", "tun");

const CASES = [0, 0.01, 0.05].flatMap((loss) =>
  (["cubic", "reno"] as const).flatMap((congestion) =>
    (["kernel", "stack"] as const).map((dialler) => ({ loss, congestion, dialler })),
  ),
);

testOnTun.each(CASES)(
  "$loss loss, $congestion, the $dialler dials: both directions arrive whole",
  async ({ loss, congestion, dialler }) => {
    const link = {
      seed: 7,
      delayNs: MS,
      ...(loss > 0 && { loss: { name: "uniform", p: loss } as const, reorder: REORDER }),
    };
    const options: RigOptions = {
      far: "stack",
      link,
      profile: { congestion },
      kernel: { congestion },
    };
    await using rig = new Rig(options);
    const isKernel = dialler === "kernel";
    const { dialled, accepted } = isKernel
      ? await connected(rig.kernel, rig.far, FAR_IP)
      : await connected(rig.far, rig.kernel, KERNEL_IP);
    for (const [from, to] of [
      [dialled, accepted],
      [accepted, dialled],
    ] as const) {
      const began = performance.now();
      const [sent, received] = await Promise.all([
        sendAll(from, MEGABYTES * MB, 1),
        receiveAll(to),
      ]);
      const seconds = (performance.now() - began) / 1000;
      const who = (from === dialled) === isKernel ? "kernel to stack" : "stack to kernel";
      process.stdout.write(
        `${congestion} ${loss} ${dialler} dials, ${who}: ${(MEGABYTES / seconds).toFixed(1)} MB/s\n`,
      );
      expect(received).toEqual(sent);
    }
  },
  3_600_000,
);
