/** A page of channels as one picture. Pure. */
import { colormap, COLORMAP_ENTRIES } from "../../../shared/colormaps.ts";
import { CHANNELS_PER_ROW, type Inside } from "../../../shared/inside.ts";

/** Share of a channel's side that is left free around it. */
const GAP_SHARE = 1 / 14;

/** Size of the picture, in its own pixels. */
export interface GridSize {
  readonly rows: number;
  readonly gap: number;
  readonly height: number;
  readonly width: number;
}

/** How large the picture of a page is: one pixel a cell and a gap behind every channel. */
export function gridSize(
  { head: { tileHeight: height, tileWidth: width, shown } }: Pick<Inside, "head">,
): GridSize {
  const rows = Math.ceil(shown / CHANNELS_PER_ROW);
  const gap = Math.max(1, Math.round(width * GAP_SHARE));
  return { rows, gap, height: rows * (height + gap), width: CHANNELS_PER_ROW * (width + gap) };
}

/** Draws a page in viridis, the map of the method's definition, into `pixels` (packed RGBA of `gridSize`). */
export function drawGrid(inside: Inside, pixels: Uint32Array): void {
  const { head: { tileHeight: height, tileWidth: width, shown }, tiles } = inside;
  const size = gridSize(inside);
  const colours = packedViridis();
  for (let index = 0; index < shown; index++) {
    const top = Math.floor(index / CHANNELS_PER_ROW) * (height + size.gap);
    const left = index % CHANNELS_PER_ROW * (width + size.gap);
    for (let row = 0; row < height; row++) {
      const from = (index * height + row) * width;
      const to = (top + row) * size.width + left;
      for (let column = 0; column < width; column++) {
        pixels[to + column] = colours[tiles[from + column] ?? 0] ?? 0;
      }
    }
  }
}

/** Draws one channel in viridis into `pixels` (packed RGBA, one a cell). */
export function drawTile(tile: Uint8Array, pixels: Uint32Array): void {
  const colours = packedViridis();
  for (const [at, level] of tile.entries()) pixels[at] = colours[level] ?? 0;
}

let packed: Uint32Array | null = null;

function packedViridis(): Uint32Array {
  if (packed !== null) return packed;
  const table = colormap("viridis");
  const colours = new Uint32Array(COLORMAP_ENTRIES);
  const bytes = new Uint8Array(colours.buffer);
  for (let entry = 0; entry < COLORMAP_ENTRIES; entry++) {
    bytes.set([...table.subarray(entry * 3, entry * 3 + 3), 255], entry * 4);
  }
  packed = colours;
  return colours;
}
