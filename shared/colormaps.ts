/** Colour tables for heatmaps: 256 RGB entries each, pure data for the page, the command line and reports. */
import { COLOUR_TABLES } from "./colour_tables.ts";

/** Entries in a colour table; entry 0 is the lowest value, entry 255 the highest. */
export const COLORMAP_ENTRIES = 256;

/** Every colour map by name; `diverging` is centred on zero and meant for signed maps. */
export const COLORMAP_NAMES = ["viridis", "cividis", "turbo", "diverging"] as const;

/** Name of a colour map. */
export type ColormapName = typeof COLORMAP_NAMES[number];

const tables = new Map<ColormapName, Uint8Array<ArrayBuffer>>();

/** Gives the table of a colour map: red, green, blue (0…255) of entry 0, then of entry 1, and so on. */
export function colormap(name: ColormapName): Uint8Array<ArrayBuffer> {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = Uint8Array.from(atob(COLOUR_TABLES[name]), (byte) => byte.charCodeAt(0));
  tables.set(name, table);
  return table;
}

/** Reports whether a text names a colour map. */
export function isColormapName(name: string): name is ColormapName {
  return (COLORMAP_NAMES as readonly string[]).includes(name);
}
