/** Why a variation of a frame cannot be made. */
import { type Fill, FILLS, type InputWindow, type Mask, type Variation } from "../../port.ts";
import { type InputSize, RGB } from "./frame.ts";

/** Largest seed: 32 bits without a sign. */
export const MAX_SEED = 2 ** 32 - 1;

/** Says in half a sentence why a variation cannot be made, or null. */
export function variationFault(variation: Variation, size: InputSize): string | null {
  switch (variation.kind) {
    case "none":
      return null;
    case "fill":
      return windowFault(variation.window, size) ?? fillFault("fill", variation.fill);
    case "scale":
      return within(variation.alpha, 0, 1)
        ? fillFault("base", variation.base)
        : `expected an alpha of 0 to 1, got ${variation.alpha}`;
    case "noise":
      return noiseFault(variation);
    case "mix":
      return maskFault(variation.mask, size) ?? fillFault("base", variation.base);
    case "input":
      return inputFault(variation.values, size);
    default:
      return `expected a known variation, got ${JSON.stringify(variation satisfies never)}`;
  }
}

/** Reports whether a number is a whole one of a range, both ends included. */
export function whole(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/** Reports whether a number is a seed. */
export function isSeed(value: number): boolean {
  return whole(value, 0, MAX_SEED);
}

function windowFault(window: InputWindow, { height, width }: InputSize): string | null {
  const inside = whole(window.top, 0, height) && whole(window.left, 0, width) &&
    whole(window.height, 1, height - window.top) && whole(window.width, 1, width - window.left);
  return inside ? null : `expected a window inside ${height}×${width} px, got ${JSON.stringify(window)}`;
}

function fillFault(name: string, fill: Fill): string | null {
  return FILLS.includes(fill) ? null : `expected a ${name} of ${FILLS.join(", ")}, got ${fill}`;
}

function noiseFault({ seed, level }: Extract<Variation, { kind: "noise" }>): string | null {
  if (!isSeed(seed)) return `expected a seed of 0 to ${MAX_SEED}, got ${seed}`;
  return within(level, 0, Number.MAX_VALUE)
    ? null
    : `expected a level that is a share of the frame's span, 0 or more, got ${level}`;
}

function maskFault(mask: Mask, { height, width }: InputSize): string | null {
  const { enlarged = { height, width }, corner = { top: 0, left: 0 } } = mask;
  if (!whole(mask.height, 1, Infinity) || !whole(mask.width, 1, Infinity)) {
    return `expected a mask of 1 row and column or more, got ${mask.height}×${mask.width}`;
  }
  if (mask.values.length !== mask.height * mask.width) {
    return `expected ${mask.height * mask.width} values of a mask of ${mask.height}×${mask.width}, ` +
      `got ${mask.values.length}`;
  }
  const wrong = mask.values.find((value) => !within(value, 0, 1));
  if (wrong !== undefined) return `expected values of 0 to 1 in the mask, got ${wrong}`;
  if (!whole(enlarged.height, height, Infinity) || !whole(enlarged.width, width, Infinity)) {
    return `expected a mask that is enlarged to ${height}×${width} px or more, ` +
      `got ${enlarged.height}×${enlarged.width}`;
  }
  const [down, across] = [enlarged.height - height, enlarged.width - width];
  return whole(corner.top, 0, down) && whole(corner.left, 0, across)
    ? null
    : `expected the input's corner within ${down} px down and ${across} px across of its mask, ` +
      `got ${corner.top}, ${corner.left}`;
}

function inputFault(values: Float32Array, { height, width }: InputSize): string | null {
  const length = RGB * height * width;
  if (values.length !== length) {
    return `expected ${length} values for an input of ${height}×${width} px, got ${values.length}`;
  }
  const wrong = values.find((value) => !Number.isFinite(value));
  return wrong === undefined ? null : `expected an input whose values are finite, got ${wrong}`;
}

/** Reports whether a number lies in a range, both ends included; NaN lies in none. */
function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
