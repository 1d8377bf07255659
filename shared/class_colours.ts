/** Colours of classes: one table for the page and reports in both themes, and for exported pictures. */

/** One colour as it looks on a light and on a dark surface, `#rrggbb`. */
export interface ClassColour {
  readonly light: string;
  readonly dark: string;
}

/**
 * Colours in the order of classes: each two differ for every kind of colour vision, and all stand out by 3:1 from their
 * surface. More classes than colours begin again: names stand beside colours everywhere.
 */
export const CLASS_COLOURS: readonly ClassColour[] = [
  { light: "#0b63a5", dark: "#5aa9ea" },
  { light: "#c46200", dark: "#f0a04b" },
  { light: "#771122", dark: "#aa5555" },
  { light: "#2299aa", dark: "#77eeff" },
  { light: "#443366", dark: "#7755cc" },
  { light: "#aa3311", dark: "#dd6622" },
  { light: "#774455", dark: "#cc7799" },
  { light: "#889966", dark: "#ddeeaa" },
];

/** The colour of a class on its number. */
export function colourOf(index: number): ClassColour {
  const place = ((index % CLASS_COLOURS.length) + CLASS_COLOURS.length) % CLASS_COLOURS.length;
  return CLASS_COLOURS[place] ?? { light: "#000000", dark: "#ffffff" };
}

/** Custom properties that give an element the colour of a class as `--hue`, in either theme. */
export function hue(index: number): { readonly "--hue": string } {
  const { light, dark } = colourOf(index);
  return { "--hue": `light-dark(${light}, ${dark})` };
}

/** Mixes two colours in sRGB; `share` 0…1 is the first one's. */
export function mixed(first: string, second: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [first, second].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round((a ?? 0) * share + (b ?? 0) * (1 - share)).toString(16).padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
