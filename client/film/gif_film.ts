/** A film as an animated GIF, for places that take no video. */
// @ts-types="./_gifenc.d.ts"
import { applyPalette, GIFEncoder, quantize } from "gifenc";
import { sidesWithin } from "../../shared/aspect.ts";
import { type Film, filmCanvas } from "./film.ts";

/** Longest side of the picture, in pixels. */
export const GIF_SIDE_PX = 320;

/** Shortest time between two pictures, in s: browsers show shorter ones slower than they are. */
const STEP_S = 0.095;

const COLOURS = 256;

/** A picture that waits to be encoded. */
interface Waiting {
  readonly seconds: number;
  readonly pixels: Uint8ClampedArray;
}

/**
 * Opens a GIF whose longest side has {@link GIF_SIDE_PX}. Its pictures stay in memory until it is finished, 400 kB each.
 *
 * @param aspect width over height
 * @param onShare called with the share that is encoded, 0…1
 */
export function openGifFilm(aspect: number, onShare: (share: number) => void): Film {
  const { width, height } = sidesWithin({ width: GIF_SIDE_PX, height: GIF_SIDE_PX }, aspect);
  const context = filmCanvas(width, height, { willReadFrequently: true });
  const waiting: Waiting[] = [];
  let endS = 0;
  return {
    means: "exact",
    context,
    add(seconds, durationS) {
      endS = seconds + durationS;
      if (seconds - (waiting.at(-1)?.seconds ?? -Infinity) >= STEP_S) {
        waiting.push({ seconds, pixels: context.getImageData(0, 0, width, height).data });
      }
      return Promise.resolve();
    },
    pause: () => {},
    resume: () => {},
    async finish() {
      const gif = GIFEncoder();
      for (const [index, { seconds, pixels }] of waiting.entries()) {
        const palette = quantize(pixels, COLOURS);
        const delay = Math.round(((waiting[index + 1]?.seconds ?? endS) - seconds) * 1_000);
        gif.writeFrame(applyPalette(pixels, palette), width, height, { palette, delay });
        onShare((index + 1) / waiting.length);
        // A picture takes a good part of a frame: the page has to draw between two of them.
        await new Promise((resolve) => setTimeout(resolve));
      }
      gif.finish();
      return { media: new Blob([gif.bytes()], { type: "image/gif" }), lastS: waiting.at(-1)?.seconds ?? 0 };
    },
    cancel: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}
