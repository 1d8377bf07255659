/**
 * One recording while it runs: pictures and maps come from the session, are brought together, drawn and written, and
 * the sidecar grows beside the film.
 */
import type { Result } from "../../../../shared/protocol.ts";
import type { Marker } from "../../../../shared/sidecar.ts";
import type { StreamObserver } from "../../../live/stream_observers.ts";
import type { Drawable } from "../../../picture/square_encoder.ts";
import type { Size } from "../../../picture/placement.ts";
import { headlineWithNumber } from "../../../ui/headline.ts";
import { nameOf } from "../../../view/labels.ts";
import { type CellMap, cellWeights } from "../../../map/cell_map.ts";
import { Composer, type Layer } from "../../../stage/composer.ts";
import type { Film } from "../film/film.ts";
import { filmCaption } from "../../../stage/film_caption.ts";
import { type Pair, type Paired, Pairing } from "./pairing.ts";
import { type Crop, PicturePool } from "./picture_pool.ts";
import type { Seen } from "../../../stage/seen.ts";
import { type FrameFacts, type SidecarHead, TakeRecord } from "./take_record.ts";

/** How long the last picture of a film stays, in s. */
const LAST_S = 1 / 30;

/** Pictures that the film may have taken and not encoded; what comes on top is left out. */
const MAX_ENCODING = 8;

/** How long a film may take none of the pictures before it counts as broken, in ms. */
const STALL_MS = 5_000;

/** Shortest time between two pictures of a source that stands still, in s. */
const STILL_STEP_S = 0.1;

/** Longest time between them: what seeking lands on. */
const STILL_PAUSE_S = 0.5;

/** Longest side of a copy of a whole picture, in pixels: the network sees the copy, which is no smaller than the camera's. */
const LONGEST_COPY_PX = 1_920;

/** Results that are remembered until their map comes. */
const KEPT_RESULTS = 32;

/** Longest side of a thumbnail, in px, and its JPEG quality. */
const THUMBNAIL_PX = 320;
const THUMBNAIL_QUALITY = 0.85;

/** What a take needs. */
export interface TakeOptions {
  readonly film: Film;
  readonly crop: Crop;
  /** What is on the stage now. */
  readonly surface: () => Drawable;
  readonly isStill: () => boolean;
  /** What the page knows now. */
  readonly seen: () => Seen;
  /** Whether maps are drawn into the film; else they are kept beside it only. */
  readonly drawn: boolean;
  /** Whether the film has a caption where maps are drawn. */
  readonly caption: boolean;
  /** The film takes no pictures any more; not for films that are only in memory. */
  readonly onStall?: () => void;
}

/** What a take leaves. */
export interface Taken {
  readonly media: Blob;
  /** JSON text, or empty where no head was given. */
  readonly sidecar: string;
  readonly thumbnail: Blob;
  /** What it is of, in words; empty where nothing was explained. */
  readonly name: string;
  /** When its last picture begins; the sidecar may know of more where the encoder broke. */
  readonly lastS: number;
  readonly durationS: number;
  readonly width: number;
  readonly height: number;
  /** Removes what the media lies in. */
  readonly remove: () => Promise<void>;
}

/** A picture that waits for its map, with its time in the film, in seconds. */
interface Waiting {
  readonly canvas: HTMLCanvasElement;
  readonly seconds: number;
  readonly seen: Seen;
}

/** What explains a frame, and how it is drawn. */
interface Shown {
  readonly facts: FrameFacts;
  readonly layer: Layer;
}

/** A picture that was written: its shape, and what was known then. */
interface Written {
  readonly picture: Size;
  readonly seen: Seen;
  readonly shown: Shown | null;
}

/** A running take; times in ms of `performance.now()`. */
export class Take implements StreamObserver {
  readonly #options: TakeOptions;
  readonly #composer: Composer;
  readonly #pool: PicturePool;
  readonly #pairing = new Pairing<Waiting, Shown>();
  readonly #record = new TakeRecord();
  readonly #results = new Map<number, Result>();
  #newestResult: Result | null = null;
  /** Where the film begins: at its first picture. */
  #zeroMs: number | null = null;
  #pausedMs = 0;
  #pausedSinceMs: number | null = null;
  #writtenS = -Infinity;
  #written: Written | null = null;
  /** What explains the picture that stands still. */
  #stillMap: Shown | null = null;
  #still = false;
  #encoding = 0;
  /** When the film took a picture, or the first of those began to wait that it has not taken. */
  #takenMs = 0;
  #thumbnail: Promise<Blob | null> | null = null;
  #over = false;

