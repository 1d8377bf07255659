import assert from "node:assert/strict";
import { normalise, writeVariation } from "./frames.ts";

const NORMALISATION = { mean: [10, 20, 30], scale: [1, 2, 5] } as const;

Deno.test("normalise() takes the mean off and divides, channel by channel", () => {
  const picture = { width: 2, height: 1, rgb: new Uint8Array([10, 24, 0, 255, 20, 35]) };
  assert.deepEqual(
    normalise(picture, { mean: [...NORMALISATION.mean], scale: [...NORMALISATION.scale] }),
    new Float32Array([0, 2, -6, 245, 0, 1]),
  );
});

Deno.test("writeVariation() fills a window with grey, black or white after normalisation, and nothing else", () => {
  const size = { height: 3, width: 4 };
  const frame = new Float32Array(36).fill(7);
  const window = { top: 1, left: 2, height: 2, width: 2 };
  const colours = { grey: [0, 0, 0], black: [-10, -10, -6], white: [245, 117.5, 45] } as const;
  for (const fill of ["grey", "black", "white"] as const) {
    const row = new Float32Array(36);
    writeVariation(row, frame, { kind: "fill", window, fill }, size, {
      mean: [...NORMALISATION.mean],
      scale: [...NORMALISATION.scale],
    });
    const wanted = [...frame.keys()].map((i) => {
      const [line, column] = [Math.floor(i / 12), Math.floor(i / 3) % 4];
      return line >= 1 && column >= 2 ? colours[fill][i % 3] : 7;
    });
    assert.deepEqual([...row], wanted);
  }
  assert.ok(frame.every((value) => value === 7));
});
