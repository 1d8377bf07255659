/** Makes a film of moments that were never recorded: the pictures that the network saw, with map and caption. */
import { sidesWithin } from "../../../shared/aspect.ts";
import { openExactFilm } from "../../film/exact_film.ts";
import { FilmWriter, type Taken } from "../../film/film_writer.ts";
import type { Moment } from "./moment.ts";
import { explained, pictureOf } from "./moment_view.ts";
import type { TimelinePorts } from "./ports.ts";

/** Longest side of the film, in pixels: the pictures have some 224, the words of the caption need more. */
const LONGEST_PX = 640;

/** Longest time for which one picture stays, in s: an interruption is left out of the film. */
const LONGEST_STEP_S = 1;

/** How long the last picture stays, in s. */
const LAST_S = 0.2;

/** Returns when each moment begins in the film, in s. Pure. */
export function filmTimes(moments: readonly Pick<Moment, "atMs">[]): readonly number[] {
  let seconds = 0;
  return moments.map(({ atMs }, place) => {
    const before = moments[place - 1]?.atMs ?? atMs;
    seconds += Math.min(LONGEST_STEP_S, (atMs - before) / 1_000);
    return seconds;
  });
}

/**
 * Writes the film with its sidecar.
 *
 * @param all every moment that is remembered: one without a map shows that of the one before it
 * @throws Error where no picture was kept, or the browser encodes no video
 */
export async function makeReplay(
  moments: readonly Moment[],
  all: readonly Moment[],
  { caption, model }: Pick<TimelinePorts, "caption" | "model">,
): Promise<Taken> {
  const shown = moments.filter(({ picture }) => picture !== null);
  const [first] = shown;
  if (first === undefined) {
    throw new Error(
      "Cannot save the film: no picture of this time was kept. Wait some seconds, then try again",
    );
  }
  const { width, height } = sidesWithin({ width: LONGEST_PX, height: LONGEST_PX }, first.seen.aspect);
  let broken = false;
  const film = await openExactFilm({
    width: even(width),
    height: even(height),
    sound: null,
    onGrow: () => {},
    onBreak: () => broken = true,
  });
  if (film === null) {
    throw new Error(
      "Cannot save the film: this browser encodes no video. Save the numbers or the drawing instead",
    );
  }
  const writer = new FilmWriter({ film, drawn: true });
  const times = filmTimes(shown);
  try {
    for (const [place, moment] of shown.entries()) {
      const canvas = await pictureOf(moment.picture ?? new Blob());
      await writer.taken();
      if (broken) {
        throw new Error("Cannot save the film: the browser could not encode or store it. Try again");
      }
      writer.write(
        { canvas, seconds: times[place] ?? 0, seen: moment.seen },
        explained(moment, all, caption()),
      );
    }
    writer.extendTo((times.at(-1) ?? 0) + LAST_S);
    const created = new Date(performance.timeOrigin + first.capturedMs).toISOString();
    return await writer.finish({ created, model: model(), drawn: true }, []);
  } catch (error) {
    await film.cancel().catch(() => {});
    throw error;
  }
}

/** H.264 wants even sides. */
function even(side: number): number {
  return 2 * Math.round(side / 2);
}
