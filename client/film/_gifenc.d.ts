/** Types of what is used of gifenc 1.0.3, which has none. */

export type GifPalette = number[][];

export interface GifStream {
  writeFrame(
    pixels: Uint8Array,
    width: number,
    height: number,
    options: { palette: GifPalette; delay: number },
  ): void;
  finish(): void;
  bytes(): Uint8Array<ArrayBuffer>;
}

export function GIFEncoder(): GifStream;
export function quantize(pixels: Uint8ClampedArray, colours: number): GifPalette;
export function applyPalette(pixels: Uint8ClampedArray, palette: GifPalette): Uint8Array;
