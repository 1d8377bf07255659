/** What is covered, over the picture: filled as the network sees it, with a fine outline. */
import { effect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { centrePart } from "../../shared/aspect.ts";
import { type Cover, coveredCells } from "../../shared/cover.ts";
import type { StreamObserver } from "../live/stream_observers.ts";
import { coverOutline } from "../map/cover_outline.ts";
import { type Colour, CoverPainter, followsPicture } from "../map/cover_painter.ts";
import type { Surface } from "../picture/surface.ts";

/** What the layer is drawn of. */
export interface CoverScene {
  readonly cover: ReadonlySignal<Cover | null>;
  readonly surface: Pick<Surface, "current">;
  /** Width over height of what the network sees; reads a signal. */
  readonly aspect: () => number;
  /** What grey looks like; reads a signal. */
  readonly grey: () => Colour;
  readonly observe: (observer: StreamObserver) => () => void;
}

/** The covered cells; they follow the picture where their fill does. */
export function CoverLayer({ scene }: { readonly scene: CoverScene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => canvas.current === null ? undefined : follow(scene, new CoverPainter(canvas.current)), [
    scene,
  ]);
  const cover = scene.cover.value;
  return (
    <div class="cover-layer" data-testid="cover-layer" aria-hidden="true">
      <canvas ref={canvas} />
      <svg viewBox="0 0 32 32" preserveAspectRatio="none">
        <path class="below" d={cover === null ? "" : coverOutline(coveredCells(cover))} />
        <path d={cover === null ? "" : coverOutline(coveredCells(cover))} />
      </svg>
    </div>
  );
}

/** Draws whenever there is something else to draw, at most once for each picture on screen. */
function follow({ cover, surface, aspect, grey, observe }: CoverScene, painter: CoverPainter): () => void {
  let due: number | null = null;
  function draw(): void {
    due = null;
    const { image, width, height } = surface.current();
    const picture = width === 0 || height === 0 ? null : { image, part: centrePart(width, height, aspect()) };
    painter.paint(cover.peek(), picture, grey());
  }
  const plan = () => due ??= requestAnimationFrame(draw);
  const planMoving = () => {
    const now = cover.peek();
    if (now !== null && followsPicture(now)) plan();
  };
  const stops = [
    effect(() => {
      void cover.value;
      void aspect();
      void grey();
      plan();
    }),
    observe({ afterCapture: planMoving, pictureChanged: planMoving }),
  ];
  return () => {
    for (const stop of stops) stop();
    if (due !== null) cancelAnimationFrame(due);
  };
}
