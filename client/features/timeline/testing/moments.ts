/** Moments for the timeline's tests: a cup or a bowl, a second from one to the next. */
import type { Prediction } from "../../../../shared/protocol.ts";
import { resultOf, SEEN } from "../../../film/testing/seen_frames.ts";
import type { Moment } from "../moment.ts";

/** A class with its probability. */
export function row(index: number, label: string, probability: number): Prediction {
  return { index, label, logit: 1, probability };
}

/** What differs from a sure cup of the first piece. */
export interface Said {
  readonly rows?: readonly Prediction[];
  readonly unsure?: boolean;
  readonly model?: string;
  readonly piece?: number;
  readonly untilMs?: number;
  readonly picture?: Blob | null;
}

/** A moment at a time in ms; its number is that of its frame, too. */
export function momentAt(atMs: number, said: Said = {}, id = Math.round(atMs)): Moment {
  const { rows = [row(7, "cup, mug", 0.9), row(8, "bowl", 0.1)], unsure = false, model = "tiny" } = said;
  const [top = row(7, "cup, mug", 0.9)] = rows;
  return {
    id,
    name: { connection: 1, frame: id },
    atMs,
    capturedMs: atMs,
    untilMs: said.untilMs ?? atMs,
    piece: said.piece ?? 0,
    result: {
      ...resultOf(id, "cup, mug"),
      model,
      predictions: [],
      ranking: { rows: [...rows], unsure },
      target: top,
    },
    seen: SEEN,
    picture: said.picture ?? null,
    map: null,
  };
}
