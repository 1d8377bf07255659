/** How much of a video is taken, on the command line and on the page; said before any work starts. */

/** Longest video, in s. */
export const MAX_VIDEO_S = 3_600;

/** Frames that are explained of one video at most: an hour at 30 a second. */
export const MAX_VIDEO_FRAMES = 108_000;

/** Longest side and most pixels of a film: level 4.0 of H.264, which every encoder and player knows. */
export const MAX_FILM_SIDE_PX = 1_920;
export const MAX_FILM_PIXELS = 1_920 * 1_080;

/** Longest side of a video, in pixels: 8K. */
export const MAX_VIDEO_SIDE_PX = 8_192;