  constructor(options: TakeOptions) {
    this.#options = options;
    const { film: { context }, crop } = options;
    this.#composer = new Composer(context);
    this.#pool = new PicturePool(crop === "square" ? context.canvas.width : LONGEST_COPY_PX, crop);
  }

  captured(capturedMs: number, still: boolean): Drawable | null {
    if (this.#over || this.#pausedSinceMs !== null) return null;
    this.#turn(still);
    if (still) {
      this.#writeStill(performance.now(), STILL_STEP_S);
      return null;
    }
    this.#zeroMs ??= capturedMs;
    const seconds = this.#seconds(capturedMs);
    if (seconds < 0) return null;
    const canvas = this.#pool.take(this.#options.surface());
    if (canvas === null) return null;
    this.#write(this.#pairing.captured(capturedMs, { canvas, seconds, seen: this.#options.seen() }));
    // A small copy is no picture for the network.
    if (this.#options.crop === "square") return null;
    return { image: canvas, width: canvas.width, height: canvas.height };
  }

  sent(frame: number, capturedMs: number): void {
    this.#pairing.sent(frame, capturedMs);
  }

  result(result: Result): void {
    this.#newestResult = result;
    this.#results.set(result.frame, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > KEPT_RESULTS && oldest !== undefined) this.#results.delete(oldest);
  }

  explained(frame: number, map: CellMap): void {
    if (this.#over) return;
    const seen = this.#options.seen();
    // The first frames of another view may still have a map of the one before.
    if (map.revision !== seen.view.revision) return;
    const shown = this.#show(frame, map, seen);
    // A late map of a picture that still moved says nothing about the one that stands still now.
    if (this.#pairing.knows(frame)) this.#write(this.#pairing.explained(frame, shown));
    else if (this.#options.isStill()) {
      this.#stillMap = shown;
      if (this.#pausedSinceMs === null) this.#writeStill(performance.now(), STILL_STEP_S);
    }
  }

  /** To be called a few times a second: a picture that stands still is written now and then. */
  tick(nowMs: number): void {
    if (this.#over || this.#pausedSinceMs !== null || !this.#options.isStill()) return;
    this.#turn(true);
    this.#writeStill(nowMs, STILL_PAUSE_S);
  }

  pause(nowMs: number): void {
    this.#pausedSinceMs ??= nowMs;
    this.#options.film.pause();
  }

  resume(nowMs: number): void {
    if (this.#pausedSinceMs === null) return;
    this.#pausedMs += nowMs - this.#pausedSinceMs;
    this.#pausedSinceMs = null;
    this.#options.film.resume();
  }

  /**
   * Ends the film.
   *
   * @param head null: no sidecar is wanted
   * @throws Error where nothing was written, or the film cannot be finished
   */
  async finish(nowMs: number, head: SidecarHead | null, markers: readonly Marker[]): Promise<Taken> {
    const { film } = this.#options;
    this.#write(this.#pairing.rest());
    const endS = this.#seconds(this.#pausedSinceMs ?? nowMs) - LAST_S;
    // The last picture stays until the end: without another of it the film would be that much shorter.
    if (endS > this.#writtenS + LAST_S && this.#written !== null) this.#add(endS, this.#written);
    this.#over = true;
    this.#pool.dispose();
    if (this.#record.count === 0) throw new Error("Cannot finish the film: it has no picture");
    const thumbnail = await (this.#thumbnail ?? thumbnailOf(film.context.canvas));
    const { media, lastS: encodedS } = await film.finish();
    const { width, height } = film.context.canvas;
    const lastS = Math.min(this.#writtenS, encodedS);
    const durationS = lastS + LAST_S;
    const sidecar = head === null
      ? ""
      : await this.#record.finish(head, { width, height, durationS, markers });
    return {
      ...{ media, sidecar, thumbnail: thumbnail ?? new Blob(), lastS, durationS, width, height },
      name: this.#record.name,
      remove: () => film.remove(),
    };
  }

  /** Throws everything away. */
  async cancel(): Promise<void> {
    this.#over = true;
    this.#pool.dispose();
    await this.#options.film.cancel();
  }

  #seconds(atMs: number): number {
    return (atMs - (this.#zeroMs ?? atMs) - this.#pausedMs) / 1_000;
  }

  /** A source begins to stand still, or to move: what waited of the moving one is written first. */
  #turn(still: boolean): void {
    if (still && !this.#still) {
      this.#write(this.#pairing.rest());
      this.#stillMap = null;
    }
    this.#still = still;
  }

  #show(frame: number, map: CellMap, seen: Seen): Shown {
    const result = this.#results.get(frame) ?? this.#newestResult;
    const weights = cellWeights(map, frame, performance.now(), this.#options.isStill());
    return this.#shownOf(
      { frame, map, result, seen },
      weights.every((weight) => weight === 1) ? null : weights,
    );
  }

  #shownOf(facts: FrameFacts, weights: Float32Array | null): Shown {
    const { map, result, seen } = facts;
    const { shading, opacity, network } = seen;
    const inColours = map.rgb !== null;
    const caption = !this.#options.caption ? null : filmCaption({
      ...seen,
      shading: inColours ? null : shading,
      headline: (result === null ? null : headlineWithNumber(result.ranking, "  ", (row) =>
        nameOf(row, seen))) ??
        "",
      target: result === null ? null : nameOf(result.target, seen),
    });
    return { facts, layer: { map, weights, shading, opacity, network, caption } };
  }

  #writeStill(nowMs: number, stepS: number): void {
    this.#zeroMs ??= nowMs;
    const seconds = this.#seconds(nowMs);
    if (seconds < this.#writtenS + stepS) return;
    const canvas = this.#pool.take(this.#options.surface());
    if (canvas === null) return;
    const seen = this.#options.seen();
    const shown = this.#stillMap;
    // Colours and opacity may change while the picture stands still; a new view has no map yet.
    const isCurrent = shown?.facts.seen.view.revision === seen.view.revision;
    this.#writeOne(
      { canvas, seconds, seen },
      shown !== null && isCurrent ? this.#shownOf({ ...shown.facts, seen }, shown.layer.weights) : shown,
    );
  }

  #write({ pairs, left }: Paired<Waiting, Shown>): void {
    for (const { canvas } of left) this.#pool.give(canvas);
    // The browser's own recorder films what it sees: only the newest of several pictures would be in it.
    const shown = this.#options.film.means === "browser" ? pairs.slice(-1) : pairs;
    for (const { picture } of pairs.slice(0, pairs.length - shown.length)) this.#pool.give(picture.canvas);
    for (const pair of shown) this.#writePair(pair);
  }

  #writePair({ picture, map }: Pair<Waiting, Shown>): void {
    const seconds = this.#options.film.means === "browser"
      ? this.#seconds(this.#pausedSinceMs ?? performance.now())
      : picture.seconds;
    this.#writeOne({ ...picture, seconds }, map);
  }

  #writeOne({ canvas, seconds, seen }: Waiting, shown: Shown | null): void {
    if (this.#encoding >= MAX_ENCODING) {
      if (performance.now() - this.#takenMs > STALL_MS) this.#options.onStall?.();
    } else if (seconds > this.#writtenS) {
      if (this.#options.drawn) this.#composer.compose(canvas, seen.mirrored, shown?.layer ?? null);
      else this.#composer.composeBare(canvas, seen.mirrored);
      this.#add(seconds, { picture: { width: canvas.width, height: canvas.height }, seen, shown });
      if (shown !== null) this.#thumbnail ??= thumbnailOf(this.#options.film.context.canvas);
    }
    this.#pool.give(canvas);
  }

  /** Writes what is drawn. */
  #add(seconds: number, written: Written): void {
    if (this.#encoding++ === 0) this.#takenMs = performance.now();
    void this.#options.film.add(seconds, LAST_S).finally(() => {
      this.#encoding--;
      this.#takenMs = performance.now();
    });
    this.#writtenS = seconds;
    this.#written = written;
    this.#record.add(seconds, written.picture, written.seen, written.shown?.facts ?? null);
  }
}

function thumbnailOf(film: HTMLCanvasElement): Promise<Blob | null> {
  const by = Math.min(1, THUMBNAIL_PX / Math.max(film.width, film.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(film.width * by);
  canvas.height = Math.round(film.height * by);
  canvas.getContext("2d", { alpha: false })?.drawImage(film, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", THUMBNAIL_QUALITY));
}
