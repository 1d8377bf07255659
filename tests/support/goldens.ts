/** Access to the reference numbers that tests/reference/make.py wrote. */
import * as v from "valibot";

export { correlation } from "../../shared/correlation.ts";

const FOLDER = "tests/reference/goldens";

/** Photos that have a reference. */
export const GOLDEN_PHOTOS = ["coffee", "chelsea", "camera"] as const;

const GoldenMapSchema = v.object({
  method: v.string(),
  class: v.number(),
  /** Target layer, or null for a method that looks at the whole network. */
  layer: v.nullable(v.string()),
  /** The method's options that matter to the reference, as a viewer would set them. */
  options: v.record(v.string(), v.union([v.number(), v.boolean(), v.string()])),
  file: v.string(),
  shape: v.array(v.number()),
});

const CurveSchema = v.object({ auc: v.number(), probabilities: v.array(v.number()) });

const GoldenTrustSchema = v.object({
  method: v.string(),
  class: v.number(),
  deletion: CurveSchema,
  insertion: CurveSchema,
  averageDrop: v.number(),
  increased: v.boolean(),
});

const GoldenSchema = v.object({
  photo: v.string(),
  logits: v.array(v.number()),
  classes: v.array(v.number()),
  maps: v.array(GoldenMapSchema),
  trust: v.array(GoldenTrustSchema),
});

/** One map of the reference. */
export type GoldenMap = v.InferOutput<typeof GoldenMapSchema>;

/** What the trust meters say of one map of the reference, with the method's default layer and options. */
export type GoldenTrust = v.InferOutput<typeof GoldenTrustSchema>;

/** One photo's reference: PyTorch's logits and where its maps are. */
export interface Golden {
  readonly logits: readonly number[];
  readonly classes: readonly number[];
  readonly maps: readonly GoldenMap[];
  readonly trust: readonly GoldenTrust[];
  /** Path of a method's map for a class, with its default layer and options. */
  file(method: string, classIndex: number): string;
}

/** Reads the reference of a photo; `photo` may stand in a folder: "lite1/coffee". */
export async function readGolden(photo: string): Promise<Golden> {
  const { logits, classes, maps, trust } = v.parse(
    GoldenSchema,
    JSON.parse(await Deno.readTextFile(`${FOLDER}/${photo}.json`)),
  );
  return {
    logits,
    classes,
    maps,
    trust,
    file(method, classIndex) {
      const found = maps.find((map) => map.method === method && map.class === classIndex);
      if (found === undefined) {
        throw new Error(`Cannot find the golden map, got ${method} of ${classIndex}`);
      }
      return `${FOLDER}/${found.file}`;
    },
  };
}

/** Numbers of a map of the reference. */
export interface GoldenValues {
  readonly shape: readonly number[];
  /** In C order: the last index runs fastest. */
  readonly values: Float64Array;
}

/**
 * Reads a map of the reference: little-endian float32, or float16 for the ones as large as the input.
 *
 * @throws TypeError for numbers of another type
 */
export async function readGoldenMap(file: string): Promise<GoldenValues> {
  const bytes = await Deno.readFile(`${FOLDER}/${file}`);
  const view = new DataView(bytes.buffer);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  const [, kind] = /'descr': '([^']*)'/.exec(header) ?? [];
  const shape = (/'shape': \(([\d, ]*)\)/.exec(header)?.[1] ?? "").split(",").filter((side) =>
    side.trim() !== ""
  )
    .map(Number);
  const length = shape.reduce((product, side) => product * side, 1);
  switch (kind) {
    case "<f4":
      return { shape, values: Float64Array.from({ length }, (_, i) => view.getFloat32(start + 4 * i, true)) };
    case "<f2":
      return { shape, values: Float64Array.from({ length }, (_, i) => view.getFloat16(start + 2 * i, true)) };
    default:
      throw new TypeError(`Cannot read the map: it must be '<f4' or '<f2', got '${kind}'`);
  }
}
