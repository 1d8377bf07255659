/** Why a camera does not run, in words that say what to do. */

/** What the button beside the words does. */
export type CameraRemedy = "retry" | "any-camera" | "none";

/** A camera problem as the page shows it. */
export interface CameraProblem {
  /** What happened and what to do. */
  readonly words: string;
  readonly remedy: CameraRemedy;
}

/** Explains what `getUserMedia` refused with; `name` is the name of its exception. */
export function explainCameraError(name: string): CameraProblem {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return {
        words:
          "The browser may not use the camera: allow it beside the address of this page, then press Try again.",
        remedy: "retry",
      };
    case "NotFoundError":
      return {
        words: "No camera was found: plug one in and press Try again, or open a photo or a video instead.",
        remedy: "retry",
      };
    case "NotReadableError":
      return {
        words: "The camera is used by another program: close that program, then press Try again.",
        remedy: "retry",
      };
    case "OverconstrainedError":
      return {
        words: "The chosen camera is not there any more: use any other camera.",
        remedy: "any-camera",
      };
    case "AbortError":
      return {
        words:
          "The camera stopped while it was starting: unplug it and plug it in again, then press Try again.",
        remedy: "retry",
      };
    default:
      return {
        words: "The camera did not start: press Try again, or open a photo or a video.",
        remedy: "retry",
      };
  }
}

/** The page came over plain HTTP from another machine, where browsers give no camera at all. */
export const INSECURE: CameraProblem = {
  words:
    "Browsers give a camera only to https addresses and to localhost: open this page there, or use a photo or a video.",
  remedy: "none",
};

/** The browser knows no cameras. */
export const UNSUPPORTED: CameraProblem = {
  words: "This browser gives pages no camera: open a photo or a video, or use another browser.",
  remedy: "none",
};

/** The camera ended by itself. */
export const ENDED: CameraProblem = {
  words: "The camera stopped, perhaps it was unplugged: plug it in, then press Try again.",
  remedy: "retry",
};

/** What is said while a question of the browser stays unanswered. */
export const UNANSWERED_WORDS =
  "The browser is asking whether this page may use the camera: answer it there.";
