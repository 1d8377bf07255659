/** What the engine does for one viewer: its pictures, and the maps that are being made of them, by pane. */
import type { Frame } from "../../shared/codec.ts";
import type { FrameKey, PixelSize } from "../engine/port.ts";
import type { Sketch } from "../engine/sketch.ts";
import type { WireError } from "../logger/mod.ts";
import type { Attribution, Carry, RawMap } from "../methods/method.ts";
import {
  contrastFrame,
  explainFrame,
  flipRegion,
  type MeasuredReason,
  predictFrame,
  reasonOf,
  underCover,
} from "../methods/mod.ts";
import type { Job, JobHandle, Scheduler } from "../scheduler/mod.ts";
import { followedList, type RankedState } from "./_ranking.ts";
import type { Effect, PaneRequest, SearchRequest, SessionEvent, Work } from "./state.ts";

/** A frame's picture at one model's engine. */
interface Visit {
  /** What it shows; null until the engine has said so. */
  sketch: Sketch | null;
  /** Why the engine does not take it; null: it does, or has not looked yet. */
  refusal: WireError | null;
  /** Settles when the engine has taken or refused it; null once that is so. */
  admission: Promise<void> | null;
}

/** A frame that maps are made of. */
interface FrameAtEngines {
  readonly frame: Frame;
  /** Of pixels that are of another size than the view's model takes. */
  readonly size: PixelSize | null;
  /** By the ids of models. */
  readonly visits: Map<string, Visit>;
}

/** What is done about pictures and maps. */
export type JobEffect = Extract<
  Effect,
  {
    readonly kind:
      | "admit"
      | "explain"
      | "measure"
      | "retire"
      | "supersede"
      | "release"
      | "forget-pictures"
      | "search"
      | "end-search";
  }
>;

/** The map that the main pane finished last, with what its reason is measured from. */
interface Explained {
  readonly work: Work;
  readonly request: PaneRequest;
  readonly map: RawMap;
  readonly logits: Float32Array;
}

/** What a viewer's jobs work with. */
export interface ViewerJobsParts {
  /** The viewer, as the scheduler knows it. */
  readonly name: string;
  readonly scheduler: Scheduler;
  /** The list that the viewer reads, as it is now. */
  readonly list: () => RankedState;
  /** Whether the list is of what a pane explains. */
  readonly followsList: (request: PaneRequest) => boolean;
  /** Receives what comes of the pictures and maps. */
  readonly dispatch: (event: SessionEvent) => void;
  /** What the viewer reads of an error. */
  readonly wireError: (error: unknown, action: string) => WireError;
}

/** The place of a search among the maps of a viewer: it has a share of the engine's time as a map that grows. */
const SEARCH_PLACE = -1;

/** The pictures and maps of one viewer. */
export class ViewerJobs {
  readonly #parts: ViewerJobsParts;
  /** What is being explained, by pane. */
  readonly #jobs = new Map<number, JobHandle>();
  #search: JobHandle | null = null;
  /** The frames that maps are made of: their pictures, and what became of them at each model's engine. */
  readonly #frames = new Map<FrameKey, FrameAtEngines>();
  /** By pane; belongs to one revision: a method must not mix what it learnt under another view. */
  readonly #carries = new Map<number, { readonly revision: number; readonly values: Carry }>();

  #explained: Explained | null = null;
  /** What is being measured beside the maps. */
  #measurement: { readonly work: Work; readonly revision: number; readonly job: JobHandle } | null = null;

  constructor(parts: ViewerJobsParts) {
    this.#parts = parts;
  }

