/** The lazy recorder: code that is loaded only when somebody records. */
import type { Size } from "../../picture/placement.ts";
import { openBrowserFilm } from "./film/browser_film.ts";
import { measureEncoder } from "./film/encoder_trial.ts";
import { openExactFilm } from "./film/exact_film.ts";
import type { Film, FilmOptions } from "./film/film.ts";
import { LARGEST, largestInPace } from "./film/film_pace.ts";

export { openGifFilm } from "./film/gif_film.ts";
export { clearOldSegments } from "./film/segment_store.ts";
export { trimFilm } from "./film/trim_film.ts";
export { Take } from "./take/take.ts";

/**
 * Opens the best film that this browser can write.
 *
 * @throws Error where it can write none
 */
export async function openFilm(options: FilmOptions): Promise<Film> {
  const film = await openExactFilm(options).catch(() => null) ?? openBrowserFilm(options);
  if (film === null) throw new Error("Cannot record: this browser encodes no video");
  return film;
}

/** Finds out how large pictures this machine encodes at a camera's pace now; takes part of a second. */
export async function largestPicture(): Promise<Size> {
  return largestInPace(await measureEncoder(LARGEST).catch(() => null));
}
