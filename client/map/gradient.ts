import { colormap, COLORMAP_ENTRIES, type ColormapName } from "../../shared/colormaps.ts";

/** Colour stops of a drawn gradient; more cannot be told apart. */
const STOPS = 17;

const gradients = new Map<string, string>();

/** Gives a colour map as CSS colours at even distances; `upper` = only the half above zero. */
export function colourStops(name: ColormapName, upper: boolean): string[] {
  const table = colormap(name);
  return Array.from({ length: STOPS }, (_, stop) => {
    const share = stop / (STOPS - 1);
    const entry = Math.round((upper ? 0.5 + share / 2 : share) * (COLORMAP_ENTRIES - 1));
    return `rgb(${table.subarray(entry * 3, entry * 3 + 3).join(" ")})`;
  });
}

/** Gives a colour map as a CSS gradient from left to right; `upper` = only the half above zero. */
export function gradientOf(name: ColormapName, upper: boolean): string {
  const key = `${name}:${upper}`;
  const known = gradients.get(key);
  if (known !== undefined) return known;
  const made = `linear-gradient(to right, ${colourStops(name, upper).join(", ")})`;
  gradients.set(key, made);
  return made;
}
