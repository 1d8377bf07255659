/** Where the picture comes from: a sample, a photo, a video or the camera; moving or held. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { fileKind, HEAD_BYTES, type PictureFormat, READABLE } from "../../shared/file_kind.ts";
import type { Camera } from "./camera.ts";
import { fitInside, panRect } from "./crop.ts";
import { isAnimated } from "./animated.ts";
import { everyPicture, everyVideoFrame, type Stop } from "./frame_clock.ts";
import { isPlayable } from "./playable.ts";
import { isDamaged } from "./server_verdict.ts";
import { SAMPLES, sampleUrl } from "./samples.ts";
import { LONGEST_SIDE_PX, type Surface } from "./surface.ts";

/** What is on the stage. */
export type SourceKind =
  | { readonly kind: "none" }
  | { readonly kind: "sample"; readonly id: string; readonly name: string; readonly panning: boolean }
  /** `animated`: the file is an animation, of which the first picture is shown. */
  | { readonly kind: "photo"; readonly name: string; readonly animated: boolean }
  | { readonly kind: "video"; readonly name: string }
  | { readonly kind: "camera"; readonly name: string };

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
  /** Goes to a time of the video that is open, in s. */
  seek(seconds: number): void;
  /** Says the still picture once more, after a reconnect; does nothing while the picture moves. */
  repeatStill(): void;
  isStill(): boolean;
  dispose(): void;
}

