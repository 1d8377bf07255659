/** Those who follow the stream of a page, such as a recording; times in ms of `performance.now()`. */
import type { Result } from "../../shared/protocol.ts";
import type { Drawable } from "../picture/square_encoder.ts";
import type { CellMap } from "../map/cell_map.ts";

/** Somebody who follows the stream. */
export interface Follower {
  /**
   * A picture is on the surface; `still`: no newer one follows by itself.
   *
   * Who copies it gives the copy, which stays as it is until the next call: a video may show its next picture by the
   * time that this one is sent.
   */
  captured(capturedMs: number, still: boolean): Drawable | null;
  /** The picture of this time was sent as a frame. */
  sent(frame: number, capturedMs: number): void;
  result(result: Result): void;
  /** A frame's map has grown as far as it will before the next frame. */
  explained(frame: number, map: CellMap): void;
}

/** All who follow one stream. */
export class Followers implements Follower {
  readonly #all = new Set<Follower>();
  #copy: Drawable | null = null;

  /** The newest picture, where somebody copied it. */
  get copy(): Drawable | null {
    return this.#copy;
  }

  /** Lets somebody follow until the returned function is called. */
  add(follower: Follower): () => void {
    this.#all.add(follower);
    return () => {
      this.#all.delete(follower);
      this.#copy = null;
    };
  }

  /** Another picture begins, or the same one is held or let go. */
  pictureChanged(): void {
    this.#copy = null;
  }

  captured(capturedMs: number, still: boolean): Drawable | null {
    this.#copy = null;
    for (const follower of this.#all) this.#copy = follower.captured(capturedMs, still) ?? this.#copy;
    return this.#copy;
  }

  sent(frame: number, capturedMs: number): void {
    for (const follower of this.#all) follower.sent(frame, capturedMs);
  }

  result(result: Result): void {
    for (const follower of this.#all) follower.result(result);
  }

  explained(frame: number, map: CellMap): void {
    for (const follower of this.#all) follower.explained(frame, map);
  }
}
