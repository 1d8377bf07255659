/** Heads: small models on rows of numbers. They are fitted, predict, and say why; nothing here knows networks or tables. */
export { explainer, explainRow, pathOf } from "./explain_row.ts";
export { fitHead } from "./fit.ts";
export { FIT_DEFAULTS, type FitOptions } from "./options.ts";
export { composed, predict, type Predictor, predictor } from "./predict.ts";
export { type ComposedWeights, standardisedWeights } from "./_logits.ts";
export { mostProbable } from "./_most_probable.ts";
export { MAX_SEED, MersenneTwister } from "./random.ts";
export {
  countRows,
  type FeatureRows,
  labelledAt,
  type LabelledRows,
  rowAt,
  rowsAt,
  type Steps,
} from "./rows.ts";
export { parseHead } from "./head_json.ts";
export { type AnyHead, plain, runnable, type RunnableHead } from "./runnable_head.ts";
export { hashOfHead, jsonInTurns, type PackedHead, packHead, unpackHead } from "./packed_head.ts";
export { type Importance, permutationImportance } from "./importance.ts";
export { crossValidate, DEFAULT_FOLDS, scoreOf, type Validation } from "./validate.ts";
export { type HeadWorker, type HeadWorkerParts, openHeadWorker, sharedRows } from "./worker_link.ts";
export type { JobOptions } from "./_jobs.ts";
