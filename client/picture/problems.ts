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
        words: "Camera access is blocked. Allow it in the address bar, then try again.",
        remedy: "retry",
      };
    case "NotFoundError":
      return {
        words: "No camera found. Plug one in, then try again, or open a photo or a video.",
        remedy: "retry",
      };
    case "NotReadableError":
      return {
        words: "The camera is used by another program. Close that program, then try again.",
        remedy: "retry",
      };
    case "OverconstrainedError":
      return {
        words: "The chosen camera is no longer connected. Use another one.",
        remedy: "any-camera",
      };
    case "AbortError":
      return {
        words: "The camera stopped while starting. Unplug it and plug it in again, then try again.",
        remedy: "retry",
      };
    default:
      return {
        words: "The camera did not start. Try again, or open a photo or a video.",
        remedy: "retry",
      };
  }
}

/** The page came over plain HTTP from another machine, where browsers give no camera at all. */
export const INSECURE: CameraProblem = {
  words:
    "Browsers allow the camera only on https addresses and on localhost. Open the page there, or open a photo or a video.",
  remedy: "none",
};

/** The browser knows no cameras. */
export const UNSUPPORTED: CameraProblem = {
  words: "This browser has no camera support. Open a photo or a video, or use another browser.",
  remedy: "none",
};

/** The camera ended by itself. */
export const ENDED: CameraProblem = {
  words: "The camera stopped. If it was unplugged, plug it in, then try again.",
  remedy: "retry",
};

/** What is said while a question of the browser stays unanswered. */
export const UNANSWERED_WORDS = "The browser asks whether this page may use the camera. Choose Allow there.";
