/** Feature visualisation (Olah, Mordvintsev and Schubert 2017, https://distill.pub/2017/feature-visualization). */
import { GradcastError } from "../../../shared/errors.ts";
import { luminanceOf } from "../../../shared/luminance.ts";
import type { Score } from "../../engine/port.ts";
import { Ascent, type AscentOptions } from "./_ascent.ts";
import { frameRow } from "../rows/frame_row.ts";
import { wholeTile } from "../rows/sample_groups.ts";
import { InputPictures } from "../rows/input_picture.ts";
import { inputDetail } from "../rows/input_row.ts";
import { SEED_OPTION } from "../options/seed_option.ts";
import { checkGradients } from "../gradients.ts";
import { checkTargetLayers, targetLayers } from "../cam/target_layers.ts";
import { GREY_LEVEL, STEPS } from "../raw_values.ts";
import type { Attribution, Method, MethodContext, MethodStep, RawMap } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** Steps from one picture that is shown to the next. */
const SHOWN_EVERY = 10;

/** Where a stream keeps its ascent. */
const CARRY_KEY = "feature-visualization";

/** Highest channel of any layer. */
const MAX_CHANNEL = 65_535;

/** Largest shift before a step by default, in px: Lucid's, which it has for inputs of 224. */
const MOST_JITTER_PX = 8;

/** Share of the input's side that the default is of a smaller one: as much of a small input would leave no shape. */
const JITTER_SHARE = MOST_JITTER_PX / 224;

/** What is raised. */
const RAISED = ["class", "channel", "neuron"] as const;

/**
 * Raw map: the luminance of the picture found, `[height, width]` px, 0…255, and the picture itself as `rgb`. The frame
 * plays no part but to say which class ranks where; with the same seed every frame gives the same picture, and on a
 * stream the ascent continues from frame to frame.
 */
export const featureVisualization: Method = {
  id: "feature-visualization",
  name: "Feature visualisation",
  family: "inside",
  plain: "Dreams up the picture that raises a class, or one channel of a layer, as far as it can.",
  expert:
    "Gradient ascent on the input from seeded noise: steps along the unit gradient of a class's logit, a channel's " +
    "mean or its middle neuron, less L2 and total-variation decay, at randomly turned and shifted inputs, in pixels or in a " +
    "Laplacian pyramid; for the first 16 steps gradients pass rectifiers that would let nothing through, and what stays " +
    "silent is tried from up to 5 seeds. 200 forwards and backward passes, one after the other.",
  weakness:
    "It shows what the network would like to see and says nothing about the picture at hand. Each seed gives another " +
    "picture, decay and jitter decide what it looks like, and many channels answer to several things at once.",
  signed: false,
  progressive: true,
  cost: 500,
  withoutGradients: true,
  carries: true,
  values: GREY_LEVEL,
  sampling: { ...STEPS, error: "none" },
  subject: "network",
  options: [
    {
      kind: "choice",
      name: "of",
      default: "class",
      choices: [...RAISED],
      help: "What is raised: the class, or at the layer a channel's mean or its neuron in the middle.",
    },
    {
      kind: "integer",
      name: "channel",
      default: 0,
      min: 0,
      max: MAX_CHANNEL,
      unit: "",
      help: "Which channel of the layer, the first is 0; of no account where a class is raised.",
    },
    {
      kind: "integer",
      name: "steps",
      default: 200,
      min: 1,
      max: 5_000,
      unit: "",
      help: "Steps of the ascent.",
    },
    {
      kind: "integer",
      name: "rate",
      default: 20,
      min: 1,
      max: 1_000,
      unit: "‰",
      help: "Length of a step, in parts of a thousand of the way from black to white.",
    },
    {
      kind: "integer",
      name: "decay",
      default: 10,
      min: 0,
      max: 100,
      unit: "%",
      help: "Weight of L2 and total-variation decay, each against the gradient.",
    },
    {
      kind: "integer",
      name: "jitter",
      default: MOST_JITTER_PX,
      min: 0,
      max: 64,
      unit: "px",
      help: "Largest random shift before a step; by default a 28th of the input's side, 8 px at most.",
    },
    {
      kind: "integer",
      name: "rotation",
      default: 5,
      min: 0,
      max: 45,
      unit: "°",
      help: "Largest random turn before a step.",
    },
    {
      kind: "choice",
      name: "parametrisation",
      default: "pyramid",
      choices: ["pyramid", "pixels"],
      help:
        "What the steps are taken in: a Laplacian pyramid gives large shapes their part, pixels mostly fine detail.",
    },
    SEED_OPTION,
  ],
  layers: targetLayers,
  presets: ({ width, height }) => ({
    jitter: Math.max(1, Math.min(MOST_JITTER_PX, Math.round(JITTER_SHARE * Math.min(width, height)))),
  }),
  check(model, options) {
    if (options["of"] === "class") return checkGradients(featureVisualization.id, model);
    checkTargetLayers(featureVisualization.id, model);
    const widths = model.layers.filter(({ shape, unplaced = false }) => shape.length === 3 && !unplaced).map((
      { shape },
    ) => shape.at(-1) ?? 0);
    checkChannel(Number(options["channel"]), Math.max(...widths), "the widest layer");
  },
  *attribute(context): Attribution {
    const { logits } = yield* frameRow(context);
    const classIndex = targetClass(logits, context.target);
    const score = scoreOf(context, classIndex);
    const { ascent, steps } = ascentOf(context, score);
    const { frame } = context;
    const pictures = new InputPictures(context.model);
    const map = (): RawMap => ({
      ...mapOf(context, classIndex, pictures.rgb(ascent.input)),
      ...(ascent.step === 0 ? {} : { samples: { count: ascent.step, of: null, error: null } }),
    });
    const shown = (): MethodStep => ({ kind: "tile", tile: wholeTile(map(), ascent.step / steps) });
    // What the ascent begins with: nobody looks at an empty place until the tenth step.
    if (ascent.step === 0) yield shown();
    while (!ascent.finished) {
      const step = ascent.step;
      const variation = { kind: "input", values: ascent.asked } as const;
      const [row] = yield {
        kind: "probes",
        lane: "tile",
        probes: [{ frame, variation, want: { kind: "input", score, rule: ascent.rule } }],
      };
      if (row === undefined) {
        throw new TypeError("Cannot take a step: its probe was not answered, got 0 rows");
      }
      // On a stream the next frame's run may have taken this very step before the row arrived.
      if (ascent.step !== step) continue;
      const { score: reached, gradient } = inputDetail(row);
      ascent.take(reached, gradient.values);
      if (ascent.step % SHOWN_EVERY === 0 && !ascent.finished) yield shown();
    }
    return { ...map(), ...(ascent.silent ? { silent: true } : {}) };
  },
};

