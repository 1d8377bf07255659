/** What a learner works with, and who hears of what it does. */
import type { Clock } from "../clock/mod.ts";
import type { HeadWorker } from "../heads/mod.ts";
import type { Fitted } from "./fitted.ts";
import type { LessonOrReason } from "./lesson.ts";

/** What a learner works with. */
export interface LearnerParts {
  readonly clock: Clock;
  readonly openWorker: () => HeadWorker;
  /** The pictures of now. */
  readonly lesson: () => LessonOrReason;
  /** Called when a head was fitted. */
  readonly onLearned: (fitted: Fitted) => void;
  /**
   * Called with the chosen head when pictures have paused, and again when it was validated; `packed` are its bytes, which are
   * packed where they are asked for.
   */
  readonly onSettled?: (fitted: Fitted, packed: () => Promise<Uint8Array<ArrayBuffer>>) => void;
  /** Called whenever the state, a head or a validation has changed. */
  readonly onChange: () => void;
  /** Receives what went wrong and is nobody's fault. */
  readonly onFault: (error: unknown) => void;
}
