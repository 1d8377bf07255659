/** What rows cost, learnt from the batches that they were in. */
import { LruCache } from "../../shared/lru_cache.ts";
import { type BatchResult, pictureKey, type Probe, type Score, type Want } from "../engine/port.ts";

/** Weight of the newest batch in what is learnt. */
const LEARNING_WEIGHT = 0.2;

/** How far one batch can be from what was expected and still count in full: a machine that stalls teaches nothing. */
const MAX_SURPRISE = 4;

/** A row may take this long and be charged in full, in ms, however little its kind is expected to cost. */
const LEAST_LIMIT_MS = 50;

/** Cost of a plain forward pass before anything was measured, in ms. */
export const FIRST_ROW_MS = 30;

/** Kinds that are remembered; a model has as many as its layers times a few wants. */
const MAX_KINDS = 1_024;

/** What a row costs as the first of its input in a batch, and behind another one that has its forward pass, in ms. */
export interface RowCost {
  readonly firstMs: number;
  readonly furtherMs: number;
}

/** What a row took, in ms. */
export interface RowTime {
  readonly ms: number;
  /** What its viewer is charged: a machine that stalls, or another program, is nobody's fault. */
  readonly chargedMs: number;
}

/** Expected cost of each kind of row, and the sharing of a batch's time among its rows. */
export class RowCosts {
  readonly #kinds = new LruCache<string, number>(MAX_KINDS);

  /** What a row is expected to cost. */
  of(probe: Probe): RowCost {
    const kind = kindOf(probe);
    return { firstMs: this.#cost(kind, probe, true), furtherMs: this.#cost(kind, probe, false) };
  }

  /**
   * Shares out what a batch took and learns from it. Where the engine says what each row took that counts; otherwise the
   * time goes in proportion to what the rows were expected to cost, and each kind learns from the difference as much as
   * it had part in the batch.
   *
   * @returns `[rows]` in order; their `ms` add up to `computeMs`
   */
  share(
    batch: readonly Probe[],
    { computeMs, rowMs }: Pick<BatchResult, "computeMs" | "rowMs">,
  ): readonly RowTime[] {
    const inputs = new Set<string>();
    const expected = batch.map((probe) => {
      const input = inputOf(probe);
      const first = input === null || !inputs.has(input);
      if (input !== null) inputs.add(input);
      const kind = kindOf(probe);
      return { key: keyOf(kind, first), ms: this.#cost(kind, probe, first) };
    });
    const parts = rowMs ?? expected.map(({ ms }) => ms);
    const scale = computeMs / sumOf(parts);
    const spent = parts.map((ms) => sumOf(parts) > 0 ? ms * scale : computeMs / batch.length);
    const rows = expected.map((row, index) => ({ ...row, spentMs: spent[index] ?? 0 }));
    for (const [key, some] of Map.groupBy(rows, (row) => row.key)) {
      const expectedMs = sumOf(some.map(({ ms }) => ms));
      const surprise = sumOf(some.map(({ spentMs }) => spentMs)) / expectedMs;
      const bounded = Math.min(MAX_SURPRISE, Math.max(1 / MAX_SURPRISE, surprise));
      const part = rowMs === undefined ? expectedMs / sumOf(expected.map(({ ms }) => ms)) : 1;
      this.#learn(key, expectedMs / some.length * (1 + LEARNING_WEIGHT * part * (bounded - 1)));
    }
    return rows.map(({ ms, spentMs }) => ({
      ms: spentMs,
      chargedMs: Math.min(spentMs, Math.max(MAX_SURPRISE * ms, LEAST_LIMIT_MS)),
    }));
  }

  #cost(kind: string, probe: Probe, first: boolean): number {
    return this.#kinds.get(keyOf(kind, first)) ??
      FIRST_ROW_MS * ((first ? 1 : 0) + Math.max(backwardOf(probe.want), 0.1));
  }

  #learn(key: string, ms: number): void {
    this.#kinds.set(key, ms);
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function keyOf(kind: string, first: boolean): string {
  return first ? kind : `+${kind}`;
}

/** Rows of the unchanged frame share its forward pass; other variations are met once each. */
function inputOf({ variation, randomHead, ...picture }: Probe): string | null {
  return variation.kind === "none" ? `${pictureKey(picture)}|${randomHead ?? ""}` : null;
}

function kindOf({ variation, want }: Probe): string {
  return `${variation.kind} ${wantKind(want)}`;
}

/** What decides the costs of a want's rows: never the class, channel or place that is explained. */
function wantKind(want: Want): string {
  const layer = "layer" in want ? ` ${want.layer}` : "";
  const rule = "rule" in want ? ` ${want.rule}` : "";
  const source = "score" in want && want.score !== null ? ` ${sourceOf(want.score)}` : "";
  const lines = "lines" in want && want.lines ? " lines" : "";
  return `${want.kind}${layer}${rule}${source}${lines}`;
}

function sourceOf(score: Score): string {
  return score.kind === "target" ? "" : score.layer;
}

/** Passes that a gradient costs beside its forward pass, and one at every bias; guesses that hold until the first batch. */
const GRADIENT_PASSES = 1.5;
const LAYER_GRADIENT_PASSES = 0.5;
const BIAS_PASSES = 4;
const LINE_PASSES = 5;

/** What a want costs beside its forward pass, in forward passes; a guess that holds until the first batch. */
function backwardOf(want: Want): number {
  switch (want.kind) {
    case "logits":
    case "projection":
      return 0;
    case "layer":
      return want.score === null ? 0 : LAYER_GRADIENT_PASSES;
    case "bias-terms":
      return BIAS_PASSES;
    case "network":
      return (want.score === null ? 0 : GRADIENT_PASSES) + (want.lines ? LINE_PASSES : 0);
    default:
      return GRADIENT_PASSES;
  }
}
