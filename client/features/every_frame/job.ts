/** A film that is being made: everything that has to be the same after a reload. Pure. */
import * as v from "valibot";
import { parseJson } from "../../../shared/parse_json.ts";
import { ViewSchema } from "../../../shared/protocol.ts";
import { SidecarModelSchema } from "../../../shared/sidecar.ts";
import { FilmChoicesSchema } from "../../view/settings.ts";

const Text = v.pipe(v.string(), v.maxLength(1_000));
const Side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const Whole = v.pipe(v.number(), v.integer(), v.minValue(0));

export const JobSchema = v.object({
  /** Version of this document. */
  gradcast: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/)),
  created: v.pipe(v.string(), v.isoTimestamp()),
  /** By what the file is known when it is chosen again. */
  file: v.object({ name: Text, size: Whole, lastModified: v.number() }),
  /** What explains every frame. */
  view: ViewSchema,
  methodName: Text,
  modelName: Text,
  model: v.nullable(SidecarModelSchema),
  signed: v.boolean(),
  unit: Text,
  network: v.boolean(),
  /** Whether a map needs several batches, so that one frame is explained at a time. */
  grows: v.boolean(),
  zero: v.picklist(["nothing", "arbitrary"]),
  range: v.nullable(v.object({ low: v.number(), high: v.number() })),
  aspect: v.pipe(v.number(), v.minValue(1 / 2_048), v.maxValue(2_048)),
  sharedNames: v.array(Whole),
  input: v.object({ width: Side, height: Side }),
  colormap: v.picklist(["viridis", "cividis", "turbo", "diverging"]),
  opacity: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Name of the class that is explained, or null for the first of each frame. */
  targetName: v.nullable(Text),
  choices: FilmChoicesSchema,
});

/** A film that is being made. */
export type Job = v.InferOutput<typeof JobSchema>;

/** Levels of a job's JSON at most. */
const MAX_DEPTH = 8;

/**
 * Reads a job that was kept; null where it does not fit.
 *
 * @throws SyntaxError where it is no JSON
 */
export function readJob(text: string): Job | null {
  const read = v.safeParse(JobSchema, parseJson(text, MAX_DEPTH));
  return read.success ? read.output : null;
}

/** Whether a file that was chosen is the one that a job is of. */
export function isFileOf({ file }: Pick<Job, "file">, chosen: File): boolean {
  return file.name === chosen.name && file.size === chosen.size && file.lastModified === chosen.lastModified;
}
