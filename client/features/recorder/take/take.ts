/**
 * One recording while it runs: an observer of the stream that pairs pictures with their maps and hands both to the
 * writer of the film.
 */
import type { Result } from "../../../../shared/protocol.ts";
import type { Marker } from "../../../../shared/sidecar.ts";
import type { StreamObserver } from "../../../live/stream_observers.ts";
import { type CellMap, cellWeights } from "../../../map/cell_map.ts";
import type { Drawable } from "../../../picture/square_encoder.ts";
import type { Seen } from "../../../stage/seen.ts";
import { type Explanation, explanationOf } from "../../../film/explanation.ts";
import { FilmClock } from "./film_clock.ts";
import {
  FilmWriter,
  type FilmWriterOptions,
  type Taken,
  type TimedPicture,
} from "../../../film/film_writer.ts";
import { type Paired, Pairing } from "./pairing.ts";
import { type Crop, PicturePool } from "./picture_pool.ts";
import { RecentResults } from "./recent_results.ts";
import type { SidecarHead } from "../../../film/take_record.ts";

/** Shortest time between two pictures of a source that stands still, in s. */
const STILL_STEP_S = 0.1;

/** Longest time between them, in s: what seeking lands on. */
const STILL_PAUSE_S = 0.5;

/** Longest side of a copy of a whole picture, in pixels: the network sees the copy, which is no smaller than the camera's. */
const LONGEST_COPY_PX = 1_920;

/** What a take needs. */
export interface TakeOptions extends FilmWriterOptions {
  readonly crop: Crop;
  /** What is on the stage now. */
  readonly surface: () => Drawable;
  readonly isStill: () => boolean;
  /** What the page knows now. */
  readonly seen: () => Seen;
  /** Whether the film has a caption where maps are drawn. */
  readonly caption: boolean;
}

/** A running take; times in ms of `performance.now()`. */
export class Take implements StreamObserver {
  readonly #options: TakeOptions;
  readonly #writer: FilmWriter;
  readonly #pool: PicturePool;
  readonly #clock = new FilmClock();
  readonly #pairing = new Pairing<TimedPicture, Explanation>();
  readonly #results = new RecentResults();
  /** What explains the picture that stands still. */
  #stillMap: Explanation | null = null;
  #still = false;
  #over = false;

  constructor(options: TakeOptions) {
    this.#options = options;
    const { film: { context: { canvas } }, crop } = options;
    this.#writer = new FilmWriter(options);
    this.#pool = new PicturePool(
      crop === "seen" ? Math.max(canvas.width, canvas.height) : LONGEST_COPY_PX,
      crop,
    );
  }

  captured(capturedMs: number, still: boolean): Drawable | null {
    if (this.#over || this.#clock.paused) return null;
    this.#turn(still);
    if (still) {
      this.#writeStill(performance.now(), STILL_STEP_S);
      return null;
    }
    this.#clock.begin(capturedMs);
    const seconds = this.#clock.secondsAt(capturedMs);
    if (seconds < 0) return null;
    const seen = this.#options.seen();
    const canvas = this.#pool.take(this.#options.surface(), seen.aspect);
    if (canvas === null) return null;
    this.#write(this.#pairing.captured(capturedMs, { canvas, seconds, seen }));
    // A small copy is no picture for the network.
    if (this.#options.crop === "seen") return null;
    return { image: canvas, width: canvas.width, height: canvas.height };
  }

  sent(frame: number, capturedMs: number): void {
    this.#pairing.sent(frame, capturedMs);
  }

  result(result: Result): void {
    this.#results.add(result);
  }

  explained(frame: number, map: CellMap): void {
    if (this.#over) return;
    const seen = this.#options.seen();
    // The first frames of another view may still have a map of the one before.
    if (map.revision !== seen.view.revision) return;
    const explanation = this.#explain(frame, map, seen);
    // A late map of a picture that still moved says nothing about the one that stands still now.
    if (this.#pairing.knows(frame)) this.#write(this.#pairing.explained(frame, explanation));
    else if (this.#options.isStill()) {
      this.#stillMap = explanation;
      if (!this.#clock.paused) this.#writeStill(performance.now(), STILL_STEP_S);
    }
  }

  /** To be called a few times a second: a picture that stands still is written now and then. */
  tick(nowMs: number): void {
    if (this.#over || this.#clock.paused || !this.#options.isStill()) return;
    this.#turn(true);
    this.#writeStill(nowMs, STILL_PAUSE_S);
  }

  pause(nowMs: number): void {
    this.#clock.pause(nowMs);
    this.#options.film.pause();
  }

  resume(nowMs: number): void {
    if (this.#clock.resume(nowMs)) this.#options.film.resume();
  }

  /**
   * Ends the film.
   *
   * @param head null: no sidecar is wanted
   * @throws Error where nothing was written, or the film cannot be finished
   */
  async finish(nowMs: number, head: SidecarHead | null, markers: readonly Marker[]): Promise<Taken> {
    this.#write(this.#pairing.rest());
    this.#writer.extendTo(this.#clock.secondsNow(nowMs));
    this.#end();
    return await this.#writer.finish(head, markers);
  }

  /** Throws everything away. */
  async cancel(): Promise<void> {
    this.#end();
    await this.#options.film.cancel();
  }

  #end(): void {
    this.#over = true;
    this.#pool.dispose();
  }

  /** A source begins to stand still, or to move: what waited of the moving one is written first. */
  #turn(still: boolean): void {
    if (still && !this.#still) {
      this.#write(this.#pairing.rest());
      this.#stillMap = null;
    }
    this.#still = still;
  }

  #explain(frame: number, map: CellMap, seen: Seen): Explanation {
    const { isStill, caption } = this.#options;
    const weights = cellWeights(map, frame, performance.now(), isStill());
    const isWhole = weights.every((weight) => weight === 1);
    const result = this.#results.of(frame);
    return explanationOf({ frame, map, result, seen }, isWhole ? null : weights, caption);
  }

  #writeStill(nowMs: number, stepS: number): void {
    this.#clock.begin(nowMs);
    const seconds = this.#clock.secondsAt(nowMs);
    if (seconds < this.#writer.writtenS + stepS) return;
    const seen = this.#options.seen();
    const canvas = this.#pool.take(this.#options.surface(), seen.aspect);
    if (canvas === null) return;
    this.#writeOne({ canvas, seconds, seen }, this.#explainStill(seen));
  }

  /** Colours and opacity may change while the picture stands still; a new view has no map yet. */
  #explainStill(seen: Seen): Explanation | null {
    const still = this.#stillMap;
    if (still === null || still.facts.seen.view.revision !== seen.view.revision) return still;
    return explanationOf({ ...still.facts, seen }, still.layer.weights, this.#options.caption);
  }

  #write({ pairs, left }: Paired<TimedPicture, Explanation>): void {
    for (const { canvas } of left) this.#pool.give(canvas);
    const byBrowser = this.#options.film.means === "browser";
    // The browser's own recorder films what it sees: only the newest of several pictures would be in it.
    const written = byBrowser ? pairs.slice(-1) : pairs;
    for (const { picture } of pairs.slice(0, pairs.length - written.length)) this.#pool.give(picture.canvas);
    for (const { picture, map } of written) {
      const seconds = byBrowser ? this.#clock.secondsNow(performance.now()) : picture.seconds;
      this.#writeOne({ ...picture, seconds }, map);
    }
  }

  #writeOne(picture: TimedPicture, explanation: Explanation | null): void {
    this.#writer.write(picture, explanation);
    this.#pool.give(picture.canvas);
  }
}
