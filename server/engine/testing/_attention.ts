/** Attention that the small network is said to have: numbers that a seed decides, of two blocks over its last cells. */
import type { AttentionInfo, Detail, Want } from "../port.ts";
import type { SpatialLayer } from "./_layers.ts";
import { randomNumbers } from "./random_numbers.ts";

const BLOCKS = 2;

/** A class token, then the cells of the last layer. */
export function attentionInfo(layers: readonly SpatialLayer[]): AttentionInfo {
  const side = layers.at(-1)?.side ?? 1;
  return {
    blocks: BLOCKS,
    tokens: 1 + side ** 2,
    grid: { height: side, width: side, skip: 1 },
    readouts: true,
  };
}

/** Shares whose rows add up to 1, or what is gained by them: no less than 0. */
export function attentionOf(
  { of }: Extract<Want, { kind: "attention" }>,
  classIndex: number,
  layers: readonly SpatialLayer[],
): Extract<Detail, { kind: "attention" }> {
  const { tokens } = attentionInfo(layers);
  const maps = Array.from({ length: BLOCKS }, (_, block) => {
    const random = randomNumbers(of === "shares" ? block : 100 * (classIndex + 1) + block);
    const rows = Array.from({ length: of === "readout-gradients" ? 1 : tokens }, () => {
      const row = Array.from({ length: tokens }, random);
      const sum = of === "shares" ? row.reduce((all, value) => all + value, 0) : 1;
      return row.map((value) => value / sum);
    });
    return Float32Array.from(rows.flat());
  });
  return { kind: "attention", classIndex, tokens, maps };
}
