/** What the engine does for one viewer: its pictures, and the maps that are being made of them, by pane. */
import type { FrameKey } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";
import type { WireError } from "../logger/mod.ts";
import type { Carry } from "../methods/method.ts";
import { contrastFrame, explainFrame, predictFrame } from "../methods/mod.ts";
import type { Job, JobHandle, Scheduler } from "../scheduler/mod.ts";
import { followedList, type RankedState } from "./_ranking.ts";
import type { Effect, PaneRequest, SessionEvent, Work } from "./state.ts";

/** What is done about pictures and maps. */
export type JobEffect = Extract<
  Effect,
  { readonly kind: "admit" | "explain" | "retire" | "supersede" | "release" }
>;

/** What a viewer's jobs work with. */
export interface ViewerJobsParts {
  /** The viewer, as the scheduler knows it. */
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The list that the viewer reads, as it is now. */
  readonly list: () => RankedState;
  /** Id of the view's model, which the list is of. */
  readonly viewModel: () => string | null;
  /** Receives what comes of the pictures and maps. */
  readonly dispatch: (event: SessionEvent) => void;
  /** What the viewer reads of an error. */
  readonly wireError: (error: unknown, action: string) => WireError;
}

/** The pictures and maps of one viewer. */
export class ViewerJobs {
  readonly #parts: ViewerJobsParts;
  /** What is being explained, by pane. */
  readonly #jobs = new Map<number, JobHandle>();
  /** What the frames show that are at the engine; null until it has said so. */
  readonly #sketches = new Map<FrameKey, Sketch | null>();
  /** Pictures that the engine has not taken or refused yet. */
  readonly #admissions = new Map<FrameKey, Promise<void>>();
  /** By pane; belongs to one revision: a method must not mix what it learnt under another view. */
  readonly #carries = new Map<number, { readonly revision: number; readonly values: Carry }>();

  constructor(parts: ViewerJobsParts) {
    this.#parts = parts;
  }

  /** Carries out what the session wants of the engine. */
  carryOut(effect: JobEffect): void {
    switch (effect.kind) {
      case "admit": {
        const { key } = effect.work;
        this.#admissions.set(key, this.#admit(effect).finally(() => this.#admissions.delete(key)));
        return;
      }
      case "explain":
        return this.#explain(effect.work, effect.requests);
      case "retire":
        for (const pane of effect.panes === "all" ? [...this.#jobs.keys()] : effect.panes) this.#retire(pane);
        return;
      case "supersede":
        for (const job of this.#jobs.values()) job.supersede();
        return this.#jobs.clear();
      case "release":
        this.#sketches.delete(effect.key);
        return this.#parts.scheduler.release(effect.key);
      default: {
        const never: never = effect;
        throw new TypeError(`Cannot carry out the effect: its kind ${never} is unknown`);
      }
    }
  }

  async #admit({ work, frame }: Extract<Effect, { kind: "admit" }>): Promise<void> {
    this.#sketches.set(work.key, null);
    try {
      const sketch = await this.#parts.scheduler.admit({
        viewer: this.#parts.name,
        frame: work.key,
        format: frame.format,
        bytes: frame.picture,
      });
      // A frame that was given up meanwhile needs none any more.
      if (this.#sketches.has(work.key)) this.#sketches.set(work.key, sketch);
    } catch (error) {
      const { code, message } = this.#parts.wireError(error, "take the frame");
      this.#parts.dispatch({ kind: "refused", key: work.key, code, message });
    }
  }

  #explain(work: Work, requests: readonly PaneRequest[]): void {
    for (const { pane } of requests) this.#retire(pane);
    const handles = this.#parts.scheduler.submitAll(requests.map((request) => this.#jobOf(work, request)));
    for (const [place, { pane }] of requests.entries()) {
      const handle = handles[place];
      if (handle !== undefined) this.#jobs.set(pane, handle);
    }
  }

  #retire(pane: number): void {
    this.#jobs.get(pane)?.retire();
    this.#jobs.delete(pane);
  }

  #jobOf(work: Work, { pane, revision, model, method, target, against, layer, options }: PaneRequest): Job {
    const context = {
      frame: work.key,
      model,
      target,
      layer,
      options,
      carry: this.#carryOf(pane, revision),
      sketch: () => this.#sketches.get(work.key) ?? null,
      still: work.still,
    };
    const shown = { work, pane, revision };
    // Ranks of another model than the view's are its frames' own (X7).
    const list = this.#parts.viewModel() === model.id
      ? followedList(this.#parts.list().ranking, work, this.#parts.list)
      : undefined;
    return {
      viewer: this.#parts.name,
      frame: work.key,
      still: work.still,
      hold: {
        pane,
        revision,
        until: !method.progressive ? "never" : method.carries === true ? "row" : "map",
        ...(pane === 0 ? { glance: predictFrame(context) } : {}),
      },
      attribution: against === null
        ? explainFrame(method, context, list)
        : contrastFrame(method, context, against, list),
      listener: {
        ranking: (logits, times) => {
          this.#parts.dispatch(
            pane === 0
              ? { kind: "ranking", key: work.key, revision, logits, times }
              : { kind: "pane-ranking", work, pane, revision, logits },
          );
        },
        tile: (tile, costMs) => this.#parts.dispatch({ kind: "tile", ...shown, tile, costMs }),
        done: (map, costMs) => this.#parts.dispatch({ kind: "done", ...shown, map, costMs }),
        failed: (error) => {
          const fail = () => {
            // A picture that was refused is gone, and has its answer.
            if (!this.#sketches.has(work.key)) return;
            const { code, message } = this.#parts.wireError(error, "explain the frame");
            this.#parts.dispatch({ kind: "failed", key: work.key, pane, revision, code, message });
          };
          // Rows of a picture that is refused fail as well, perhaps before the refusal is here: it says why.
          const admission = this.#admissions.get(work.key);
          if (admission === undefined) fail();
          else void admission.then(fail);
        },
      },
    };
  }

  #carryOf(pane: number, revision: number): Carry {
    const known = this.#carries.get(pane);
    if (known?.revision === revision) return known.values;
    const values: Carry = new Map();
    this.#carries.set(pane, { revision, values });
    return values;
  }
}
