/** How large a film's pictures may be on this machine, which has to keep the pace of a camera beside all else. Pure. */
import { filmSize, type Size } from "../picture/placement.ts";

/** Longest side of a film in pixels. */
const LONGEST_PX = 1_920;

/** Largest picture of a film: level 4.0 of H.264 reaches this, which every encoder and player knows. */
export const LARGEST: Size = { width: 1_920, height: 1_080 };

/** The largest pictures that are recorded, in falling order; the last one always. */
const STEPS: readonly Size[] = [LARGEST, { width: 1_280, height: 720 }, { width: 960, height: 720 }];

/** Time that a picture may take the encoder, in ms: half of a camera's 33, as the other half is the page's. */
const MOST_MS = 16;

/** Returns the largest pictures that keep pace; `encodeMs`: time for one of {@link LARGEST}, null where none is encoded. */
export function largestInPace(encodeMs: number | null): Size {
  const msPerPixel = (encodeMs ?? Infinity) / pixelsOf(LARGEST);
  const [smallest = LARGEST] = STEPS.slice(-1);
  return STEPS.find((step) => msPerPixel * pixelsOf(step) <= MOST_MS) ?? smallest;
}

/** Returns the size of a film of a picture: even, and with no more pixels than the largest one. */
export function filmSizeOf(picture: Size, largest: Size): Size {
  return filmSize(picture, LONGEST_PX, pixelsOf(largest));
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}
