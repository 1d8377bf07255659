/** What the cases of the contract share: probes, and what their rows have to be. */
import assert from "node:assert/strict";
import { maxDifference, readPhoto } from "./goldens.ts";
import type {
  Detail,
  Engine,
  Fill,
  FrameKey,
  GradientRule,
  InputWindow,
  Probe,
  Row,
  Score,
  Variation,
  Want,
} from "../port.ts";

/** Registers one case, which may admit frames 1 and 2. */
export type Case = (what: string, run: (engine: Engine) => Promise<void>) => void;

/** A row that has its numbers. */
export type GoodRow = Extract<Row, { ok: true }>;

/** Admits a photo of the fixtures. */
export async function admit(engine: Engine, key: FrameKey, photo: string): Promise<void> {
  await engine.admit(key, "png", await readPhoto(photo));
}

/** A probe of a frame, by default for its logits. */
export function ask(
  frame: FrameKey,
  want: Want = { kind: "logits" },
  variation: Variation = { kind: "none" },
): Probe {
  return { frame, variation, want };
}

/** A probe for maps of some classes. */
export function projection(frame: FrameKey, top: number, also: readonly number[]): Probe {
  return ask(frame, { kind: "projection", top, also });
}

/** A probe of a frame with a window filled. */
export function filled(
  frame: FrameKey,
  window: InputWindow,
  fill: Fill,
): Probe {
  return ask(frame, { kind: "logits" }, { kind: "fill", window, fill });
}

/** The score of a class, or of the one at a rank where that is written as `#1`. */
export function target(
  which: number | `#${number}`,
  score: "logit" | "probability" = "logit",
): Extract<Score, { kind: "target" }> {
  const target = typeof which === "number"
    ? { kind: "class", index: which } as const
    : { kind: "rank", rank: Number(which.slice(1)) } as const;
  return { kind: "target", target, score };
}

/** A want for the gradient at the input. */
export function atInput(score: Score, rule: GradientRule = "plain"): Want {
  return { kind: "input", score, rule };
}

/** Runs a batch all of whose rows have to be good. */
export async function run(engine: Engine, probes: readonly Probe[]): Promise<readonly GoodRow[]> {
  return (await engine.run(probes)).rows.map(good);
}

/** The row's numbers; a failed row fails the test. */
export function good(row: Row | undefined): GoodRow {
  if (row?.ok) return row;
  throw new assert.AssertionError({ message: `The row failed: ${row?.reason}` });
}

/** Why a row failed. */
export function bad(row: Row | undefined): string {
  return row === undefined || row.ok ? "The row is there." : row.reason;
}

/** The detail of a row, which has to be of a kind. */
export function detail<K extends Detail["kind"]>(
  row: GoodRow | undefined,
  kind: K,
): Extract<Detail, { kind: K }> {
  const found = row?.detail;
  if (found?.kind === kind) return found as Extract<Detail, { kind: K }>;
  throw new assert.AssertionError({ message: `The row has ${found?.kind} instead of ${kind}` });
}

/** Fails where two arrays differ by more than a tolerance. */
export function assertClose(
  a: ArrayLike<number> | undefined,
  b: ArrayLike<number> | undefined,
  tolerance: number,
  what: string,
): void {
  const difference = maxDifference(a ?? [], b ?? []);
  assert.ok(difference <= tolerance, `${what}: differs by ${difference}`);
}

/** Mean of an array. */
export function mean(values: Float32Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Σ of products. */
export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}
