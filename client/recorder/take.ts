/**
 * One recording while it runs: pictures and maps come from the session, are brought together, drawn and written, and
 * the sidecar grows beside the film.
 */
import type { Prediction, Result } from "../../shared/protocol.ts";
import { type Marker, type Sidecar, SIDECAR_VERSION } from "../../shared/sidecar.ts";
import { smallMap, smallMapJson } from "../../shared/small_map.ts";
import type { Follower } from "../followers.ts";
import type { Drawable } from "../source/square_encoder.ts";
import { type CellMap, cellWeights } from "../stage/cell_map.ts";
import { Composer, type Explained, type Look } from "./composer.ts";
import type { Film } from "./film.ts";
import { type Pair, type Paired, Pairing } from "./pairing.ts";
import { type Crop, PicturePool } from "./picture_pool.ts";
import { SidecarWriter } from "./sidecar_writer.ts";

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
  /** How the newest map is drawn, or null where maps are kept beside the film only. */
  readonly look: () => Look | null;
  /** The film takes no pictures any more; not for films that are only in memory. */
  readonly onStall?: () => void;
}

/** What only the page knows of a recording; the rest of the sidecar is the take's. */
export type SidecarHead = Omit<
  Sidecar,
  "gradcast" | "width" | "height" | "durationS" | "labels" | "frames" | "markers"
>;

/** What a take leaves. */
export interface Taken {
  readonly media: Blob;
  /** JSON text, or empty where no head was given. */
  readonly sidecar: string;
  readonly thumbnail: Blob;
  /** When its last picture begins; the sidecar may know of more where the encoder broke. */
  readonly lastS: number;
  readonly durationS: number;
  readonly width: number;
  readonly height: number;
  /** Removes what the media lies in. */
  readonly remove: () => Promise<void>;
}

/** A picture that waits for its map, with its time in the film, in s. */
interface Waiting {
  readonly canvas: HTMLCanvasElement;
  readonly seconds: number;
}

/** A frame and what explains it. */
interface Shown {
  readonly frame: number;
  readonly explained: Explained;
}

