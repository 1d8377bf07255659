/** The colour maps as d3-scale-chromatic computes them: what shared/colour_tables.ts is written from and tested against. */
// @ts-types="npm:@types/d3-scale-chromatic@3.1.0"
import {
  interpolateCividis,
  interpolateRdBu,
  interpolateTurbo,
  interpolateViridis,
} from "d3-scale-chromatic";
import { COLORMAP_ENTRIES, type ColormapName } from "../../shared/colormaps.ts";

const RAMPS: Readonly<Record<ColormapName, (t: number) => string>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  turbo: interpolateTurbo,
  // RdBu runs from red to blue; evidence for a class is the warm end here. Its outermost tenths are left out: they
  // are nearly black and would hide the strongest evidence in a dark picture.
  diverging: (t) => interpolateRdBu(0.9 - 0.8 * t),
};

/** Every table, `[256, 3]`. */
export function tablesOfD3(): Readonly<Record<ColormapName, Uint8Array>> {
  return {
    viridis: tableOf("viridis"),
    cividis: tableOf("cividis"),
    turbo: tableOf("turbo"),
    diverging: tableOf("diverging"),
  };
}

function tableOf(name: ColormapName): Uint8Array {
  const entries = Array.from(
    { length: COLORMAP_ENTRIES },
    (_, entry) => parseColour(RAMPS[name](entry / (COLORMAP_ENTRIES - 1))),
  );
  return Uint8Array.from(entries.flat());
}

function parseColour(text: string): number[] {
  // d3 writes its table ramps as #rrggbb and its computed ones as rgb(r, g, b).
  const parts = text.startsWith("#")
    ? [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
    : text.slice(4, -1).split(",").map(Number);
  if (parts.length !== 3 || parts.some(Number.isNaN)) {
    throw new TypeError(`Cannot read the colour: expected #rrggbb or rgb(), got ${text}`);
  }
  return parts;
}
