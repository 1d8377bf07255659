/** What the worker of heads can be asked for. */
import type { HeadKind, HeadModel } from "../../shared/head_model.ts";
import type { PackedError } from "../../shared/packed_error.ts";
import { fitHead } from "./fit.ts";
import { type Importance, permutationImportance } from "./importance.ts";
import type { FitOptions } from "./options.ts";
import type { LabelledRows, Steps } from "./rows.ts";
import { crossValidate, type Validation } from "./validate.ts";

/** Options of every job; folds are for those that cross-validate. */
export type JobOptions = Partial<FitOptions> & { readonly folds?: number };

/** Results by the kind of job. */
export interface JobResults {
  readonly fit: HeadModel;
  readonly validate: Validation;
  readonly importance: Importance;
}
export type JobKind = keyof JobResults;

/** One job. */
export interface Job {
  readonly kind: JobKind;
  readonly head: HeadKind;
  readonly from: LabelledRows;
  readonly options: JobOptions;
}

/** What the worker says of the job that it works on. */
export type FromHeadWorker =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "done"; readonly result: JobResults[JobKind] }
  | { readonly kind: "failed"; readonly error: PackedError };

/** Does a job. */
export function runJob({ kind, head, from, options }: Job, steps: Steps): JobResults[JobKind] {
  switch (kind) {
    case "fit":
      return fitHead(head, from, options, steps);
    case "validate":
      return crossValidate(head, from, options, steps);
    case "importance":
      return permutationImportance(head, from, options, steps);
    default: {
      const never: never = kind;
      throw new TypeError(`Cannot do a job: its kind ${never} is unknown`);
    }
  }
}
