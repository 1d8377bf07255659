/**
 * A linear network whose every number and gradient can be predicted: each pixel belongs to a cell of 7×7 and to one of
 * ten classes; a cell's evidence for a class is the mean of its pixels. Global average pooling and a dense layer, which is
 * the identity, make the logits of it. There are no biases.
 */
import type { LoadedModel } from "../port.ts";
import type { Parts } from "./_parts.ts";

const RGB = 3;

/** Cells along a side of the features. */
const GRID = 7;
const LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** As many channels of the features. */
const CLASSES = LABELS.length;

/** Evidence lies between −this and this. */
const RANGE = 10;

/** What may be different about the model. */
export type ModelChanges = Partial<Pick<LoadedModel, "id" | "name" | "width" | "height">>;

/**
 * Wires the network up; by default it sees 224×224 px.
 *
 * @throws RangeError where a class has no pixel in some cell
 */
export function linearParts(changes: ModelChanges): Parts {
  const model = { id: "memory", name: "Ten numbers", width: 224, height: 224, ...changes };
  const { targets, weights } = wire(model);
  return {
    model: { ...model, labels: LABELS, normalisation: { mean: [127, 127, 127], scale: [128, 128, 128] } },
    layers: [{
      name: "features",
      kind: "Conv2D",
      side: GRID,
      channels: CLASSES,
      targets,
      fan: 1,
      weights,
      bias: new Float64Array(CLASSES),
      ceiling: null,
    }],
    head: {
      kernel: Float64Array.from({ length: CLASSES ** 2 }, (_, i) => i % (CLASSES + 1) === 0 ? 1 : 0),
      bias: new Float64Array(CLASSES),
    },
    picture(seed) {
      const evidence = Float32Array.from(
        { length: GRID ** 2 * CLASSES },
        (_, unit) => evidenceOf(seed, unit),
      );
      return Float32Array.from(targets, (unit) => evidence[unit] as number);
    },
    range: RANGE,
  };
}

/** Which number of the features each number of the input adds to, and its share of that one's mean. */
function wire({ width, height }: Pick<LoadedModel, "width" | "height">) {
  const targets = Uint32Array.from({ length: RGB * width * height }, (_, index) => {
    const px = Math.floor(index / RGB);
    const [y, x] = [Math.floor(px / width), px % width];
    const cell = Math.floor(y * GRID / height) * GRID + Math.floor(x * GRID / width);
    return cell * CLASSES + (x + 3 * y) % CLASSES;
  });
  const sizes = new Float64Array(GRID ** 2 * CLASSES);
  for (const unit of targets) sizes[unit] = (sizes[unit] as number) + 1;
  if (sizes.every((size) => size > 0)) {
    return { targets, weights: Float64Array.from(targets, (unit) => 1 / (sizes[unit] as number)) };
  }
  throw new RangeError(
    `Cannot make the engine: every class needs pixels in each of ${GRID}×${GRID} cells, got ${height}×${width}`,
  );
}

/** A number from −10 to 10 that only its arguments decide. */
function evidenceOf(...parts: readonly number[]): number {
  let state = 0;
  for (const part of parts) {
    state = Math.imul(state ^ part, 0x85ebca6b);
    state = Math.imul(state ^ state >>> 13, 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return (state >>> 0) / 2 ** 32 * 2 * RANGE - RANGE;
}
