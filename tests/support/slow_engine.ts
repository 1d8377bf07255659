import type { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import { type Engine, SKETCH_SIDE } from "../../server/engine/mod.ts";

const STATS = { threads: 1, tensors: 0, tensorBytes: 0, mostBytes: 0, heapBytes: 0, frames: 0, batches: 0 };

/** An engine whose every batch takes `batchMs` of a fake clock and says the same of every frame. */
export function slowEngine(clock: FakeClock, batchMs: number): Engine {
  return {
    model: {
      id: "slow",
      name: "Slow",
      width: 8,
      height: 8,
      defaultLayer: "head",
      classes: 3,
      knows: "3 classes",
      tries: [],
      labels: ["one", "two", "three"],
      layers: [{ name: "head", kind: "ReLU", shape: [1, 1, 1], inputs: [] }],
      projectionLayer: "head",
      normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] },
      about: { description: "", source: {}, licence: {}, layers: 0, parameters: 0, multiplyAdds: 0 },
    },
    threads: 1,
    threadsNote: null,
    admit: () => Promise.resolve({ sketch: new Uint8Array(SKETCH_SIDE ** 2), computeMs: 0 }),
    release: () => {},
    run: (batch) =>
      new Promise((resolve) => {
        const projection = { classes: [0, 1, 2], height: 1, width: 1, values: new Float32Array([3, 2, 1]) };
        const row = { ok: true, logits: new Float32Array([3, 2, 1]), projection, detail: null } as const;
        clock.after(batchMs, () => resolve({ rows: batch.map(() => row), computeMs: batchMs }));
      }),
    setHead: () => Promise.resolve(),
    stats: () => Promise.resolve(STATS),
    vitals: () => ({ restarts: 0, lastRestart: null, downMs: 0, stats: { ...STATS, ageMs: 0 } }),
    close: () => Promise.resolve(),
  };
}
