/** Variations of the fake network's frames, straight from their definitions. */
import { resizeBilinear } from "../../../shared/resize.ts";
import type { Fill, Mask, Variation } from "../../engine/port.ts";
import { randomNumbers } from "./_fake_random.ts";

/** A blurred frame is one colour here too. */
const FILL_VALUES: Readonly<Record<Fill, number>> = { grey: 0, black: -1, white: 1, blur: 0.5 };

const RGB = 3;

/** Size of the input, in pixels. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** The varied input, `[height, width, 3]`; `frame` stays as it is. */
export function vary(frame: Float64Array, variation: Variation, size: Size): Float64Array {
  switch (variation.kind) {
    case "none":
      return frame.slice();
    case "fill": {
      const { window, fill } = variation;
      return frame.map((value, at) => {
        const row = Math.floor(at / RGB / size.width) - window.top;
        const column = Math.floor(at / RGB) % size.width - window.left;
        const hidden = row >= 0 && row < window.height && column >= 0 && column < window.width;
        return hidden ? FILL_VALUES[fill] : value;
      });
    }
    case "scale": {
      const base = FILL_VALUES[variation.base];
      return frame.map((value) => base + variation.alpha * (value - base));
    }
    case "noise": {
      const deviation = variation.level * (Math.max(...frame) - Math.min(...frame));
      const random = randomNumbers(variation.seed);
      return frame.map((value) => value + deviation * normal(random));
    }
    case "mix": {
      const base = FILL_VALUES[variation.base];
      const share = enlarged(variation.mask, size);
      return frame.map((value, at) => base + (share[Math.floor(at / RGB)] ?? 0) * (value - base));
    }
    case "input":
      return Float64Array.from(variation.values);
    default: {
      const never: never = variation;
      throw new TypeError(`Cannot vary the frame: its kind is unknown, got ${never}`);
    }
  }
}

/** One number of the standard normal distribution (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Share of each pixel that stays, `[height, width]`. */
function enlarged(mask: Mask, size: Size): Float64Array {
  const { enlarged: whole = size, corner = { top: 0, left: 0 } } = mask;
  const values = resizeBilinear(mask, whole);
  return Float64Array.from({ length: size.height * size.width }, (_, at) => {
    const row = corner.top + Math.floor(at / size.width);
    return values[row * whole.width + corner.left + at % size.width] ?? 0;
  });
}