/** Makes a source without a picture. */
export function createSource(options: SourceOptions): Source {
  const { surface, camera, onFrame, onChange, onProblem } = options;
  const { video, picture } = surface;
  const kind = signal<SourceKind>({ kind: "none" });
  const frozen = signal(false);
  const listeners = new AbortController();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let stopClock: Stop | null = null;
  let bitmap: ImageBitmap | null = null;
  let videoUrl: string | null = null;
  let opening = 0;

  function isStill(): boolean {
    const { value } = kind;
    return frozen.value || value.kind === "photo" || (value.kind === "sample" && !value.panning);
  }

  function sayStill(): void {
    const nowMs = performance.now();
    if (isStill()) onFrame(nowMs, nowMs, true);
  }

  /** Starts or stops the frame clock to fit the source, the freeze and the tab. */
  function runClock(): void {
    stopClock?.();
    stopClock = null;
    if (kind.value.kind === "none" || document.visibilityState === "hidden" || isStill()) return;
    if (kind.value.kind === "sample") {
      stopClock = everyPicture((nowMs, capturedMs) => {
        drawPicture(nowMs);
        onFrame(nowMs, capturedMs, false);
      });
    } else stopClock = followVideo();
  }

  function followVideo(): Stop {
    const shown = video.srcObject ?? video.src;
    return everyVideoFrame(video, (nowMs, capturedMs) => {
      // While another video is opened its first pictures are here already, and what is recorded is not of it.
      if ((video.srcObject ?? video.src) !== shown) return;
      // A camera that was turned has another shape from this picture on.
      surface.fit();
      onFrame(nowMs, capturedMs, false);
    });
  }

  function drawPicture(panMs: number | null): void {
    const context = picture.getContext("2d", { alpha: false });
    if (bitmap === null || context === null) return;
    const { width, height } = bitmap;
    const from = panMs === null ? { x: 0, y: 0, width, height } : panRect(width, height, panMs);
    // The screen cannot show the difference at this speed, and the better filters take the engine's processor.
    context.imageSmoothingQuality = panMs === null ? "high" : "low";
    // What is transparent shows white, as it does to the server's decoders.
    context.fillStyle = "white";
    context.fillRect(0, 0, picture.width, picture.height);
    context.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, picture.width, picture.height);
  }

  function dropVideo(): void {
    video.pause();
    video.srcObject = null;
    // The next one is silent again until somebody wants to hear it.
    video.muted = true;
    if (videoUrl !== null) {
      URL.revokeObjectURL(videoUrl);
      videoUrl = null;
      video.removeAttribute("src");
      video.load();
    }
  }

  function begin(next: SourceKind): void {
    frozen.value = false;
    kind.value = next;
    onChange("source");
    runClock();
    sayStill();
  }

  function showBitmap(next: ImageBitmap, what: SourceKind): void {
    bitmap?.close();
    bitmap = next;
    const size = fitInside(next.width, next.height, LONGEST_SIDE_PX);
    picture.width = size.width;
    picture.height = size.height;
    const panning = what.kind === "sample" && what.panning;
    surface.original = panning ? null : next;
    drawPicture(panning ? performance.now() : null);
    camera.stop();
    dropVideo();
    surface.show("picture");
    begin(what);
  }

  async function openSample(id: string): Promise<void> {
    const ticket = ++opening;
    const sample = SAMPLES.find((one) => one.id === id) ?? SAMPLES[0];
    try {
      const response = await fetch(sampleUrl(sample.id));
      if (!response.ok) throw new Error(`status ${response.status}`);
      const next = await createImageBitmap(await response.blob());
      if (ticket !== opening) return next.close();
      showBitmap(next, { kind: "sample", id: sample.id, name: sample.name, panning: !calm.matches });
    } catch {
      onProblem(`The photo “${sample.name}” could not be loaded. Choose another one.`);
    }
  }

  /** Opens what the first bytes say the file is: browsers guess its type from its name, and often not at all. */
  async function openFile(file: Blob, name: string): Promise<void> {
    const ticket = ++opening;
    let head: Uint8Array;
    try {
      head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    } catch {
      onProblem(`“${name}” cannot be read. Choose a photo or a video.`);
      return;
    }
    if (ticket !== opening) return;
    const found = fileKind(head);
    switch (found.kind) {
      case "picture":
        return await openPhoto(typed(file, found.format), name);
      case "video":
        return await openVideo(file, name);
      case "foreign":
        return onProblem(`“${name}” is ${found.name}, which cannot be opened here. ${found.advice}`);
      case "unknown":
        return file.type.startsWith("video/")
          ? await openVideo(file, name)
          : onProblem(`“${name}” is not a photo or a video that can be opened. Choose a ${READABLE} file.`);
      default:
        found satisfies never;
    }
  }

  async function openPhoto(file: Blob, name: string): Promise<void> {
    const ticket = ++opening;
    try {
      const [next, damaged] = await Promise.all([createImageBitmap(file), isDamaged(file)]);
      const animated = isAnimated(new Uint8Array(await file.arrayBuffer()));
      if (ticket !== opening) return next.close();
      if (damaged) {
        next.close();
        throw new Error("Cannot show the photo: the server takes it for damaged");
      }
      showBitmap(next, { kind: "photo", name, animated });
      if (animated) onProblem(`“${name}” is an animation: its first picture is shown as a still.`);
    } catch {
      onProblem(
        `“${name}” is damaged, or not a photo that this browser can read. Choose another file, or convert it to JPEG.`,
      );
    }
  }

  async function openVideo(file: Blob, name: string): Promise<void> {
    const ticket = ++opening;
    const url = URL.createObjectURL(file);
    const playable = await isPlayable(url);
    if (ticket !== opening || !playable) {
      URL.revokeObjectURL(url);
      if (ticket !== opening) return;
      return onProblem(
        `“${name}” is not a video that this browser can play. Choose an MP4 or WebM file.`,
      );
    }
    camera.stop();
    dropVideo();
    videoUrl = url;
    video.loop = true;
    video.src = url;
    // It has just been played; where it must not play by itself, its first picture stands.
    await video.play().catch(() => {});
    if (ticket !== opening) return;
    surface.show("video");
    begin({ kind: "video", name });
  }

  async function openCamera(deviceId: string | null): Promise<void> {
    const ticket = ++opening;
    const wasCamera = kind.value.kind === "camera";
    const stream = await camera.start(deviceId);
    if (ticket !== opening) return;
    if (stream === null) {
      // The stream of the camera before is stopped by now; a stopped video would be a black stage.
      if (wasCamera) await openSample(SAMPLES[0].id);
      return;
    }
    dropVideo();
    video.srcObject = stream;
    await video.play().catch(() => {});
    if (ticket !== opening) return;
    surface.show("video");
    const { value } = camera.state;
    begin({ kind: "camera", name: value.phase === "on" && value.label !== "" ? value.label : "Camera" });
  }

  function setFrozen(next: boolean): void {
    if (next === frozen.value || kind.value.kind === "none") return;
    if (next && !surface.hold()) return;
    if (!next) surface.release();
    if (kind.value.kind === "video") {
      if (next) video.pause();
      else video.play().catch(() => {});
    }
    frozen.value = next;
    onChange("hold");
    runClock();
    sayStill();
  }

  video.addEventListener("seeked", () => {
    if (kind.value.kind !== "video" || !frozen.value) return;
    // The held picture is the one that was sought.
    surface.release();
    surface.hold();
    onChange("hold");
    sayStill();
  }, { signal: listeners.signal });
  document.addEventListener("visibilitychange", runClock, { signal: listeners.signal });
  video.addEventListener("resize", () => surface.fit(), { signal: listeners.signal });
  calm.addEventListener("change", () => {
    const { value } = kind;
    if (value.kind === "sample") void openSample(value.id);
  }, { signal: listeners.signal });

  return {
    kind,
    frozen,
    openSample(id) {
      camera.dismiss();
      return openSample(id);
    },
    openFile(file, name) {
      camera.dismiss();
      return openFile(file, name);
    },
    fallBack: () => openSample(SAMPLES[0].id),
    openCamera,
    closeCamera: () => void openSample(SAMPLES[0].id),
    setFrozen,
    seek(seconds) {
      if (kind.value.kind === "video") video.currentTime = seconds;
    },
    repeatStill: sayStill,
    isStill,
    dispose() {
      listeners.abort();
      stopClock?.();
      dropVideo();
      bitmap?.close();
    },
  };
}

/** The same bytes under the type that they have: some browsers decode by it. */
function typed(file: Blob, format: PictureFormat): Blob {
  return file.slice(0, file.size, `image/${format}`);
}
