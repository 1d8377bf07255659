/** The camera at the rim: asks the browser, keeps the list of cameras, says when one ends. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { camera, type CameraEvent, type CameraState, SLOW_MS, waitsFor } from "./camera_state.ts";
import type { Size } from "./placement.ts";
import { INSECURE, UNSUPPORTED } from "./problems.ts";

/** A camera that can be chosen. */
export interface CameraChoice {
  readonly id: string;
  readonly label: string;
}

/** The camera of the page. */
export interface Camera {
  readonly state: ReadonlySignal<CameraState>;
  /** Cameras of this machine; empty until the browser tells their names, which it does after permission. */
  readonly choices: ReadonlySignal<readonly CameraChoice[]>;
  /** Asks for a camera (any, or the one with this id) and gives its stream, or null when there is none. */
  start(deviceId: string | null): Promise<MediaStream | null>;
  stop(): void;
  /** Asks the running camera for pictures of another size, or of the usual one (null); it gives what it can. */
  resize(size: Size | null): void;
  /** Takes the words about a problem away. */
  dismiss(): void;
  dispose(): void;
}

/**
 * The size that is asked for while nothing is recorded, in pixels: 4:3 fills the stage, and more would cost time in every
 * frame although the network sees 224 of them.
 */
const LIVE: Size = { width: 960, height: 720 };

function wanted({ width, height }: Size) {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 } };
}

/** Makes a camera that is off; `onEnd` is called when it ends by itself. */
export function createCamera(onEnd: () => void): Camera {
  const state = signal<CameraState>({ phase: "off" });
  const choices = signal<readonly CameraChoice[]>([]);
  const listeners = new AbortController();
  let stream: MediaStream | null = null;
  let asks = 0;
  let slowTimer: ReturnType<typeof setTimeout> | undefined;

  function apply(event: CameraEvent): void {
    state.value = camera(state.value, event);
  }

  function release(): void {
    clearTimeout(slowTimer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  }

  async function list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const cameras = devices.filter((device) => device.kind === "videoinput" && device.deviceId !== "");
    choices.value = cameras.map(({ deviceId, label }, index) => ({
      id: deviceId,
      label: label === "" ? `Camera ${index + 1}` : label.replace(/ \([0-9a-f]{4}:[0-9a-f]{4}\)$/, ""),
    }));
  }

  async function start(deviceId: string | null): Promise<MediaStream | null> {
    release();
    if (!isSecureContext) apply({ kind: "impossible", problem: INSECURE });
    // Older browsers and odd embeddings leave it out although the type says that it is there.
    else if ((navigator.mediaDevices as MediaDevices | undefined)?.getUserMedia === undefined) {
      apply({ kind: "impossible", problem: UNSUPPORTED });
    } else return await ask(deviceId);
    return null;
  }

  async function ask(deviceId: string | null): Promise<MediaStream | null> {
    const question = ++asks;
    apply({ kind: "asked", ask: question });
    slowTimer = setTimeout(() => apply({ kind: "slow", ask: question }), SLOW_MS);
    try {
      const which = deviceId === null
        ? { facingMode: { ideal: "environment" } }
        : { deviceId: { exact: deviceId } };
      const given = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { ...wanted(LIVE), ...which },
      });
      if (!waitsFor(state.value, question)) {
        for (const track of given.getTracks()) track.stop();
        return null;
      }
      clearTimeout(slowTimer);
      stream = given;
      const [track] = given.getVideoTracks();
      track?.addEventListener("ended", () => {
        if (stream !== given) return;
        release();
        apply({ kind: "ended" });
        onEnd();
      });
      apply({
        kind: "given",
        ask: question,
        deviceId: track?.getSettings().deviceId ?? "",
        label: track?.label ?? "",
        facing: track?.getSettings().facingMode ?? null,
      });
      // A list that cannot be read only leaves the picker out.
      list().catch(() => {});
      return given;
    } catch (error) {
      clearTimeout(slowTimer);
      apply({ kind: "refused", ask: question, name: error instanceof Error ? error.name : "" });
      return null;
    }
  }

  if (isSecureContext && (navigator.mediaDevices as MediaDevices | undefined) !== undefined) {
    navigator.mediaDevices.addEventListener("devicechange", () => {
      if (choices.value.length > 0 || state.value.phase === "on") list().catch(() => {});
    }, { signal: listeners.signal });
  }

  return {
    state,
    choices,
    start,
    stop() {
      release();
      apply({ kind: "stopped" });
    },
    resize(size) {
      const [track] = stream?.getVideoTracks() ?? [];
      // One that refuses stays as it is: the size is a wish.
      track?.applyConstraints(wanted(size ?? LIVE)).catch(() => {});
    },
    dismiss: () => apply({ kind: "dismissed" }),
    dispose() {
      listeners.abort();
      release();
    },
  };
}