function scoreOf({ model, layer, options }: MethodContext, classIndex: number): Score {
  const of = RAISED.find((raised) => raised === options["of"]) ?? "class";
  if (of === "class") {
    return { kind: "target", target: { kind: "class", index: classIndex }, score: "logit" };
  }
  const [height = 0, width = 0, channels = 0] = model.layers.find(({ name }) => name === layer)?.shape ?? [];
  const channel = Number(options["channel"]);
  checkChannel(channel, channels, layer);
  return of === "channel"
    ? { kind: "channel", layer, channel }
    : { kind: "neuron", layer, row: height >> 1, column: width >> 1, channel };
}

/**
 * Refuses a channel that a layer does not have.
 *
 * @throws GradcastError `bad-option`
 */
export function checkChannel(channel: number, channels: number, layer: string): void {
  if (channel >= 0 && channel < channels) return;
  throw new GradcastError(
    "bad-option",
    `Cannot set the option 'channel': ${layer} has the channels 0 to ${channels - 1}, got ${channel}`,
  );
}

/** An ascent that a stream carries from frame to frame. */
interface Carried {
  readonly key: string;
  readonly ascent: Ascent;
}

function isCarried(value: unknown): value is Carried {
  return typeof value === "object" && value !== null && "ascent" in value && value.ascent instanceof Ascent;
}

/** The ascent of the stream where it is still the same one, otherwise a new one. */
function ascentOf({ carry, options, model }: MethodContext, score: Score): { ascent: Ascent; steps: number } {
  const chosen: AscentOptions = {
    seed: Number(options["seed"]),
    steps: Number(options["steps"]),
    rate: Number(options["rate"]) / 1_000,
    decay: Number(options["decay"]) / 100,
    jitter: Number(options["jitter"]),
    rotation: Number(options["rotation"]),
    parametrisation: options["parametrisation"] === "pixels" ? "pixels" : "pyramid",
  };
  const key = JSON.stringify([chosen, score]);
  const carried = carry.get(CARRY_KEY);
  const ascent = isCarried(carried) && carried.key === key ? carried.ascent : new Ascent(model, chosen);
  carry.set(CARRY_KEY, { key, ascent });
  return { ascent, steps: chosen.steps };
}

function mapOf(
  { model: { height, width }, layer, options }: MethodContext,
  classIndex: number,
  rgb: Uint8Array<ArrayBuffer>,
): RawMap {
  return {
    classIndex,
    layer: options["of"] === "class" ? null : layer,
    height,
    width,
    values: luminanceOf(rgb),
    rgb,
  };
}