  /** Carries out what the session wants of the engine. */
  carryOut(effect: JobEffect): void {
    switch (effect.kind) {
      case "admit":
        this.#frames.set(effect.work.key, { frame: effect.frame, size: effect.size, visits: new Map() });
        return;
      case "explain":
        return this.#explain(effect.work, effect.requests);
      case "measure":
        return this.#measure(effect);
      case "retire":
        for (const pane of effect.panes === "all" ? [...this.#jobs.keys()] : effect.panes) this.#retire(pane);
        if (effect.panes === "all") this.#endMeasurement();
        return;
      case "forget-pictures":
        for (const { visits } of this.#frames.values()) visits.delete(effect.model);
        return;
      case "search":
        return this.#look(effect.work, effect.search);
      case "end-search":
        this.#search?.retire();
        this.#search = null;
        return;
      case "supersede":
        for (const job of this.#jobs.values()) job.supersede();
        return this.#jobs.clear();
      case "release":
        this.#frames.delete(effect.key);
        return this.#parts.scheduler.release(effect.key);
      default: {
        const never: never = effect;
        throw new TypeError(`Cannot carry out the effect: its kind ${never} is unknown`);
      }
    }
  }

  /** Hands a frame's picture to a model's engine, once: when the first row of it is about to be asked for. */
  #admit(key: FrameKey, model: string): void {
    const at = this.#frames.get(key);
    if (at === undefined || at.visits.has(model)) return;
    const visit: Visit = { sketch: null, refusal: null, admission: null };
    at.visits.set(model, visit);
    visit.admission = this.#visit(key, at, { model, visit }).finally(() => visit.admission = null);
  }

  async #visit(
    key: FrameKey,
    at: FrameAtEngines,
    { model, visit }: { readonly model: string; readonly visit: Visit },
  ): Promise<void> {
    const { name, scheduler, wireError, dispatch } = this.#parts;
    const { frame: { format, picture }, size } = at;
    try {
      visit.sketch = await scheduler.admit({
        viewer: name,
        frame: key,
        model,
        format,
        bytes: picture,
        ...(size === null ? {} : { size }),
      });
    } catch (error) {
      // Another engine has taken the place of the one that refused it.
      if (at.visits.get(model) !== visit) return;
      visit.refusal = wireError(error, "take the frame");
      const { code, message } = visit.refusal;
      dispatch({ kind: "refused", key, model, code, message });
    }
  }

  #explain(work: Work, requests: readonly PaneRequest[]): void {
    for (const { pane, revision } of requests) {
      this.#retire(pane);
      if (pane === 0 && this.#measurement?.revision !== revision) this.#endMeasurement();
    }
    for (const { model } of requests) this.#admit(work.key, model.id);
    const handles = this.#parts.scheduler.submitAll(requests.map((request) => this.#jobOf(work, request)));
    for (const [place, { pane }] of requests.entries()) {
      const handle = handles[place];
      if (handle !== undefined) this.#jobs.set(pane, handle);
    }
  }

  /** Measures what the last map rests on, unless its frame is gone. */
  #measure({ work, revision, steps }: Extract<JobEffect, { kind: "measure" }>): void {
    const { name, scheduler, dispatch } = this.#parts;
    const measured = (reason: MeasuredReason | null) => {
      this.#measurement = null;
      dispatch({ kind: "measured", work, revision, reason });
    };
    const explained = this.#explained;
    const isHere = explained?.work.key === work.key && explained.request.revision === revision &&
      scheduler.has(work.key);
    if (explained === null || !isHere) return measured(null);
    const { request: { model, cover, method: { values: { zero } } }, map, logits } = explained;
    let reason: MeasuredReason | null = null;
    const attribution = function* (): Attribution {
      reason = yield* reasonOf({ frame: work.key, model, still: work.still }, { map, zero, logits, steps });
      return map;
    };
    const job = scheduler.submit({
      viewer: name,
      frame: work.key,
      model: model.id,
      still: work.still,
      beside: true,
      attribution: underCover(attribution(), { frame: work.key, cover, withWhole: false }),
      listener: {
        ranking() {},
        tile() {},
        done: () => measured(reason),
        failed: () => measured(null),
      },
    });
    // A map without evidence needs no rows and is measured by now.
    if (reason === null) this.#measurement = { work, revision, job };
  }

  #endMeasurement(): void {
    const measurement = this.#measurement;
    if (measurement === null) return;
    this.#measurement = null;
    measurement.job.retire();
    const { work, revision } = measurement;
    this.#parts.dispatch({ kind: "measured", work, revision, reason: null });
  }

