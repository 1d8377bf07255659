/** Indexing between layers: x[..., ::-1], x[:, 0], x[..., None]. */
import * as v from "valibot";
import type { Layer } from "../model/topology.ts";
import { argumentsOf } from "./_call_arguments.ts";
import type { Context } from "./_drafts.ts";
import { chain, reshaped, type Step, step } from "./_steps.ts";
import type { Draft, Shape } from "./graph.ts";

const Place = v.nullable(v.pipe(v.number(), v.integer()));
const Bounds = v.object({
  start: v.optional(Place, null),
  stop: v.optional(Place, null),
  step: v.optional(Place, null),
});

/** One part of an index; Keras 2 writes the bounds alone, Keras 3 with a class around them. */
const Part = v.union([
  v.pipe(v.number(), v.integer(), v.transform((at) => ({ kind: "place", at }) as const)),
  v.pipe(v.null(), v.transform(() => ({ kind: "new" }) as const)),
  v.pipe(
    v.object({ class_name: v.literal("__ellipsis__") }),
    v.transform(() => ({ kind: "rest" }) as const),
  ),
  v.pipe(
    v.object({ class_name: v.literal("__slice__"), config: Bounds }),
    v.transform(({ config }) => ({ kind: "bounds", ...config }) as const),
  ),
  v.pipe(
    v.strictObject({ start: Place, stop: Place, step: Place }),
    v.transform((bounds) => ({ kind: "bounds", ...bounds }) as const),
  ),
]);
type Part = v.InferOutput<typeof Part>;

/** Places of a side that an index may pick from. */
export const MAX_PLACES = 2 ** 20;

const ALL: Part = { kind: "bounds", start: null, stop: null, step: null };

/** Reads an index into blocks, single places and new sides. */
export function readGetItem(layer: Layer, _find: unknown, context: Context): readonly Draft[] {
  const { args: [, key], kwargs } = argumentsOf(layer);
  const written = key ?? kwargs["slice_spec"];
  const parsed = v.safeParse(v.array(Part), Array.isArray(written) ? written : [written]);
  if (!parsed.success) throw unread(layer, written);
  const shape = context.shape(0);
  const [batch, ...parts] = spread(parsed.output, shape.length + 1);
  const whole = batch?.kind === "bounds" && (batch.start ?? 0) === 0 && batch.stop === null &&
    (batch.step ?? 1) === 1;
  if (!whole) throw unread(layer, written);
  return chain(layer, stepsOf(parts, shape, () => unread(layer, written)));
}

/** Puts a whole side for each that the ellipsis stands for. */
function spread(parts: readonly Part[], rank: number): readonly Part[] {
  const used = parts.filter(({ kind }) => kind === "place" || kind === "bounds").length;
  const rest = Array.from({ length: Math.max(0, rank - used) }, () => ALL);
  const at = parts.findIndex(({ kind }) => kind === "rest");
  return at === -1 ? [...parts, ...rest] : [...parts.slice(0, at), ...rest, ...parts.slice(at + 1)];
}

function stepsOf(parts: readonly Part[], shape: Shape, refuse: () => Error): readonly Step[] {
  const steps: Step[] = [];
  const sides: number[] = [];
  let side = 0;
  for (const part of parts) {
    const length = shape[side];
    if (part.kind === "new") {
      sides.push(1);
      continue;
    }
    if (part.kind === "rest" || length === undefined) throw refuse();
    const indices = part.kind === "place"
      ? [part.at < 0 ? part.at + length : part.at]
      : placesOf(part, length);
    if (indices.length === 0 || indices.some((index) => index < 0 || index >= length)) throw refuse();
    if (indices.length !== length || indices.some((index, at) => index !== at)) {
      steps.push(step("gather", { side, indices }, {}));
    }
    if (part.kind === "bounds") sides.push(indices.length);
    side++;
  }
  const plain = parts.every(({ kind }) => kind === "bounds");
  return plain ? steps : [...steps, reshaped(sides)];
}

/** Places that Python's `start:stop:step` means. */
function placesOf(
  { start, stop, step }: Extract<Part, { kind: "bounds" }>,
  length: number,
): readonly number[] {
  const by = step ?? 1;
  if (by === 0 || length > MAX_PLACES) return [];
  const clamp = (at: number) => Math.max(by < 0 ? -1 : 0, Math.min(by < 0 ? length - 1 : length, at));
  const place = (at: number | null, otherwise: number) =>
    at === null ? otherwise : clamp(at < 0 ? at + length : at);
  const [first, end] = [place(start, by < 0 ? length - 1 : 0), place(stop, by < 0 ? -1 : length)];
  const count = Math.max(0, Math.ceil((end - first) / by));
  return Array.from({ length: count }, (_, number) => first + number * by);
}

function unread(layer: Layer, written: unknown): Error {
  return new Error(
    `Cannot load the model: Gradcast does not compute the index of ${layer.className} layer ${layer.name}, got ` +
      (JSON.stringify(written) ?? "none").slice(0, 200),
  );
}
