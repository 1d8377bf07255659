/** Why a variation of a frame cannot be made. */
import { type Fill, FILLS, type InputWindow, type Mask, type Variation } from "../../port.ts";
import { type InputSize, RGB } from "./frame.ts";

/** Largest seed: 32 bits without a sign. */
const MAX_SEED = 2 ** 32 - 1;

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
        : `its alpha has to be 0 to 1: current value is ${variation.alpha}`;
    case "noise":
      return noiseFault(variation);
    case "mix":
      return maskFault(variation.mask, size) ?? fillFault("base", variation.base);
    case "input":
      return inputFault(variation.values, size);
    default:
      return `its variation is none that Gradcast knows: current value is ${variation satisfies never}`;
  }
}

/** Tells whether a number is a whole one of a range, both ends included. */
export function whole(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/** Tells whether a number is a seed. */
export function isSeed(value: number): boolean {
  return whole(value, 0, MAX_SEED);
}

function windowFault(window: InputWindow, { height, width }: InputSize): string | null {
  const inside = whole(window.top, 0, height) && whole(window.left, 0, width) &&
    whole(window.height, 1, height - window.top) && whole(window.width, 1, width - window.left);
  return inside
    ? null
    : `its window has to lie inside ${height}×${width} px: current value is ${JSON.stringify(window)}`;
}

function fillFault(name: string, fill: Fill): string | null {
  return FILLS.includes(fill)
    ? null
    : `its ${name} has to be one of ${FILLS.join(", ")}: current value is ${fill}`;
}

function noiseFault({ seed, level }: Extract<Variation, { kind: "noise" }>): string | null {
  if (!isSeed(seed)) return `its seed has to be 0 to ${MAX_SEED}: current value is ${seed}`;
  return within(level, 0, Number.MAX_VALUE)
    ? null
    : `its level has to be a share of the frame's span, 0 or more: current value is ${level}`;
}

function maskFault(mask: Mask, { height, width }: InputSize): string | null {
  const { enlarged = { height, width }, corner = { top: 0, left: 0 } } = mask;
  if (!whole(mask.height, 1, Infinity) || !whole(mask.width, 1, Infinity)) {
    return `its mask has to have 1 row and column or more: current value is ${mask.height}×${mask.width}`;
  }
  if (mask.values.length !== mask.height * mask.width) {
    return `its mask of ${mask.height}×${mask.width} has to have ${mask.height * mask.width} values: ` +
      `current value is ${mask.values.length}`;
  }
  const wrong = mask.values.find((value) => !within(value, 0, 1));
  if (wrong !== undefined) return `its mask's values have to be 0 to 1: current value is ${wrong}`;
  if (!whole(enlarged.height, height, Infinity) || !whole(enlarged.width, width, Infinity)) {
    return `its mask has to be enlarged to ${height}×${width} px or more: ` +
      `current value is ${enlarged.height}×${enlarged.width}`;
  }
  const [down, across] = [enlarged.height - height, enlarged.width - width];
  return whole(corner.top, 0, down) && whole(corner.left, 0, across)
    ? null
    : `the input's corner has to lie within ${down} px down and ${across} px across of its mask: ` +
      `current value is ${corner.top}, ${corner.left}`;
}

function inputFault(values: Float32Array, { height, width }: InputSize): string | null {
  const length = RGB * height * width;
  if (values.length !== length) {
    return `its input of ${height}×${width} px has to have ${length} values: current value is ${values.length}`;
  }
  const wrong = values.find((value) => !Number.isFinite(value));
  return wrong === undefined ? null : `its input's values have to be finite: current value is ${wrong}`;
}

/** Tells whether a number lies in a range, both ends included; NaN lies in none. */
function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