  #retire(pane: number): void {
    this.#jobs.get(pane)?.retire();
    this.#jobs.delete(pane);
  }

  /** Looks for a region that changes the answer; a search before this one ends. */
  #look({ key, still }: Work, { revision, fill, begun }: SearchRequest): void {
    if (begun === null) return;
    this.#search?.retire();
    const { dispatch, name, scheduler } = this.#parts;
    const logits: { from: Float32Array; to: Float32Array | null } = { from: new Float32Array(), to: null };
    const model = begun.model.id;
    this.#admit(key, model);
    this.#search = scheduler.submit({
      viewer: name,
      frame: key,
      model,
      still,
      hold: { pane: SEARCH_PLACE, revision, until: "row" },
      attribution: flipRegion({ frame: key, fill, onFlipped: (flipped) => logits.to = flipped }),
      listener: {
        ranking: (from) => logits.from = from,
        tile: ({ samples }) => dispatch({ kind: "search-progress", revision, rows: samples?.count ?? 0 }),
        done: (map) => dispatch({ kind: "search-done", revision, map, ...logits }),
        failed: (error) => {
          const { code, message } = this.#parts.wireError(error, "search");
          dispatch({ kind: "search-failed", revision, code, message });
        },
      },
    });
  }

  #jobOf(work: Work, request: PaneRequest): Job {
    const { pane, revision, model, method, target, against, layer, options, cover } = request;
    const covered = { frame: work.key, cover, withWhole: pane === 0 && work.withoutWhole !== true };
    let frameLogits: Float32Array | null = null;
    const context = {
      frame: work.key,
      model,
      target,
      layer,
      options,
      carry: this.#carryOf(pane, revision),
      sketch: () => this.#frames.get(work.key)?.visits.get(model.id)?.sketch ?? null,
      still: work.still,
    };
    const shown = { work, pane, revision };
    // Ranks of another model or cover than the view's are its frames' own (X7).
    const list = this.#parts.followsList(request)
      ? followedList(this.#parts.list().ranking, work, this.#parts.list)
      : undefined;
    return {
      viewer: this.#parts.name,
      frame: work.key,
      model: model.id,
      still: work.still,
      hold: {
        pane,
        revision,
        until: !method.progressive ? "never" : method.carries === true ? "row" : "map",
        ...(pane === 0 ? { glance: underCover(predictFrame(context), covered) } : {}),
      },
      attribution: underCover(
        against === null
          ? explainFrame(method, context, list)
          : contrastFrame(method, context, against, list),
        covered,
      ),
      listener: {
        ranking: (logits, times, whole) => {
          frameLogits = logits;
          this.#parts.dispatch(
            pane === 0
              ? { kind: "ranking", key: work.key, revision, logits, whole, times }
              : { kind: "pane-ranking", work, pane, revision, logits },
          );
        },
        tile: (tile, costMs) => this.#parts.dispatch({ kind: "tile", ...shown, tile, costMs }),
        done: (map, costMs) => {
          if (pane === 0 && frameLogits !== null) {
            this.#explained = { work, request, map, logits: frameLogits };
          }
          this.#parts.dispatch({ kind: "done", ...shown, map, costMs });
        },
        failed: (error) => {
          const fail = () => {
            // A picture that was refused is gone, and has its answer.
            const at = this.#frames.get(work.key);
            if (at === undefined) return;
            const { code, message } = at.visits.get(model.id)?.refusal ??
              this.#parts.wireError(error, "explain the frame");
            this.#parts.dispatch({ kind: "failed", key: work.key, pane, revision, code, message });
          };
          // Rows of a picture that is refused fail as well, perhaps before the refusal is here: it says why.
          const admission = this.#frames.get(work.key)?.visits.get(model.id)?.admission ?? null;
          if (admission === null) fail();
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
