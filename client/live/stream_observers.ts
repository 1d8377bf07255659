/** What follows the stream of a page, such as a recording; times in ms of `performance.now()`. */
import type { Tile } from "../../shared/codec.ts";
import type { Result, ServerMessage } from "../../shared/protocol.ts";
import type { Drawable } from "../picture/square_encoder.ts";
import type { CellMap } from "../map/cell_map.ts";

/** Follows the stream: it names the events that it wants. */
export interface StreamObserver {
  /** A connection has begun: its server knows nothing yet of what this page asked the one before. */
  connected?(): void;
  disconnected?(): void;
  /** Another source of pictures, or the same one is held or released. */
  pictureChanged?(change: "source" | "hold"): void;
  /**
   * A picture is on the surface; `still`: no newer one follows by itself.
   *
   * Who copies it returns the copy, which stays as it is until the next call: a video may show its next picture by the
   * time that this one is sent.
   */
  captured?(capturedMs: number, still: boolean): Drawable | null;
  /** The newest picture is sent or waits its turn: there is time for drawing. */
  afterCapture?(): void;
  /** The picture of this time was sent as a frame. */
  sent?(frame: number, capturedMs: number): void;
  result?(result: Result): void;
  /** The classes say that another scene begins; comes before its result. */
  sceneCut?(): void;
  /** A tile of any pane; `capturedMs` is null where its frame is not known any more. */
  tile?(tile: Tile, capturedMs: number | null): void;
  /** A frame's map has grown as far as it will before the next frame. */
  explained?(frame: number, map: CellMap): void;
  /** The server says something about a feature of the page, or an error. */
  message?(message: FeatureMessage): void;
}

/** Messages that are of no concern to the stream itself, and errors. */
export type FeatureMessage = Extract<ServerMessage, { type: "pane" | "log" | "logged" | "shared" | "error" }>;

/** All who follow one stream, in the order in which they came. */
export class StreamObservers implements Required<StreamObserver> {
  readonly #all = new Set<StreamObserver>();
  #copy: Drawable | null = null;

  /** The newest picture, where somebody copied it. */
  get copy(): Drawable | null {
    return this.#copy;
  }

  /** Lets somebody follow until the returned function is called. */
  add(observer: StreamObserver): () => void {
    this.#all.add(observer);
    return () => {
      this.#all.delete(observer);
      this.#copy = null;
    };
  }

  connected(): void {
    for (const observer of this.#all) observer.connected?.();
  }

  disconnected(): void {
    for (const observer of this.#all) observer.disconnected?.();
  }

  pictureChanged(change: "source" | "hold"): void {
    this.#copy = null;
    for (const observer of this.#all) observer.pictureChanged?.(change);
  }

  captured(capturedMs: number, still: boolean): Drawable | null {
    this.#copy = null;
    for (const observer of this.#all) this.#copy = observer.captured?.(capturedMs, still) ?? this.#copy;
    return this.#copy;
  }

  afterCapture(): void {
    for (const observer of this.#all) observer.afterCapture?.();
  }

  sent(frame: number, capturedMs: number): void {
    for (const observer of this.#all) observer.sent?.(frame, capturedMs);
  }

  result(result: Result): void {
    for (const observer of this.#all) observer.result?.(result);
  }

  sceneCut(): void {
    for (const observer of this.#all) observer.sceneCut?.();
  }

  tile(tile: Tile, capturedMs: number | null): void {
    for (const observer of this.#all) observer.tile?.(tile, capturedMs);
  }

  explained(frame: number, map: CellMap): void {
    for (const observer of this.#all) observer.explained?.(frame, map);
  }

  message(message: FeatureMessage): void {
    for (const observer of this.#all) observer.message?.(message);
  }
}
