/** Where the picture comes from: a sample, a photo, a video or the camera; moving or held. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { HEAD_BYTES, type PictureFormat } from "../../shared/file_kind.ts";
import type { Camera } from "./camera.ts";
import { planFile } from "./file_plan.ts";
import { everyPicture, type Stop } from "./frame_clock.ts";
import { Newest } from "./newest.ts";
import { PhotoCanvas } from "./photo_canvas.ts";
import { loadSample, readPhoto } from "./photos.ts";
import { isPlayable } from "./playable.ts";
import { SAMPLES } from "./samples.ts";
import { frameTiming, type SourceKind, standsStill } from "./source_kind.ts";
import { StageVideo } from "./stage_video.ts";
import type { Drawable } from "./square_encoder.ts";
import type { Surface } from "./surface.ts";

/** What a source needs from the page. */
export interface SourceOptions {
  readonly surface: Surface;
  readonly camera: Camera;
  /** A new picture is there; `still` = no newer one follows by itself. Times in ms. */
  readonly onFrame: (nowMs: number, capturedMs: number, still: boolean) => void;
  /** Another picture begins, or the same one is held or let go: what waited of the old one is worth nothing. */
  readonly onChange: (change: "source" | "hold") => void;
  /** Something could not be opened; words for people. */
  readonly onProblem: (words: string) => void;
}

/** The picture's source. */
export interface Source {
  readonly kind: ReadonlySignal<SourceKind>;
  readonly frozen: ReadonlySignal<boolean>;
  openSample(id: string): Promise<void>;
  openFile(file: Blob, name: string): Promise<void>;
  openCamera(deviceId: string | null): Promise<void>;
  /** Shows the first sample, after a camera that ended by itself. */
  fallBack(): Promise<void>;
  closeCamera(): void;
  setFrozen(frozen: boolean): void;
  /** Freezes another picture than the newest one, such as an earlier one; false where there is nothing to freeze. */
  hold(picture: Drawable): boolean;
  /** Seeks in the video that is open, in s. */
  seek(seconds: number): void;
  /** Reports the still picture once more, after a reconnect; does nothing while the picture moves. */
  repeatStill(): void;
  isStill(): boolean;
  dispose(): void;
}

/** Makes a source without a picture. */
export function createSource(options: SourceOptions): Source {
  return new PictureSource(options);
}

