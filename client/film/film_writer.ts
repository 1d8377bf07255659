/** Draws pictures into a film, one after the other, and notes beside it what was seen in each. */
import type { Marker } from "../../shared/sidecar.ts";
import type { Size } from "../picture/placement.ts";
import { Composer } from "../stage/composer.ts";
import type { Seen } from "../stage/seen.ts";
import { withChapters } from "./chapters.ts";
import type { Film } from "./film.ts";
import type { Explanation } from "./explanation.ts";
import { type SidecarHead, TakeRecord } from "./take_record.ts";
import { thumbnailOf } from "./thumbnail.ts";

/** How long the last picture of a film stays, in s. */
const LAST_S = 1 / 30;

/** Pictures that the film may have taken and not encoded; any further one is left out. */
const MAX_ENCODING = 8;

/** How long a film may take none of the pictures before it counts as broken, in ms. */
const STALL_MS = 5_000;

/** How a film is written. */
export interface FilmWriterOptions {
  readonly film: Film;
  /** Whether maps are drawn into the film; otherwise they are only kept beside it. */
  readonly drawn: boolean;
  /** Called when the film takes no more pictures; not needed for films that are only in memory. */
  readonly onStall?: () => void;
}

/** What a take leaves. */
export interface Taken extends Size {
  readonly media: Blob;
  /** JSON text, or empty where no head was given. */
  readonly sidecar: string;
  readonly thumbnail: Blob;
  /** What it is of, in words; empty where nothing was explained. */
  readonly name: string;
  /** When its last picture begins, in s; the sidecar may know of more where the encoder broke. */
  readonly lastS: number;
  readonly durationS: number;
  /** Removes the files that the media lies in. */
  readonly remove: () => Promise<void>;
}

/** A picture at its time in the film, in s, and what was known then. */
export interface TimedPicture {
  readonly canvas: HTMLCanvasElement;
  readonly seconds: number;
  readonly seen: Seen;
}

/** A picture that was written: its shape, and what was known then. */
interface Written {
  readonly picture: Size;
  readonly seen: Seen;
  readonly explanation: Explanation | null;
}

/** Writes one film. */
export class FilmWriter {
  readonly #options: FilmWriterOptions;
  readonly #composer: Composer;
  readonly #record = new TakeRecord();
  #writtenS = -Infinity;
  #written: Written | null = null;
  #encoding = 0;
  /** When the film took a picture, or the first one began to wait that it has not taken, in ms. */
  #takenMs = 0;
  #thumbnail: Promise<Blob | null> | null = null;
  #adding: Promise<void> = Promise.resolve();

  constructor(options: FilmWriterOptions) {
    this.#options = options;
    this.#composer = new Composer(options.film.context);
  }

  /** Time of the newest picture in s; −Infinity before the first. */
  get writtenS(): number {
    return this.#writtenS;
  }

  /** Writes a picture unless the film has a later one; a film that does not keep up leaves it out. */
  write({ canvas, seconds, seen }: TimedPicture, explanation: Explanation | null): void {
    const { film, drawn, onStall } = this.#options;
    if (this.#encoding >= MAX_ENCODING) {
      if (performance.now() - this.#takenMs > STALL_MS) onStall?.();
      return;
    }
    if (seconds <= this.#writtenS) return;
    // The map's own shape: while another model takes over, the page may have that one's already.
    const { aspect } = explanation?.facts.seen ?? seen;
    const look = { mirrored: seen.mirrored, aspect };
    if (drawn) this.#composer.compose(canvas, look, explanation?.layer ?? null);
    else this.#composer.composeBare(canvas, look);
    const { width, height } = canvas;
    this.#add(seconds, { picture: { width, height }, seen, explanation });
    if (explanation !== null) this.#thumbnail ??= thumbnailOf(film.context.canvas);
  }

  /** Resolves when the film has taken what was written: who waits for it before each picture leaves none out. */
  taken(): Promise<void> {
    return this.#adding;
  }

  /** Lets the last picture stay until a time in s: without another copy of it the film would be that much shorter. */
  extendTo(seconds: number): void {
    const lastS = seconds - LAST_S;
    if (lastS > this.#writtenS + LAST_S && this.#written !== null) this.#add(lastS, this.#written);
  }

  /**
   * Ends the film.
   *
   * @param head null: no sidecar is wanted
   * @throws Error where nothing was written, or the film cannot be finished
   */
  async finish(head: SidecarHead | null, markers: readonly Marker[]): Promise<Taken> {
    const { film } = this.#options;
    if (this.#record.count === 0) throw new Error("Cannot finish the film: it has no picture");
    const thumbnail = await (this.#thumbnail ?? thumbnailOf(film.context.canvas));
    const { media, lastS: encodedS } = await film.finish();
    const { width, height } = film.context.canvas;
    const lastS = Math.min(this.#writtenS, encodedS);
    const durationS = lastS + LAST_S;
    const sidecar = head === null
      ? ""
      : await this.#record.finish(head, { width, height, durationS, markers });
    const chapters = markers.map(({ t, name }) => ({ fromS: t, words: `Marker ${name}` }));
    return {
      media: await withChapters(media, chapters),
      ...{ sidecar, thumbnail: thumbnail ?? new Blob(), lastS, durationS, width, height },
      name: this.#record.name,
      remove: () => film.remove(),
    };
  }

  /** Adds what is drawn. */
  #add(seconds: number, written: Written): void {
    if (this.#encoding++ === 0) this.#takenMs = performance.now();
    this.#adding = this.#options.film.add(seconds, LAST_S).finally(() => {
      this.#encoding--;
      this.#takenMs = performance.now();
    });
    this.#writtenS = seconds;
    this.#written = written;
    this.#record.add(seconds, written.picture, written.seen, written.explanation?.facts ?? null);
  }
}
