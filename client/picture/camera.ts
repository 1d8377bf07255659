/** The camera of the page: performs what its reducer (`camera_state.ts`) decides, with the browser's cameras. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type CameraChoice, type CameraList, createCameraList } from "./camera_list.ts";
import { camera, type CameraEvent, type CameraState, SLOW_MS, waitsFor } from "./camera_state.ts";
import type { Size } from "./placement.ts";
import { INSECURE, UNSUPPORTED } from "./problems.ts";

/** The camera of the page. */
export interface Camera {
  readonly state: ReadonlySignal<CameraState>;
  /** Cameras of this machine; empty until the browser names them, which it does after permission. */
  readonly choices: ReadonlySignal<readonly CameraChoice[]>;
  /** Asks for a camera (any, or the one with this id) and returns its stream, or null when there is none. */
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
  return new PageCamera(onEnd);
}

class PageCamera implements Camera {
  readonly state: Signal<CameraState> = signal({ phase: "off" });
  readonly #onEnd: () => void;
  readonly #listeners = new AbortController();
  readonly #list: CameraList;
  #stream: MediaStream | null = null;
  #asks = 0;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#list = createCameraList(() => this.state.value.phase === "on", this.#listeners.signal);
  }

  get choices(): ReadonlySignal<readonly CameraChoice[]> {
    return this.#list.choices;
  }

  async start(deviceId: string | null): Promise<MediaStream | null> {
    this.#release();
    if (!isSecureContext) this.#apply({ kind: "impossible", problem: INSECURE });
    // Older browsers and odd embeddings leave it out although the type says that it is there.
    else if ((navigator.mediaDevices as MediaDevices | undefined)?.getUserMedia === undefined) {
      this.#apply({ kind: "impossible", problem: UNSUPPORTED });
    } else return await this.#ask(deviceId);
    return null;
  }

  stop(): void {
    this.#release();
    this.#apply({ kind: "stopped" });
  }

  resize(size: Size | null): void {
    const [track] = this.#stream?.getVideoTracks() ?? [];
    // One that refuses stays as it is: the size is a wish.
    track?.applyConstraints(wanted(size ?? LIVE)).catch(() => {});
  }

  dismiss(): void {
    this.#apply({ kind: "dismissed" });
  }

  dispose(): void {
    this.#listeners.abort();
    this.#release();
  }

  #apply(event: CameraEvent): void {
    this.state.value = camera(this.state.value, event);
  }

  #release(): void {
    clearTimeout(this.#slowTimer);
    stopTracks(this.#stream);
    this.#stream = null;
  }

  async #ask(deviceId: string | null): Promise<MediaStream | null> {
    const ask = ++this.#asks;
    this.#apply({ kind: "asked", ask });
    this.#slowTimer = setTimeout(() => this.#apply({ kind: "slow", ask }), SLOW_MS);
    const which = deviceId === null
      ? { facingMode: { ideal: "environment" } }
      : { deviceId: { exact: deviceId } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { ...wanted(LIVE), ...which },
      });
      if (waitsFor(this.state.value, ask)) return this.#take(stream, ask);
      stopTracks(stream);
      return null;
    } catch (error) {
      clearTimeout(this.#slowTimer);
      this.#apply({ kind: "refused", ask, name: error instanceof Error ? error.name : "" });
      return null;
    }
  }

  #take(stream: MediaStream, ask: number): MediaStream {
    clearTimeout(this.#slowTimer);
    this.#stream = stream;
    const [track] = stream.getVideoTracks();
    const { deviceId = "", facingMode = null } = track?.getSettings() ?? {};
    track?.addEventListener("ended", () => this.#ended(stream));
    this.#apply({ kind: "given", ask, deviceId, label: track?.label ?? "", facing: facingMode });
    // A list that cannot be read only leaves the picker out.
    this.#list.refresh();
    return stream;
  }

  #ended(stream: MediaStream): void {
    if (this.#stream !== stream) return;
    this.#release();
    this.#apply({ kind: "ended" });
    this.#onEnd();
  }
}

function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