/** A running take; times in ms of `performance.now()`. */
export class Take implements Follower {
  readonly #options: TakeOptions;
  readonly #composer: Composer;
  readonly #pool: PicturePool;
  readonly #pairing = new Pairing<Waiting, Explained>();
  readonly #sidecar = new SidecarWriter();
  readonly #results = new Map<number, Result>();
  readonly #labels: Record<string, string> = {};
  #newestResult: Result | null = null;
  /** Where the film begins: at its first picture. */
  #zeroMs: number | null = null;
  #pausedMs = 0;
  #pausedSinceMs: number | null = null;
  #writtenS = -Infinity;
  #writtenMap: CellMap | null = null;
  /** What explains the picture that was written last. */
  #shown: Shown | null = null;
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
    this.#pool = new PicturePool(context.canvas.width, context.canvas.height, crop);
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
    this.#write(this.#pairing.captured(capturedMs, { canvas, seconds }));
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
    const explained = this.#explain(frame, map);
    // A late map of a picture that still moved says nothing about the one that stands still now.
    if (this.#pairing.knows(frame)) this.#write(this.#pairing.explained(frame, explained));
    else if (this.#options.isStill()) {
      this.#stillMap = { frame, explained };
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
    if (endS > this.#writtenS + LAST_S && this.#sidecar.count > 0) this.#add(endS, this.#shown);
    this.#over = true;
    this.#pool.dispose();
    if (this.#sidecar.count === 0) throw new Error("Cannot finish the film as it has no picture");
    const thumbnail = await (this.#thumbnail ?? thumbnailOf(film.context.canvas));
    const { media, lastS: encodedS } = await film.finish();
    const { width, height } = film.context.canvas;
    const lastS = Math.min(this.#writtenS, encodedS);
    const durationS = lastS + LAST_S;
    const sidecar = head === null ? "" : await this.#sidecar.finish({
      gradcast: SIDECAR_VERSION,
      ...head,
      width,
      height,
      durationS,
      labels: this.#labels,
      markers: markers.map(({ t, name }) => ({ t: Math.min(t, durationS), name })),
    });
    const remove = () => film.remove();
    return { media, sidecar, thumbnail: thumbnail ?? new Blob(), lastS, durationS, width, height, remove };
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

  #explain(frame: number, map: CellMap): Explained {
    const result = this.#results.get(frame) ?? this.#newestResult;
    const weights = cellWeights(map, frame, performance.now(), this.#options.isStill());
    if (result !== null) {
      for (const { index, label } of [...result.ranking.rows, result.target]) this.#labels[index] = label;
    }
    return {
      map,
      weights: weights.every((weight) => weight === 1) ? null : weights,
      target: result?.target ?? null,
      predictions: result?.ranking.rows ?? [],
      unsure: result?.ranking.unsure ?? false,
      look: this.#options.look(),
    };
  }

  #writeStill(nowMs: number, stepS: number): void {
    this.#zeroMs ??= nowMs;
    const seconds = this.#seconds(nowMs);
    if (seconds < this.#writtenS + stepS) return;
    const canvas = this.#pool.take(this.#options.surface());
    const { look } = this.#options;
    const shown = this.#stillMap;
    this.#writeOne(
      { canvas, seconds },
      shown === null ? null : { ...shown, explained: { ...shown.explained, look: look() } },
    );
  }

  #write({ pairs, left }: Paired<Waiting, Explained>): void {
    for (const { canvas } of left) this.#pool.give(canvas);
    // The browser's own recorder films what it sees: only the newest of several pictures would be in it.
    const shown = this.#options.film.means === "browser" ? pairs.slice(-1) : pairs;
    for (const { picture } of pairs.slice(0, pairs.length - shown.length)) this.#pool.give(picture.canvas);
    for (const pair of shown) this.#writePair(pair);
  }

  #writePair({ picture, frame, map }: Pair<Waiting, Explained>): void {
    const seconds = this.#options.film.means === "browser"
      ? this.#seconds(this.#pausedSinceMs ?? performance.now())
      : picture.seconds;
    this.#writeOne(
      { canvas: picture.canvas, seconds },
      frame === null || map === null ? null : { frame, explained: map },
    );
  }

  #writeOne({ canvas, seconds }: Waiting, shown: Shown | null): void {
    if (this.#encoding >= MAX_ENCODING) {
      if (performance.now() - this.#takenMs > STALL_MS) this.#options.onStall?.();
    } else if (seconds > this.#writtenS) {
      this.#composer.compose(canvas, shown?.explained ?? null);
      this.#add(seconds, shown);
      if (shown !== null) this.#thumbnail ??= thumbnailOf(this.#options.film.context.canvas);
    }
    this.#pool.give(canvas);
  }

  /** Writes what is drawn. */
  #add(seconds: number, shown: Shown | null): void {
    if (this.#encoding++ === 0) this.#takenMs = performance.now();
    void this.#options.film.add(seconds, LAST_S).finally(() => {
      this.#encoding--;
      this.#takenMs = performance.now();
    });
    this.#writtenS = seconds;
    this.#shown = shown;
    const explained = shown?.explained;
    const map = explained?.map ?? null;
    const isNew = map !== null && map !== this.#writtenMap;
    if (isNew) this.#writtenMap = map;
    this.#sidecar.add({
      t: seconds,
      frame: shown?.frame ?? null,
      target: explained?.target?.index ?? null,
      predictions: (explained?.predictions ?? []).map(share),
      ...(explained?.unsure === true && { unsure: true }),
      map: isNew ? smallMapJson(smallMap(map)) : null,
    });
  }
}

function share({ index, probability }: Prediction): [number, number] {
  return [index, Math.round(probability * 10_000) / 10_000];
}

function thumbnailOf(film: HTMLCanvasElement): Promise<Blob | null> {
  const by = Math.min(1, THUMBNAIL_PX / Math.max(film.width, film.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(film.width * by);
  canvas.height = Math.round(film.height * by);
  canvas.getContext("2d", { alpha: false })?.drawImage(film, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", THUMBNAIL_QUALITY));
}
