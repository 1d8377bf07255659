/** What the methods share that read a transformer's attention. */
import { GradcastError } from "../../../shared/errors.ts";
import type { AttentionInfo, Detail, LoadedModel, Probe } from "../../engine/port.ts";
import { targetScore } from "../options/score_option.ts";
import { frameRow } from "../rows/frame_row.ts";
import type { GoodRow, MethodContext, MethodStep, RawMap } from "../method.ts";

type AttentionDetail = Extract<Detail, { kind: "attention" }>;
type AttentionOf = Extract<Probe["want"], { kind: "attention" }>["of"];

/**
 * Refuses a model whose patches do not attend to each other.
 *
 * @throws GradcastError `unknown-method`
 */
export function checkAttention(methodId: string, { id, attention }: LoadedModel): AttentionInfo {
  if (attention !== undefined) return attention;
  throw new GradcastError(
    "unknown-method",
    `Cannot explain with ${methodId}: it needs a transformer whose patches attend to each other, ` +
      `got the model '${id}', which has no such attention`,
  );
}

/** The probe of the unchanged frame that asks for attention. */
export function attentionProbe(context: MethodContext, of: AttentionOf): Probe {
  const score = targetScore(context);
  if (score.kind !== "target") {
    throw new TypeError(`Cannot explain a score of ${score.kind}: expected a class`);
  }
  return { frame: context.frame, variation: { kind: "none" }, want: { kind: "attention", of, score } };
}

/** Asks for attention, block by block. */
export function* attentionRow(
  context: MethodContext,
  of: AttentionOf,
): Generator<MethodStep, AttentionDetail, readonly GoodRow[]> {
  const { detail } = yield* frameRow(context, attentionProbe(context, of));
  if (detail?.kind === "attention") return detail;
  throw new TypeError(
    `Cannot explain the frame: its row must have attention, got ${detail?.kind ?? "nothing"}`,
  );
}

/** The product of two matrices of tokens, `[tokens, tokens]`. */
export function times(a: ArrayLike<number>, b: Float64Array, tokens: number): Float64Array {
  const product = new Float64Array(tokens * tokens);
  for (let row = 0; row < tokens; row++) {
    for (let inner = 0; inner < tokens; inner++) {
      const share = a[row * tokens + inner] as number;
      if (share === 0) continue;
      for (let column = 0; column < tokens; column++) {
        const at = row * tokens + column;
        product[at] = (product[at] as number) + share * (b[inner * tokens + column] as number);
      }
    }
  }
  return product;
}

/** Each token into itself, `[tokens, tokens]`. */
export function identity(tokens: number): Float64Array {
  const ones = new Float64Array(tokens * tokens);
  for (let token = 0; token < tokens; token++) ones[token * (tokens + 1)] = 1;
  return ones;
}

/**
 * What goes into the class token; without a token in front, into the mean of all.
 *
 * @param relevance `[tokens, tokens]`, into which token (rows), from which (columns)
 * @returns `[tokens]`
 */
export function intoReadout(
  relevance: Float64Array,
  { tokens, grid: { skip } }: AttentionInfo,
): Float64Array {
  if (skip > 0) return relevance.slice(0, tokens);
  const means = new Float64Array(tokens);
  for (const [at, value] of relevance.entries()) {
    means[at % tokens] = (means[at % tokens] as number) + value / tokens;
  }
  return means;
}

/** The patches among tokens as a map, which tiles the input. */
export function patchMap(
  { grid: { height, width, skip } }: AttentionInfo,
  classIndex: number,
  values: Float64Array,
): RawMap {
  const patches = values.subarray(skip, skip + height * width);
  return { classIndex, layer: null, height, width, values: Float32Array.from(patches) };
}
