/** The camera as a pure reducer; `camera.ts` performs its effects. */
import type { CameraFace } from "./mirror.ts";
import { type CameraProblem, ENDED, explainCameraError } from "./problems.ts";

/** How long the browser's question may stay open before the page points at it, in ms. */
export const SLOW_MS = 4_000;

/** Where the camera stands. */
export type CameraState =
  | { readonly phase: "off" }
  /** The browser asks its user. `ask` names this attempt; `slow` = the question has been open for a while. */
  | { readonly phase: "asking"; readonly ask: number; readonly slow: boolean }
  | { readonly phase: "on" } & CameraFace
  | { readonly phase: "failed"; readonly problem: CameraProblem };

/** What happens to the camera. */
export type CameraEvent =
  | { readonly kind: "asked"; readonly ask: number }
  | { readonly kind: "slow"; readonly ask: number }
  | { readonly kind: "given"; readonly ask: number } & CameraFace
  | { readonly kind: "refused"; readonly ask: number; readonly name: string }
  | { readonly kind: "impossible"; readonly problem: CameraProblem }
  | { readonly kind: "ended" }
  | { readonly kind: "stopped" }
  | { readonly kind: "dismissed" };

/** Takes one event; answers to an earlier question change nothing. */
export function camera(state: CameraState, event: CameraEvent): CameraState {
  switch (event.kind) {
    case "asked":
      return { phase: "asking", ask: event.ask, slow: false };
    case "slow":
      return waitsFor(state, event.ask) ? { phase: "asking", ask: event.ask, slow: true } : state;
    case "given":
      return waitsFor(state, event.ask)
        ? { phase: "on", deviceId: event.deviceId, label: event.label, facing: event.facing }
        : state;
    case "refused":
      return waitsFor(state, event.ask)
        ? { phase: "failed", problem: explainCameraError(event.name) }
        : state;
    case "impossible":
      return { phase: "failed", problem: event.problem };
    case "ended":
      return state.phase === "on" ? { phase: "failed", problem: ENDED } : state;
    case "stopped":
      // What went wrong stays said while another picture takes the camera's place.
      return state.phase === "failed" ? state : { phase: "off" };
    case "dismissed":
      return state.phase === "failed" ? { phase: "off" } : state;
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** Returns whether the camera still waits for the answer to this question. */
export function waitsFor(state: CameraState, ask: number): boolean {
  return state.phase === "asking" && state.ask === ask;
}
