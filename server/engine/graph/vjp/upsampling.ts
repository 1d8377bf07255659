/** The gradient at the input of an enlargement. */
import type { Operations, Shape } from "../graph.ts";
import type { Kernels, Value } from "../kernels.ts";

/** The two inputs that an output cell along one axis is mixed of. */
interface Mix {
  readonly low: number;
  readonly high: number;
  /** Share of `high`, 0…1. */
  readonly share: number;
}

/**
 * Gives each output cell's gradient to the inputs that it was mixed of.
 *
 * @param gradient `[batch, height·rows, width·columns, channels]`; stays the caller's
 * @param shape the input's, `[batch, height, width, channels]`
 * @returns in the input's shape, the caller's to free
 */
export function upsampleVjp(
  kernels: Kernels,
  gradient: Value,
  shape: Shape,
  { factors, interpolation }: Operations["upsample"]["attrs"],
): Value {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const result = kernels.allocate(shape);
  const from = kernels.view(gradient);
  const to = kernels.view(result).fill(0);
  const mix = interpolation === "bilinear" ? bilinear : nearest;
  const rows = Array.from({ length: height * factors[0] }, (_, place) => mix(place, factors[0], height));
  const columns = Array.from({ length: width * factors[1] }, (_, place) => mix(place, factors[1], width));
  let source = 0;
  for (let b = 0; b < batch; b++) {
    for (const row of rows) {
      for (const column of columns) {
        for (const [y, down] of [[row.low, 1 - row.share], [row.high, row.share]] as const) {
          for (const [x, across] of [[column.low, 1 - column.share], [column.high, column.share]] as const) {
            const share = down * across;
            if (share === 0) continue;
            const target = ((b * height + y) * width + x) * channels;
            for (let c = 0; c < channels; c++) {
              to[target + c] = (to[target + c] as number) + share * (from[source + c] as number);
            }
          }
        }
        source += channels;
      }
    }
  }
  return result;
}

function nearest(place: number, factor: number): Mix {
  const cell = Math.floor(place / factor);
  return { low: cell, high: cell, share: 0 };
}

/** Half-pixel centres; beyond the outermost centres the border's value continues. */
function bilinear(place: number, factor: number, cells: number): Mix {
  const at = Math.min(cells - 1, Math.max(0, (place + 0.5) / factor - 0.5));
  const low = Math.floor(at);
  return { low, high: Math.min(cells - 1, low + 1), share: at - low };
}
