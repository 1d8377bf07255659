/** Feature visualisation step by step, for those who watch it grow. */
import type { Engine, FrameKey } from "../engine/port.ts";
import {
  type Attribution,
  checkChannel,
  endEarly,
  featureVisualization,
  type GoodRow,
  type ResolvedRequest,
} from "../methods/mod.ts";
import type { LoadedModel } from "../engine/port.ts";
import { GradcastError } from "../../shared/errors.ts";

/** How far a visualisation is. */
export interface FeatureProgress {
  readonly step: number;
  readonly steps: number;
  readonly done: boolean;
  /** `[height, width, 3]`, 0…255, at the start, on every tenth step and the last. */
  readonly rgb: Uint8Array<ArrayBuffer> | null;
  /** True at the end where what was to be raised never answered, from whatever seed. */
  readonly silent: boolean;
}

/** What a visualisation runs on. */
export interface VisualiseParts {
  readonly engine: Pick<Engine, "run" | "model">;
  /** A frame that was admitted; what it shows plays no part. */
  readonly frame: FrameKey;
  readonly signal: AbortSignal;
}

/**
 * Refuses a channel that the layer does not have, before anything is computed.
 *
 * @throws GradcastError `bad-option`
 */
export function checkFeature(model: LoadedModel, { layer, options }: ResolvedRequest): void {
  if (options["of"] === "class") return;
  const channels = model.layers.find(({ name }) => name === layer)?.shape.at(-1) ?? 0;
  checkChannel(Number(options["channel"]), channels, layer);
}

/**
 * Raises what is asked for, one row a step; whoever ends the loop ends the work.
 *
 * @throws GradcastError `engine-failed`, or the signal's reason
 */
export async function* visualise(
  request: ResolvedRequest,
  { engine, frame, signal }: VisualiseParts,
): AsyncGenerator<FeatureProgress, void, undefined> {
  const { target, layer, options } = request;
  const steps = Number(options["steps"]);
  const carry = new Map<string, unknown>();
  const attribution = featureVisualization.attribute({
    frame,
    model: engine.model,
    target,
    layer,
    options,
    carry,
    still: true,
  });
  try {
    yield* follow(attribution, steps, { engine, frame, signal });
  } finally {
    endEarly(attribution);
  }
}

async function* follow(
  attribution: Attribution,
  steps: number,
  { engine, signal }: VisualiseParts,
): AsyncGenerator<FeatureProgress, void, undefined> {
  let rows: readonly GoodRow[] = [];
  // The first row is that of the frame itself.
  let step = -1;
  for (;;) {
    const next = attribution.next(rows);
    rows = [];
    if (next.done === true) {
      const { rgb = null, silent = false } = next.value;
      return yield { step: steps, steps, done: true, rgb, silent };
    }
    const { value } = next;
    switch (value.kind) {
      case "ranking":
        break;
      case "tile":
        yield { step: Math.max(0, step), steps, done: false, rgb: value.tile.rgb ?? null, silent: false };
        break;
      case "probes": {
        signal.throwIfAborted();
        const answer = await engine.run(value.probes);
        rows = answer.rows.map((row) => {
          if (row.ok) return row;
          throw new GradcastError("engine-failed", row.reason);
        });
        step++;
        if (step < steps) yield { step: Math.max(0, step), steps, done: false, rgb: null, silent: false };
        break;
      }
      default: {
        const never: never = value;
        throw new TypeError(`Cannot take the step: its kind ${never} is unknown`);
      }
    }
  }
}
