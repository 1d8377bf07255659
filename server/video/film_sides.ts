/** The size of a film's pictures. Pure. */
import { MAX_FILM_PIXELS, MAX_FILM_SIDE_PX } from "../../shared/video_limits.ts";

/** Returns the sides of a film of a video, in pixels: even, at most full HD in any direction, and never larger. */
export function filmSides({ width, height }: { readonly width: number; readonly height: number }) {
  const share = Math.min(
    1,
    MAX_FILM_SIDE_PX / Math.max(width, height),
    Math.sqrt(MAX_FILM_PIXELS / (width * height)),
  );
  const even = (side: number) => Math.max(2, 2 * Math.round(side * share / 2));
  return { width: even(width), height: even(height) };
}
