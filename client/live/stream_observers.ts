/** What follows the stream of a page, such as a recording; times in ms of `performance.now()`. */
import type { Tile } from "../../shared/codec.ts";
import type { Result, ServerMessage, View, Welcome } from "../../shared/protocol.ts";
import type { RemoteCommand } from "../../shared/remote.ts";
import type { FramePicture } from "./frame_sender.ts";

/** A copy of the picture on the stage, with its size in pixels. */
export interface PictureCopy {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** Follows the stream: it names the events that it wants. */
export interface StreamObserver {
  /** A connection has begun: its server knows nothing yet of what this page asked the one before. */
  connected?(): void;
  disconnected?(): void;
  /** The server names its model, its methods and their layers. */
  welcomed?(welcome: Welcome): void;
  /** The server shows a view; `notes`: what it took in place of what was asked for, as sentences without full stops. */
  accepted?(view: View, notes: readonly string[]): void;
  /** A model was loaded with another normalisation: values of before say nothing about those that come. */
  renormalised?(model: string): void;
  /** Another source of pictures, or the same one is held or released; `nextFrame`: the first frame of it. */
  pictureChanged?(change: "source" | "hold", nextFrame: number): void;
  /**
   * A picture is on the surface; `still`: no newer one follows by itself.
   *
   * Who copies it returns the copy, which stays as it is until the next call: a video may show its next picture by the
   * time that this one is sent.
   */
  captured?(capturedMs: number, still: boolean): PictureCopy | null;
  /** The newest picture is sent or waits its turn: there is time for drawing. */
  afterCapture?(): void;
  /** The picture of this time was sent as a frame; who keeps its bytes is the only one to read them from now on. */
  sent?(frame: number, capturedMs: number, picture: FramePicture): void;
  /** The classes say that another scene begins; comes before its result. */
  sceneCut?(): void;
  /** A frame of this view is answered, and the next one leaves right after this: what is asked for now counts for it. */
  answering?(revision: number): void;
  result?(result: Result): void;
  /** A tile of any pane; `capturedMs` is null where its frame is not known any more. */
  tile?(tile: Tile, capturedMs: number | null): void;
  /** The server says something about a feature of the page, or an error. */
  message?(message: FeatureMessage): void;
  /** A remote wants something done. */
  commanded?(command: RemoteCommand): void;
  /** The figures are new; four times a second. */
  stepped?(): void;
}

/** Messages that are of no concern to the stream itself, and errors. */
export type FeatureMessage = Extract<
  ServerMessage,
  {
    type:
      | "pane"
      | "pane-result"
      | "reason"
      | "log"
      | "logged"
      | "shared"
      | "flip-progress"
      | "flip-result"
      | "flip-failed"
      | "error";
  }
>;

/** All who follow one stream, in the order in which they came. */
export class StreamObservers implements Required<StreamObserver> {
  readonly #all = new Set<StreamObserver>();
  #copy: PictureCopy | null = null;

  /** The newest picture, where somebody copied it. */
  get copy(): PictureCopy | null {
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

  welcomed(welcome: Welcome): void {
    for (const observer of this.#all) observer.welcomed?.(welcome);
  }

  accepted(view: View, notes: readonly string[]): void {
    for (const observer of this.#all) observer.accepted?.(view, notes);
  }

  renormalised(model: string): void {
    for (const observer of this.#all) observer.renormalised?.(model);
  }

  pictureChanged(change: "source" | "hold", nextFrame: number): void {
    this.#copy = null;
    for (const observer of this.#all) observer.pictureChanged?.(change, nextFrame);
  }

  captured(capturedMs: number, still: boolean): PictureCopy | null {
    this.#copy = null;
    for (const observer of this.#all) this.#copy = observer.captured?.(capturedMs, still) ?? this.#copy;
    return this.#copy;
  }

  afterCapture(): void {
    for (const observer of this.#all) observer.afterCapture?.();
  }

  sent(frame: number, capturedMs: number, picture: FramePicture): void {
    for (const observer of this.#all) observer.sent?.(frame, capturedMs, picture);
  }

  sceneCut(): void {
    for (const observer of this.#all) observer.sceneCut?.();
  }

  answering(revision: number): void {
    for (const observer of this.#all) observer.answering?.(revision);
  }

  result(result: Result): void {
    for (const observer of this.#all) observer.result?.(result);
  }

  tile(tile: Tile, capturedMs: number | null): void {
    for (const observer of this.#all) observer.tile?.(tile, capturedMs);
  }

  message(message: FeatureMessage): void {
    for (const observer of this.#all) observer.message?.(message);
  }

  commanded(command: RemoteCommand): void {
    for (const observer of this.#all) observer.commanded?.(command);
  }

  stepped(): void {
    for (const observer of this.#all) observer.stepped?.();
  }
}
