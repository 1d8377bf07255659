/** What the worker of heads can be asked for. */
import type { HeadKind } from "../../shared/head_model.ts";
import type { PackedError } from "../../shared/packed_error.ts";
import { fitHead } from "./fit.ts";
import { findForest } from "./forest.ts";
import { type Importance, permutationImportance } from "./importance.ts";
import { FIT_DEFAULTS, type FitOptions } from "./options.ts";
import { checkPacked, type PackedHead, packHead } from "./packed_head.ts";
import { pcaLinearOf } from "./pca_linear.ts";
import { checkLabelled, type LabelledRows, step, type Steps } from "./rows.ts";
import { runnable, type RunnableHead } from "./runnable_head.ts";
import { crossValidate, scoreOf, type Validation } from "./validate.ts";

/** Options of every job; folds are for those that cross-validate. */
export type JobOptions = Partial<FitOptions> & { readonly folds?: number };

/** Results by the kind of job. */
export interface JobResults {
  readonly fit: RunnableHead;
  readonly "fit-packed": PackedHead;
  readonly check: PackedHead;
  readonly pack: PackedHead;
  readonly validate: Validation;
  readonly importance: Importance;
  /** Accuracy on the rows, 0…1. */
  readonly score: number;
}
export type JobKind = keyof JobResults;

/** One job. */
export type Job =
  | {
    readonly kind: "fit" | "fit-packed" | "validate" | "importance";
    readonly head: HeadKind;
    readonly from: LabelledRows;
    readonly options: JobOptions;
  }
  | { readonly kind: "score"; readonly head: RunnableHead; readonly from: LabelledRows }
  | { readonly kind: "check"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "pack"; readonly head: RunnableHead };

/** What the worker says of the job that it works on. */
export type FromHeadWorker =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "done"; readonly result: JobResults[JobKind] }
  | { readonly kind: "failed"; readonly error: PackedError };

/** Does a job. */
export function runJob(job: Job, steps: Steps): JobResults[JobKind] {
  switch (job.kind) {
    case "fit":
      return fitRunnable(job.head, job.from, job.options, steps);
    case "fit-packed":
      return fitPacked(job.head, job.from, job.options, steps);
    case "check":
      return checkPacked(job.bytes);
    case "pack":
      return packHead(job.head);
    case "validate":
      return crossValidate(job.head, job.from, job.options, steps);
    case "importance":
      return permutationImportance(job.head, job.from, job.options, steps);
    case "score":
      return scoreOf(job.head, job.from);
    default: {
      const never: never = job;
      throw new TypeError(`Cannot do a job: ${never} is unknown`);
    }
  }
}

/** A forest's trees are never nodes all at once. */
function fitRunnable(kind: HeadKind, from: LabelledRows, options: JobOptions, steps: Steps): RunnableHead {
  if (kind !== "forest") return runnable(fitHead(kind, from, options, steps));
  checkLabelled(from);
  step(steps, 0);
  return findForest(from, { ...FIT_DEFAULTS, ...options }, steps);
}

/** The components of a PCA are packed where they lie: as lists they would take their memory twice more. */
function fitPacked(kind: HeadKind, from: LabelledRows, options: JobOptions, steps: Steps): PackedHead {
  if (kind !== "pca-linear") return packHead(fitRunnable(kind, from, options, steps));
  checkLabelled(from);
  return packHead(pcaLinearOf(from, { ...FIT_DEFAULTS, ...options }, steps));
}
