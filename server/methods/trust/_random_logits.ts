/**
 * Whether a map depends on what the network learned of its class: the check by randomised parameters (Adebayo et
 * al. 2018, https://arxiv.org/abs/1810.03292), here of the dense layer that yields the logits.
 */
import {
  type Attribution,
  endEarly,
  type GoodRow,
  type Method,
  type MethodContext,
  type MethodStep,
  type RawMap,
} from "../method.ts";
import { spearman } from "./_spearman.ts";

/** Seed of the random weights: always the same ones, so that the meter can be compared. */
const RANDOM_HEAD = 1;

/**
 * Makes the map once more, for the same class, with random logits; returns the rank correlation of both maps, or null where no
 * dense layer yields the logits, so that there are no weights to draw.
 */
export function* randomLogitsCorrelation(
  method: Method,
  context: MethodContext,
  map: RawMap,
  onProgress: (share: number) => void,
): Generator<MethodStep, number | null, readonly GoodRow[]> {
  if (context.model.features === undefined) return null;
  const attribution = method.attribute({
    ...context,
    // The random logits rank other classes first.
    target: { kind: "class", index: map.classIndex },
    carry: new Map(),
    still: true,
  });
  const { values } = yield* withRandomHead(attribution, onProgress);
  onProgress(1);
  return spearman(map.values, values);
}

/** Runs a generator with every probe's head random; what it would show goes no further. */
function* withRandomHead(attribution: Attribution, onProgress: (share: number) => void): Attribution {
  let rows: readonly GoodRow[] = [];
  try {
    for (;;) {
      const next = attribution.next(rows);
      if (next.done === true) return next.value;
      const step = next.value;
      rows = [];
      switch (step.kind) {
        case "ranking":
          break;
        case "tile":
          onProgress(step.tile.progress);
          break;
        case "probes": {
          const probes = step.probes.map((probe) => ({ ...probe, randomHead: RANDOM_HEAD }));
          rows = yield { kind: "probes", lane: "tile", probes };
          break;
        }
        default: {
          const never: never = step;
          throw new TypeError(`Cannot take the step: its kind ${never} is unknown`);
        }
      }
    }
  } finally {
    endEarly(attribution);
  }
}
