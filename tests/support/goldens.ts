/** Access to the reference numbers that tests/reference/make.py wrote. */
import * as v from "valibot";

const FOLDER = "tests/reference/goldens";

const GoldenSchema = v.object({
  photo: v.string(),
  logits: v.array(v.number()),
  classes: v.array(v.number()),
  maps: v.array(v.object({
    method: v.string(),
    class: v.number(),
    options: v.record(v.string(), v.unknown()),
    file: v.string(),
    shape: v.array(v.number()),
  })),
});

/** One photo's reference: PyTorch's logits and where its maps are. */
export interface Golden {
  readonly logits: readonly number[];
  readonly classes: readonly number[];
  /** Path of a method's map for a class, with its default options. */
  file(method: string, classIndex: number): string;
}

/** Reads the reference of a photo. */
export async function readGolden(photo: string): Promise<Golden> {
  const golden = v.parse(GoldenSchema, JSON.parse(await Deno.readTextFile(`${FOLDER}/${photo}.json`)));
  return {
    logits: golden.logits,
    classes: golden.classes,
    file(method, classIndex) {
      const found = golden.maps.find((map) => map.method === method && map.class === classIndex);
      if (found === undefined) {
        throw new Error(`Cannot find the golden map: current value is ${method} of ${classIndex}`);
      }
      return `${FOLDER}/${found.file}`;
    },
  };
}

/** Pearson correlation of two maps of the same length. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [centred(a), centred(b)];
  const dot = (p: number[], q: number[]) =>
    p.reduce((sum, value, index) => sum + value * (q[index] ?? NaN), 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

function centred(values: ArrayLike<number>): number[] {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return list.map((value) => value - mean);
}
