/**
 * Convolutions in groups as matrix products. Small groups are merged until they fill a panel of columns: the product then
 * multiplies with zeros between the groups, which takes less than panels that are mostly empty.
 */
import { PANEL } from "./gemm_layout.ts";
import { packedLength, packPanels } from "./native.ts";

/** How a convolution's channels are cut. */
export interface Merged {
  /** Products for one place. */
  readonly count: number;
  /** Groups in each of them. */
  readonly groups: number;
  /** Input and output channels of each of them. */
  readonly from: number;
  readonly to: number;
}

/**
 * Merges groups.
 *
 * @param kernelShape `[height, width, in / groups, out]`
 */
export function mergeGroups([, , seen = 1, filters = 1]: readonly number[], groups: number): Merged {
  const each = filters / groups;
  let merged = 1;
  while (merged < groups && (merged * each < PANEL || groups % merged !== 0)) merged++;
  return { count: groups / merged, groups: merged, from: merged * seen, to: merged * each };
}

/** Numbers of one product's panels. */
export function groupPanelLength([height = 1, width = 1]: readonly number[], { from, to }: Merged): number {
  return packedLength(height * width * from, to);
}

/**
 * Lays a kernel out in panels, one product's behind the other's.
 *
 * @param shape `[height, width, in / groups, out]`
 */
export function packGroups(
  shape: readonly number[],
  merged: Merged,
  values: Float32Array,
): Float32Array<ArrayBuffer> {
  const [height = 1, width = 1, seen = 1, filters = 1] = shape;
  const each = merged.to / merged.groups;
  const length = groupPanelLength(shape, merged);
  const packed = new Float32Array(merged.count * length);
  for (let product = 0; product < merged.count; product++) {
    const panels = packPanels(height * width * merged.from, merged.to, (row, column) => {
      const channel = row % merged.from;
      if (Math.floor(channel / seen) !== Math.floor(column / each)) return 0;
      const tap = Math.floor(row / merged.from);
      return values[(tap * seen + channel % seen) * filters + product * merged.to + column] ?? 0;
    });
    packed.set(panels, product * length);
  }
  return packed;
}