class PictureSource implements Source {
  readonly kind: Signal<SourceKind> = signal({ kind: "none" });
  readonly frozen: Signal<boolean> = signal(false);
  readonly #options: SourceOptions;
  readonly #photo: PhotoCanvas;
  readonly #video: StageVideo;
  readonly #opening = new Newest();
  readonly #listeners = new AbortController();
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #stopClock: Stop | null = null;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#photo = new PhotoCanvas(options.surface);
    this.#video = new StageVideo(options.surface.video);
    this.#listen();
  }

  isStill(): boolean {
    return standsStill(this.kind.value, this.frozen.value);
  }

  repeatStill(): void {
    const nowMs = performance.now();
    if (this.isStill()) this.#options.onFrame(nowMs, nowMs, true);
  }

  async openSample(id: string): Promise<void> {
    this.#options.camera.dismiss();
    await this.#showSample(id);
  }

  async fallBack(): Promise<void> {
    await this.#showSample(SAMPLES[0].id);
  }

  closeCamera(): void {
    void this.fallBack();
  }

  async openFile(file: Blob, name: string): Promise<void> {
    this.#options.camera.dismiss();
    const isNewest = this.#opening.begin();
    const { onProblem } = this.#options;
    let head: Uint8Array;
    try {
      head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    } catch {
      return onProblem(`“${name}” cannot be read. Choose a photo or a video.`);
    }
    if (!isNewest()) return;
    const plan = planFile(head, { name, type: file.type });
    switch (plan.kind) {
      case "photo":
        return await this.#openPhoto(file, name, plan.format);
      case "video":
        return await this.#openVideo(file, name);
      case "refused":
        return onProblem(plan.words);
      default:
        plan satisfies never;
    }
  }

  async openCamera(deviceId: string | null): Promise<void> {
    const isNewest = this.#opening.begin();
    const { camera, surface } = this.#options;
    const wasCamera = this.kind.value.kind === "camera";
    const stream = await camera.start(deviceId);
    if (!isNewest()) return;
    if (stream === null) {
      // The stream of the camera before is stopped by now; a stopped video would be a black stage.
      if (wasCamera) await this.fallBack();
      return;
    }
    await this.#video.playStream(stream);
    if (!isNewest()) return;
    surface.show("video");
    const { value } = camera.state;
    this.#begin({
      kind: "camera",
      name: value.phase === "on" && value.label !== "" ? value.label : "Camera",
    });
  }

  setFrozen(frozen: boolean): void {
    const { surface } = this.#options;
    if (frozen === this.frozen.value || this.kind.value.kind === "none") return;
    if (frozen && !surface.hold()) return;
    if (!frozen) surface.release();
    if (this.kind.value.kind === "video") this.#video.pause(frozen);
    this.frozen.value = frozen;
    this.#options.onChange("hold");
    this.#runClock();
    this.repeatStill();
  }

  hold(picture: Drawable): boolean {
    if (this.kind.value.kind === "none" || !this.#options.surface.hold(picture)) return false;
    if (this.kind.value.kind === "video") this.#video.pause(true);
    this.frozen.value = true;
    this.#options.onChange("hold");
    this.#runClock();
    this.repeatStill();
    return true;
  }

  seek(seconds: number): void {
    if (this.kind.value.kind === "video") this.#options.surface.video.currentTime = seconds;
  }

  dispose(): void {
    this.#listeners.abort();
    this.#stopClock?.();
    this.#video.drop();
    this.#photo.dispose();
  }

  #listen(): void {
    const { signal } = this.#listeners;
    const { surface } = this.#options;
    surface.video.addEventListener("seeked", () => this.#holdSought(), { signal });
    surface.video.addEventListener("resize", () => surface.fit(), { signal });
    document.addEventListener("visibilitychange", () => this.#runClock(), { signal });
    this.#calm.addEventListener("change", () => {
      const { value } = this.kind;
      if (value.kind === "sample") void this.#showSample(value.id);
    }, { signal });
  }

  /** The held picture is the one that was sought. */
  #holdSought(): void {
    if (this.kind.value.kind !== "video" || !this.frozen.value) return;
    const { surface, onChange } = this.#options;
    surface.release();
    surface.hold();
    onChange("hold");
    this.repeatStill();
  }

  /** Follows the frames as it fits the source, the freeze and the tab. */
  #runClock(): void {
    this.#stopClock?.();
    const { surface, onFrame } = this.#options;
    const hidden = document.visibilityState === "hidden";
    switch (frameTiming(this.kind.value, { frozen: this.frozen.value, hidden })) {
      case "none":
        this.#stopClock = null;
        return;
      case "drawn":
        this.#stopClock = everyPicture((nowMs, capturedMs) => {
          this.#photo.drawPan(nowMs);
          onFrame(nowMs, capturedMs, false);
        });
        return;
      case "video":
        this.#stopClock = this.#video.everyFrame((nowMs, capturedMs) => {
          // A camera that was turned has another shape from this picture on.
          surface.fit();
          onFrame(nowMs, capturedMs, false);
        });
    }
  }

  #begin(next: SourceKind): void {
    this.frozen.value = false;
    this.kind.value = next;
    this.#options.onChange("source");
    this.#runClock();
    this.repeatStill();
  }

  #showPhoto(bitmap: ImageBitmap, what: SourceKind): void {
    const { camera, surface } = this.#options;
    this.#photo.show(bitmap, what.kind === "sample" && what.panning);
    camera.stop();
    this.#video.drop();
    surface.show("picture");
    this.#begin(what);
  }

  async #showSample(id: string): Promise<void> {
    const isNewest = this.#opening.begin();
    const { name, ...sample } = SAMPLES.find((one) => one.id === id) ?? SAMPLES[0];
    try {
      const bitmap = await loadSample(sample.id);
      if (!isNewest()) return bitmap.close();
      this.#showPhoto(bitmap, { kind: "sample", id: sample.id, name, panning: !this.#calm.matches });
    } catch {
      this.#options.onProblem(`The photo “${name}” could not be loaded. Choose another one.`);
    }
  }

  async #openPhoto(file: Blob, name: string, format: PictureFormat): Promise<void> {
    const isNewest = this.#opening.begin();
    const { onProblem } = this.#options;
    try {
      const { bitmap, animated } = await readPhoto(file, format);
      if (!isNewest()) return bitmap.close();
      this.#showPhoto(bitmap, { kind: "photo", name, animated });
      if (animated) onProblem(`“${name}” is an animation: its first picture is shown as a still.`);
    } catch {
      onProblem(
        `“${name}” is damaged, or not a photo that this browser can read. Choose another file, or convert it to JPEG.`,
      );
    }
  }

  async #openVideo(file: Blob, name: string): Promise<void> {
    const isNewest = this.#opening.begin();
    const { camera, surface, onProblem } = this.#options;
    const url = URL.createObjectURL(file);
    const playable = await isPlayable(url);
    if (!isNewest() || !playable) {
      URL.revokeObjectURL(url);
      if (isNewest()) {
        onProblem(`“${name}” is not a video that this browser can play. Choose an MP4 or WebM file.`);
      }
      return;
    }
    camera.stop();
    await this.#video.playFile(url);
    if (!isNewest()) return;
    surface.show("video");
    this.#begin({ kind: "video", name, file });
  }
}
