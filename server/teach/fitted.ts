/** What a learner has found out: heads, and how well they do. */
import type { HeadKind } from "../../shared/head_model.ts";
import type { RunnableHead } from "../heads/mod.ts";
import type { Lesson } from "./lesson.ts";

/** How well a head does on pictures that it had not seen. */
export interface Validated {
  readonly accuracy: number;
  readonly deviation: number;
  readonly keys: readonly string[];
  /** `[actual][said]` pictures, in the order of `keys`. */
  readonly confusion: readonly (readonly number[])[];
  /** By the ids of pictures: the class that was said, and its probability. */
  readonly said: ReadonlyMap<number, { readonly key: string; readonly probability: number }>;
}

/** A head that was fitted. */
export interface Fitted {
  readonly kind: HeadKind;
  readonly head: RunnableHead;
  /** SHA-256 of the head as JSON, in hex. */
  readonly sha256: string;
  readonly lesson: Lesson;
  /** Revision of the pictures that it was fitted to. */
  readonly revision: number;
  readonly ms: number;
  readonly validated: Validated | null;
}

/** How far it is. */
export interface LearnerState {
  readonly state: "waiting" | "learning" | "learned" | "cannot";
  readonly kind: HeadKind | null;
  readonly done: number;
  readonly reason: string | null;
}
