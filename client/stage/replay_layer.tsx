/** What lies over a clip's video: the same that a film has in its pictures. */
import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ColormapName } from "../../shared/colormaps.ts";
import type { Sidecar } from "../../shared/sidecar.ts";
import { Composer, type Layer } from "./composer.ts";
import { filmCaption } from "./film_caption.ts";
import { dimmed } from "../map/dimming.ts";
import { knownWeights, type Shading } from "../map/shade.ts";
import { Replay, type ReplayMoment } from "./replay.ts";

/** How the maps of a clip are drawn. */
export interface ReplayLook {
  readonly colormap: ColormapName;
  readonly opacity: number;
  /** Share of the scale below which nothing is drawn, 0…1. */
  readonly floor: number;
}

/** Properties of the layer. */
export interface ReplayLayerProps {
  readonly video: RefObject<HTMLVideoElement>;
  readonly sidecar: Sidecar;
  readonly look: Signal<ReplayLook>;
  /** Receives what the network said at the time that is shown. */
  readonly words: Signal<string>;
  /** Whether anything is drawn: not where it is in the pictures already. */
  readonly shown: boolean;
  readonly caption: boolean;
}

/** Draws over the whole video, picture by picture. */
export function ReplayLayer({ video, sidecar, look, words, shown, caption }: ReplayLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const replay = useMemo(() => new Replay(sidecar), [sidecar]);
  useEffect(() => {
    const element = video.current;
    const context = canvas.current?.getContext("2d") ?? null;
    if (context === null || element === null) return;
    const composer = new Composer(context);
    const draw = (seconds: number) => {
      const moment = replay.at(seconds);
      const { headline, view } = moment;
      words.value = headline;
      if (!shown || view === null) return;
      const [width, height] = view.picture;
      const layer = layerOf(moment, look.peek(), caption ? (moment.view?.model ?? sidecar.model).name : null);
      composer.composeOver({ width, height }, { mirrored: view.mirrored, aspect: view.aspect ?? 1 }, layer);
    };
    const stopFrames = everyShownFrame(element, draw);
    const stopLook = look.subscribe(() => draw(element.currentTime));
    return () => {
      stopFrames();
      stopLook();
    };
  }, [replay]);
  return (
    <canvas
      ref={canvas}
      class="replay-map"
      data-testid="replay-map"
      width={sidecar.width}
      height={sidecar.height}
      aria-hidden="true"
      hidden={!shown}
    />
  );
}

/** What lies over a picture of the clip; `modelName` is null where no caption is wanted. */
function layerOf(moment: ReplayMoment, look: ReplayLook, modelName: string | null): Layer | null {
  const { map, headline, target, view } = moment;
  if (map === null || view === null) return null;
  const shading = shadingOf(moment, look);
  const caption = modelName === null ? null : filmCaption({
    ...{ headline, target, modelName, methodName: view.name, unit: view.unit, network: view.network },
    shading,
    opacity: look.opacity,
  });
  return {
    map: { ...map, rgb: null },
    weights: knownWeights(map),
    shading,
    opacity: dimmed(look.opacity, moment.dimmed),
    network: view.network,
    cover: view.cover ?? null,
    caption,
  };
}

function shadingOf({ view, scale }: ReplayMoment, { colormap, floor }: ReplayLook): Shading | null {
  if (view === null || scale === null) return null;
  const { signed } = view;
  return { colormap: signed ? "diverging" : colormap, signed, range: scale, floor };
}

/** Calls `onFrame` with the time of every picture that the video shows, in s, until the returned function is called. */
function everyShownFrame(video: HTMLVideoElement, onFrame: (seconds: number) => void): () => void {
  if (!("requestVideoFrameCallback" in video)) {
    // Firefox before 132: the time of the player is near enough there.
    const listeners = new AbortController();
    const now = () => onFrame((video as HTMLVideoElement).currentTime);
    for (const kind of ["timeupdate", "seeked", "loadeddata"]) {
      (video as HTMLVideoElement).addEventListener(kind, now, { signal: listeners.signal });
    }
    return () => listeners.abort();
  }
  let handle = 0;
  const step: VideoFrameRequestCallback = (_nowMs, { mediaTime }) => {
    handle = video.requestVideoFrameCallback(step);
    // A time of the file lies a rounding below the sidecar's.
    onFrame(mediaTime + ROUNDING_S);
  };
  handle = video.requestVideoFrameCallback(step);
  return () => video.cancelVideoFrameCallback(handle);
}

/** Largest rounding of a picture's time in a file: half of WebM's millisecond. */
const ROUNDING_S = 0.001;
