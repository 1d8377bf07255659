/** A small heatmap of characters, for the terminal. */
import type { RawMap } from "../methods/mod.ts";
import { colourOn, formatValue, type Scale, strengthOn } from "../report/mod.ts";

/** Rows and columns of characters' cells at most. */
const MAX_CELLS = 28;

/** Characters by strength, for and against the class; each cell is two wide, which is about square. */
const FOR = ["  ", "░░", "▒▒", "▓▓", "██"];
const AGAINST = ["  ", "· ", "- ", "--", "=="];

/** Share of the largest value that is still shown as nothing. */
const FAINT = 0.1;

/** Draws the map, and below it what its ends mean; colours only where the terminal shows them. */
export function textMap(map: RawMap, scale: Scale, colour: boolean): string {
  const { height, width, values } = shrink(map);
  const lines = Array.from({ length: height }, (_, row) => {
    const cells = values.subarray(row * width, (row + 1) * width);
    return `  ${Array.from(cells, (value) => colour ? block(scale, value) : shade(scale, value)).join("")}`;
  });
  const ends = [scale.low, scale.high].map((value) =>
    `${colour ? block(scale, value) : shade(scale, value)} ${formatValue(value)}`
  );
  return [...lines.map((line) => line.trimEnd()), "", `  ${ends.join("   ")} ${scale.unit}`].join("\n");
}

function block(scale: Scale, value: number): string {
  return `\x1b[48;2;${colourOn(scale, value).join(";")}m  \x1b[0m`;
}

function shade(scale: Scale, value: number): string {
  const strength = strengthOn(scale, value);
  const level = strength < FAINT ? 0 : Math.min(4, 1 + Math.floor((strength - FAINT) / (1 - FAINT) * 4));
  return (scale.signed && value < 0 ? AGAINST : FOR)[level] ?? "  ";
}

/** Takes means of neighbouring cells until the map fits. */
function shrink(map: RawMap): { height: number; width: number; values: Float32Array } {
  const step = Math.ceil(Math.max(map.height, map.width) / MAX_CELLS);
  if (step === 1) return map;
  const height = Math.ceil(map.height / step);
  const width = Math.ceil(map.width / step);
  const sums = new Float32Array(height * width);
  const counts = new Float32Array(height * width);
  for (const [index, value] of map.values.entries()) {
    const row = Math.floor(Math.floor(index / map.width) / step);
    const cell = row * width + Math.floor(index % map.width / step);
    sums[cell] = (sums[cell] ?? 0) + value;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return { height, width, values: sums.map((sum, cell) => sum / (counts[cell] ?? 1)) };
}
