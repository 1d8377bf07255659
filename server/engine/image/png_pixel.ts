/** One pixel of a PNG's row to 8-bit red, green and blue. */
import { overWhite, WHITE } from "./picture.ts";
import type { PngFile } from "./png_file.ts";

/** Writes the pixel in `column` of a row at `rgb[to]`, `rgb[to + 1]` and `rgb[to + 2]`. */
export type PixelReader = (line: Uint8Array, column: number, rgb: Uint8Array, to: number) => void;

/** Makes the reader for a file's colour type and depth; alpha is composed with white. */
export function pixelReader({ header, palette, transparency }: PngFile): PixelReader {
  const { depth, colour } = header;
  const sample = sampleReader(depth);
  const top = 2 ** depth - 1;
  const eight = (value: number) => depth === 8 ? value : Math.round(value * 255 / top);
  const hidden = transparentSamples(transparency);

  switch (colour.name) {
    case "palette":
      return (line, column, rgb, to) => {
        const entry = sample(line, column);
        const alpha = transparency[entry] ?? 255;
        for (let c = 0; c < 3; c++) rgb[to + c] = overWhite(palette[3 * entry + c] ?? 0, alpha);
      };
    case "grey":
      return (line, column, rgb, to) => {
        const value = sample(line, column);
        rgb.fill(value === hidden[0] ? WHITE : eight(value), to, to + 3);
      };
    case "grey-alpha":
      return (line, column, rgb, to) => {
        const value = eight(sample(line, 2 * column));
        rgb.fill(overWhite(value, eight(sample(line, 2 * column + 1))), to, to + 3);
      };
    case "rgb":
      return (line, column, rgb, to) => {
        let same = hidden.length === 3;
        for (let c = 0; c < 3; c++) {
          const value = sample(line, 3 * column + c);
          same &&= value === hidden[c];
          rgb[to + c] = eight(value);
        }
        if (same) rgb.fill(WHITE, to, to + 3);
      };
    case "rgb-alpha":
      return (line, column, rgb, to) => {
        const alpha = eight(sample(line, 4 * column + 3));
        for (let c = 0; c < 3; c++) rgb[to + c] = overWhite(eight(sample(line, 4 * column + c)), alpha);
      };
    default: {
      const never: never = colour;
      throw new TypeError(`Cannot read the pixels: the colour type ${never} is unknown`);
    }
  }
}

function sampleReader(depth: number): (line: Uint8Array, index: number) => number {
  if (depth === 8) return (line, index) => line[index] ?? 0;
  if (depth === 16) return (line, index) => (line[2 * index] ?? 0) << 8 | (line[2 * index + 1] ?? 0);
  const perByte = 8 / depth;
  const mask = 2 ** depth - 1;
  return (line, index) => {
    const byte = line[Math.floor(index / perByte)] ?? 0;
    return byte >> (8 - depth * (index % perByte + 1)) & mask;
  };
}

/** The one grey or colour that is transparent, as samples of the file's own depth. */
function transparentSamples(transparency: Uint8Array): readonly number[] {
  const samples: number[] = [];
  for (let at = 0; at + 1 < transparency.byteLength; at += 2) {
    samples.push((transparency[at] ?? 0) << 8 | (transparency[at + 1] ?? 0));
  }
  return samples;
}
