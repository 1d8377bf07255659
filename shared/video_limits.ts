/** How much of a video is taken, on the command line and on the page; said before any work starts. Pure. */

/** Longest video, in s. */
export const MAX_VIDEO_S = 3_600;

/** Frames that are explained of one video at most: an hour at 30 a second. */
export const MAX_VIDEO_FRAMES = 108_000;

/** Longest side and most pixels of a film: level 4.0 of H.264, which every encoder and player knows. */
export const MAX_FILM_SIDE_PX = 1_920;
export const MAX_FILM_PIXELS = 1_920 * 1_080;

/** Longest side of a video, in pixels: 8K. */
export const MAX_VIDEO_SIDE_PX = 8_192;

/** How much earlier than it says a video may end, in s, and as a share of its length: times are rounded. */
const EARLY_S = 0.5;
const EARLY_SHARE = 0.05;

/** Whether the pictures of a video end before it says that they do, as where a file was cut off; times in s. */
export function endsEarly(endS: number, saidS: number): boolean {
  return saidS - endS > Math.max(EARLY_S, EARLY_SHARE * saidS);
}
