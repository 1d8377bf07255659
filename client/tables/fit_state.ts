/** What is known of the heads while they are fitted and afterwards: lines of the server in, a state out. Pure. */
import { HEAD_KINDS, type HeadKind } from "../../shared/head_model.ts";
import type { HeadResult, PreparedTable, TableWarning } from "../../shared/table_wire.ts";
import type { FitNews } from "./api.ts";

/** How far one head is. */
export type HeadRun =
  | { readonly state: "waiting" }
  /** Fitted to all rows, then to parts of them; `done` 0…1 of that step. */
  | { readonly state: "running"; readonly step: "fit" | "validate"; readonly done: number }
  | { readonly state: "done"; readonly result: HeadResult };

/** One run over some heads. */
export interface FitState {
  readonly phase: "idle" | "running" | "done" | "cancelled" | "failed";
  /** What was made of the table; null before the server has said it. */
  readonly prepared: PreparedTable | null;
  /** What only the results show. */
  readonly warnings: readonly TableWarning[];
  /** In the order in which people see heads. */
  readonly heads: readonly { readonly kind: HeadKind; readonly run: HeadRun }[];
}

/** Nothing is fitted. */
export const IDLE: FitState = { phase: "idle", prepared: null, warnings: [], heads: [] };

/** A run begins. */
export function begun(kinds: readonly HeadKind[]): FitState {
  const heads = HEAD_KINDS.filter((kind) => kinds.includes(kind)).map((kind) => ({
    kind,
    run: { state: "waiting" } as const,
  }));
  return { phase: "running", prepared: null, warnings: [], heads };
}

/** The state after one more line. */
export function told(state: FitState, news: FitNews): FitState {
  if (state.phase !== "running") return state;
  if ("prepared" in news) return { ...state, prepared: news.prepared };
  if ("done" in news) return { ...state, phase: "done", warnings: news.warnings ?? [] };
  if ("result" in news) return withRun(state, news.result.head.kind, { state: "done", result: news.result });
  const { head, step, done } = news.progress;
  return withRun(state, head, { state: "running", step, done });
}

/** The state after a run was cancelled, or ended by an error: what is finished stays. */
export function ended(state: FitState, phase: "cancelled" | "failed"): FitState {
  if (state.phase !== "running") return state;
  return { ...state, phase, heads: state.heads.filter(({ run }) => run.state === "done") };
}

function withRun(state: FitState, kind: HeadKind, run: HeadRun): FitState {
  return { ...state, heads: state.heads.map((head) => head.kind === kind ? { kind, run } : head) };
}

/** The results so far. */
export function resultsOf({ heads }: FitState): readonly HeadResult[] {
  return heads.flatMap(({ run }) => run.state === "done" ? [run.result] : []);
}

/** The result of one kind, or undefined. */
export function resultOf(state: FitState, kind: HeadKind): HeadResult | undefined {
  return resultsOf(state).find(({ head }) => head.kind === kind);
}

/** The result with the highest accuracy under cross-validation; of equal ones the first. */
export function bestOf(state: FitState): HeadResult | undefined {
  return resultsOf(state).toSorted((a, b) => b.validation.accuracy - a.validation.accuracy)[0];
}
