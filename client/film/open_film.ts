/** Opens films, and finds out how large they may be; loaded only when somebody makes one. */
import type { Size } from "../picture/placement.ts";
import { openBrowserFilm } from "./browser_film.ts";
import { measureEncoder } from "./encoder_trial.ts";
import { openExactFilm } from "./exact_film.ts";
import type { Film, FilmOptions } from "./film.ts";
import { LARGEST, largestInPace } from "./film_pace.ts";

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
