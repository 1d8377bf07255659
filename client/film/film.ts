/** A film: what the recorder writes pictures into. */

/** What writes the file: exact pictures, or whatever the browser's own recorder makes. */
export type Means = "exact" | "browser";

/** How a film is opened. */
export interface FilmOptions {
  /** Size in pixels, even numbers. */
  readonly width: number;
  readonly height: number;
  /** The microphone's track, or null without sound. */
  readonly sound: MediaStreamTrack | null;
  /** Called with the number of bytes that the file has now. */
  readonly onGrow: (bytes: number) => void;
  /** Called when nothing more can be written. */
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
  /** Writes what is drawn, shown from a time on, in s from the beginning; resolves when the next may come. */
  add(seconds: number, durationS: number): Promise<void>;
  pause(): void;
  resume(): void;
  /**
   * Ends the film.
   *
   * @throws Error where nothing of it can be shown
   */
  finish(): Promise<Finished>;
  /** Ends it and throws it away. */
  cancel(): Promise<void>;
  /** Removes the files that a finished film lies in: it cannot be read afterwards. */
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
  if (context === null) throw new Error("Cannot record: the browser has no 2D canvas");
  return context;
}
