/** Where the cells of a raw map lie on the model's input. */
import * as v from "valibot";

/**
 * The rectangle that all cells of a map cover together, as shares of the input's sides: cell (i, j) of an h × w map
 * reaches from `top + i·height/h` to `top + (i + 1)·height/h` and likewise across. It may begin before the input or end
 * behind it, and it may leave some of the input uncovered; there the nearest cell's value holds.
 */
export interface MapExtent {
  readonly top: number;
  readonly left: number;
  /** Above 0. */
  readonly height: number;
  /** Above 0. */
  readonly width: number;
}

/** The extent of cells that tile the input, which is that of a map that names none. */
export const WHOLE_INPUT: MapExtent = { top: 0, left: 0, height: 1, width: 1 };

const Share = v.pipe(v.number(), v.finite());
const Length = v.pipe(Share, v.gtValue(0));

/** The same in JSON. */
export const MapExtentSchema = v.object({ top: Share, left: Share, height: Length, width: Length });

/** True where the cells tile the input. */
export function isWholeInput({ top, left, height, width }: MapExtent): boolean {
  return top === 0 && left === 0 && height === 1 && width === 1;
}

/** The extent as a property to be spread into a map: none where the cells tile the input. */
export function extentProperty(extent: MapExtent | undefined): { readonly extent?: MapExtent } {
  return extent === undefined || isWholeInput(extent) ? {} : { extent };
}

/** A place among the cells, in cells from the map's top left corner, as shares of the input's sides. */
export function placeOnInput(
  { row, column }: { readonly row: number; readonly column: number },
  { height, width, extent = WHOLE_INPUT }: {
    readonly height: number;
    readonly width: number;
    readonly extent?: MapExtent;
  },
): { readonly x: number; readonly y: number } {
  return {
    x: extent.left + column * extent.width / width,
    y: extent.top + row * extent.height / height,
  };
}
