/** A film: what the recorder writes pictures into. */
import type { Means } from "../recorder_state.ts";

/** How a film is opened. */
export interface FilmOptions {
  /** Size in px, even numbers. */
  readonly width: number;
  readonly height: number;
  /** The microphone's track, or null without sound. */
  readonly sound: MediaStreamTrack | null;
  /** The file has this many bytes now. */
  readonly onGrow: (bytes: number) => void;
  /** Nothing can be written any more. */
  readonly onBreak: (cause: "disk-full" | "encoder-failed") => void;
}

/** A film that is written. */
export interface Finished {
  /** An MP4, WebM or GIF. */
  readonly media: Blob;
  /** When its last picture begins, in s; Infinity where that is not known. */
  readonly lastS: number;
}

/** A film that is being written. */
export interface Film {
  readonly means: Means;
  /** Draw here, then call `add()`. */
  readonly context: CanvasRenderingContext2D;
  /** Writes what is drawn, shown from a time on, in s from the beginning; done when the next may come. */
  add(seconds: number, durationS: number): Promise<void>;
  pause(): void;
  resume(): void;
  /**
   * Ends the film.
   *
   * @throws Error where nothing of it can be shown
   */
  finish(): Promise<Finished>;
  /** Throws it away. */
  cancel(): Promise<void>;
  /** Removes what a finished film lies in: its file cannot be read any more. */
  remove(): Promise<void>;
}

/** Opens a canvas to draw a film's pictures on. */
export function filmCanvas(
  width: number,
  height: number,
  settings: CanvasRenderingContext2DSettings = {},
): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false, ...settings });
  if (context === null) throw new Error("Cannot record as the browser gives no 2D canvas");
  return context;
}
