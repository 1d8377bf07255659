/** A finished recording as the preview shows it. */
import { readSidecar } from "../../../shared/read_sidecar.ts";
import type { Means } from "../../film/film.ts";
import type { Recorded } from "./recorder_state.ts";
import type { Taken } from "../../film/film_writer.ts";

/** What times in a film are rounded to, in s. */
const MICROSECOND_S = 1e-6;

/** How a recording was made. */
export interface RecordedHow {
  readonly createdMs: number;
  readonly means: Means;
}

/**
 * Makes a recording of what a take left; its sidecar ends with the last picture of the film.
 *
 * @throws RangeError where the sidecar does not fit
 */
export function recordedOf(taken: Omit<Taken, "remove">, { createdMs, means }: RecordedHow): Recorded {
  const { media, thumbnail, lastS, durationS, width, height } = taken;
  const sidecar = readSidecar(taken.sidecar);
  const frames = sidecar.frames.filter(({ t }) => t < lastS + MICROSECOND_S);
  return {
    media,
    sidecar: { ...sidecar, frames },
    thumbnail,
    durationMs: durationS * 1_000,
    width,
    height,
    createdMs,
    means,
  };
}
