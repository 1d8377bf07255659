/** A frame explained under a cover: every row that a method asks for is of the covered picture (rules U3 and U4). */
import { type Cover, coverProperty } from "../../shared/cover.ts";
import type { FrameKey, Probe } from "../engine/port.ts";
import { type Attribution, endEarly, type GoodRow, type MethodStep } from "./method.ts";

/** What is covered, and whether the frame without the cover is asked for beside it. */
export interface CoveredFrame {
  readonly frame: FrameKey;
  readonly cover: Cover | null;
  readonly withWhole: boolean;
}

/**
 * Puts a cover under all that a method varies. With `withWhole` the row of the frame as it is rides with the first rows that
 * the method asks for, and comes with the ranking.
 */
export function underCover(attribution: Attribution, { frame, cover, withWhole }: CoveredFrame): Attribution {
  if (cover === null) return attribution;
  return coverSteps(attribution, cover, withWhole ? wholeProbe(frame) : null);
}

function* coverSteps(attribution: Attribution, cover: Cover, whole: Probe | null): Attribution {
  let wholeRow: GoodRow | undefined;
  try {
    let step = attribution.next([]);
    while (step.done !== true) {
      const asksForWhole = whole !== null && wholeRow === undefined && step.value.kind === "probes";
      let rows = yield covered(step.value, cover, { whole: asksForWhole ? whole : null, wholeRow });
      if (asksForWhole) {
        wholeRow = rows.at(-1);
        rows = rows.slice(0, -1);
      }
      step = attribution.next(rows);
    }
    return step.value;
  } finally {
    endEarly(attribution);
  }
}

function covered(
  step: MethodStep,
  cover: Cover,
  { whole, wholeRow }: { readonly whole: Probe | null; readonly wholeRow: GoodRow | undefined },
): MethodStep {
  switch (step.kind) {
    case "probes": {
      const probes = step.probes.map((probe) => ({ ...probe, ...coverProperty(cover) }));
      return { ...step, probes: whole === null ? probes : [...probes, whole] };
    }
    case "ranking":
      return wholeRow === undefined ? step : { ...step, whole: wholeRow.logits };
    case "tile":
      return step;
    default:
      return step satisfies never;
  }
}

function wholeProbe(frame: FrameKey): Probe {
  return { frame, variation: { kind: "none" }, want: { kind: "logits" } };
}
