/** Colour tables for heatmaps: 256 RGB entries each, pure data for the page, the command line and reports. */
// @ts-types="npm:@types/d3-scale-chromatic@3.1.0"
import {
  interpolateCividis,
  interpolateRdBu,
  interpolateTurbo,
  interpolateViridis,
} from "d3-scale-chromatic";

/** Entries in a colour table; entry 0 is the lowest value, entry 255 the highest. */
export const COLORMAP_ENTRIES = 256;

/** Every colour map by name; `diverging` is centred on zero and meant for signed maps. */
export const COLORMAP_NAMES = ["viridis", "cividis", "turbo", "diverging"] as const;

/** Name of a colour map. */
export type ColormapName = typeof COLORMAP_NAMES[number];

const RAMPS: Readonly<Record<ColormapName, (t: number) => string>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  turbo: interpolateTurbo,
  // RdBu runs from red to blue; evidence for a class is the warm end here. Its outermost tenths are left out: they
  // are nearly black and would hide the strongest evidence in a dark picture.
  diverging: (t) => interpolateRdBu(0.9 - 0.8 * t),
};

const tables = new Map<ColormapName, Uint8Array<ArrayBuffer>>();

/** Gives the table of a colour map: red, green, blue (0…255) of entry 0, then of entry 1, and so on. */
export function colormap(name: ColormapName): Uint8Array<ArrayBuffer> {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = new Uint8Array(COLORMAP_ENTRIES * 3);
  for (let entry = 0; entry < COLORMAP_ENTRIES; entry++) {
    table.set(parseColour(RAMPS[name](entry / (COLORMAP_ENTRIES - 1))), entry * 3);
  }
  tables.set(name, table);
  return table;
}

/** Reports whether a text names a colour map. */
export function isColormapName(name: string): name is ColormapName {
  return (COLORMAP_NAMES as readonly string[]).includes(name);
}

function parseColour(text: string): [number, number, number] {
  // d3 writes its table ramps as #rrggbb and its computed ones as rgb(r, g, b).
  const parts = text.startsWith("#")
    ? [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
    : text.slice(4, -1).split(",").map(Number);
  const [red, green, blue] = parts;
  if (red === undefined || green === undefined || blue === undefined || parts.some(Number.isNaN)) {
    throw new TypeError(
      `Cannot read the colour: expected #rrggbb or rgb(), got ${text}`,
    );
  }
  return [red, green, blue];
}
