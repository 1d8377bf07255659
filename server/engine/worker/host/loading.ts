/** How far the loading of a model is: its stages, and the share of each that is done. Pure. */

/** Where each stage ends, as a share of all; in their order. */
const ENDS = {
  /** Bytes of the files are read. */
  read: 0.45,
  /** Operations are put together. */
  build: 0.5,
  /** Threads and kernels are there. */
  compile: 0.55,
  /** Weights lie in the memory that is computed in. */
  upload: 0.85,
  /** A first picture is computed. */
  "warm-up": 1,
} as const;

/** A stage of loading. */
export type LoadingStage = keyof typeof ENDS;

/** The least step that is worth a message. */
const STEP = 0.01;

/** Puts the shares of the stages together; reports what rises, in steps that people see. */
export class LoadingProgress {
  readonly #report: (done: number) => void;
  #done = 0;

  /** @param report receives the share of all that is done, 0 to 1, each larger than the one before */
  constructor(report: (done: number) => void) {
    this.#report = report;
  }

  /** Takes the share of a stage that is done, 0 to 1; the stages before it are done then. */
  at(stage: LoadingStage, share: number): void {
    const stages = Object.keys(ENDS) as LoadingStage[];
    const before = stages[stages.indexOf(stage) - 1];
    const begin = before === undefined ? 0 : ENDS[before];
    const done = begin + Math.min(1, Math.max(0, share)) * (ENDS[stage] - begin);
    if (done < this.#done + STEP) return;
    this.#done = done;
    this.#report(done);
  }
}
