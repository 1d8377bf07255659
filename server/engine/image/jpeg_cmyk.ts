/**
 * JPEGs of four inks: cyan, magenta, yellow and black.
 *
 * mozjpeg turns three channels into red, green and blue, four it cannot. So the file is written twice, once without
 * its black channel and once with it in the place of blue; both are decoded exactly as libjpeg would decode the whole.
 */
import { dropChannel } from "./jpeg_channels.ts";
import { type Component, type JpegFile, MARKER, type Segment } from "./jpeg_file.ts";
import { corrupt, type Picture } from "./picture.ts";

/** Adobe's numbers for the colours of a file. */
const TRANSFORM = { none: 0, ycc: 1 } as const;

const BLACK = 3;

/** The channel that gives way to black: not the first, which has the finest sampling. */
const GIVES_WAY = 1;

/**
 * Splits a file of four channels.
 *
 * @returns segments whose red, green and blue are the three colours, and those whose blue is black
 * @throws GradcastError `frame-corrupt`, which names CMYK, where the channels have a layout that is not known
 */
export function splitInk(file: JpegFile): { coloured: Segment[]; black: Segment[] } {
  const { components } = file.frame;
  for (const dropped of [BLACK, GIVES_WAY]) {
    const kept = components.filter((_, index) => index !== dropped);
    if (finest(kept) !== finest(components)) {
      throw corrupt(
        "expected a CMYK JPEG to have its finest sampling in its first channel",
        samplingOf(components),
      );
    }
  }
  return {
    coloured: [adobe(isYcck(file.transform) ? TRANSFORM.ycc : TRANSFORM.none), ...dropChannel(file, BLACK)],
    black: [adobe(TRANSFORM.none), ...dropChannel(file, GIVES_WAY)],
  };
}

/**
 * Puts the two halves together as Pillow's `convert("RGB")` does, which takes the inks as Adobe writes them: inverted,
 * 255 = none.
 */
export function joinInk(colours: Picture, black: Picture, transform: number | null): Picture {
  const { width, height } = colours;
  const rgb = new Uint8Array(colours.rgb.length);
  const ycck = isYcck(transform);
  for (let at = 0; at < rgb.length; at++) {
    const value = colours.rgb[at] ?? 0;
    // libjpeg's YCCK to CMYK is YCbCr to RGB, inverted; the file's own inversion comes on top.
    const ink = ycck ? value : 255 - value;
    const light = black.rgb[at - at % 3 + 2] ?? 0;
    rgb[at] = Math.max(0, light - scaled(ink, light));
  }
  return { width, height, rgb };
}

/** a·b/255 in Pillow's rounding. */
function scaled(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

function isYcck(transform: number | null): boolean {
  return transform !== null && transform !== TRANSFORM.none;
}

function adobe(transform: number): Segment {
  const data = Uint8Array.of(0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform);
  return { code: MARKER.adobe, data, entropy: new Uint8Array() };
}

function finest(components: readonly Component[]): string {
  const across = Math.max(...components.map((one) => one.across));
  return `${across}×${Math.max(...components.map((one) => one.down))}`;
}

function samplingOf(components: readonly Component[]): string {
  return components.map(({ across, down }) => `${across}×${down}`).join(", ");
}
