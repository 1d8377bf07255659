/** Makes a film of moments that were never recorded: the pictures that the network saw, with map and caption. */
import { sidesWithin } from "../../../shared/aspect.ts";
import { openExactFilm } from "../../film/exact_film.ts";
import { FilmWriter, type Taken } from "../../film/film_writer.ts";
import type { Gap } from "./bands.ts";
import { filmTimes } from "./film_times.ts";
import type { Moment } from "./moment.ts";
import { explained, pictureOf } from "./moment_view.ts";
import type { TimelinePorts } from "./ports.ts";

/** Longest side of the film, in pixels: the pictures have some 224, the words of the caption need more. */
const LONGEST_PX = 640;

/**
 * Writes the film with its sidecar.
 *
 * @param within.all every moment that is remembered: one without a map shows that of the one before it
 * @param within.part the part of the timeline that the moments hold in
 * @throws Error where no picture was kept, or the browser encodes no video
 */
export async function makeReplay(
  moments: readonly Moment[],
  { all, part }: { readonly all: readonly Moment[]; readonly part: Gap },
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
  const { begins, endS } = filmTimes(shown, part);
  try {
    for (const [place, moment] of shown.entries()) {
      const canvas = await pictureOf(moment.picture ?? new Blob());
      await writer.taken();
      if (broken) {
        throw new Error("Cannot save the film: the browser could not encode or store it. Try again");
      }
      writer.write(
        { canvas, seconds: begins[place] ?? 0, seen: moment.seen },
        explained(moment, all, caption()),
      );
    }
    writer.extendTo(endS);
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
