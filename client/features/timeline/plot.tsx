/** The drawn timeline, and the slider that lies on it. */
import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { drawTimeline, type Theme } from "./draw_timeline.ts";
import type { TimelineModel } from "./model.ts";
import { placesIn, type PlotKind, xOf } from "./places.ts";
import { SPAN_MS } from "./ring.ts";
import { usePointing } from "./use_pointing.ts";
import { agoWords, saidWords } from "./words.ts";

/** Returns the theme that shows now. */
export function themeNow(): Theme {
  return getComputedStyle(document.documentElement).colorScheme === "light" ? "light" : "dark";
}

/** The drawing; it takes the size that the style sheet gives it. */
export function Plot({ model, kind }: { readonly model: TimelineModel; readonly kind: PlotKind }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  const pointing = usePointing(model);

  useEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    const watcher = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      size.value = { width, height };
    });
    watcher.observe(current);
    return () => watcher.disconnect();
  }, []);

  useEffect(() =>
    effect(() => {
      void model.drawn.value;
      const { width, height } = size.value;
      const context = canvas.current?.getContext("2d");
      if (context === null || context === undefined || width === 0) return;
      draw(context, model, { width, height, kind });
    }), [model, kind]);

  return (
    <div class="timeline-plot">
      <canvas ref={canvas} aria-hidden="true" data-testid="timeline-canvas" />
      <Slider model={model} pointing={pointing} />
    </div>
  );
}

/** Draws the timeline as large as the canvas is shown. */
function draw(
  context: CanvasRenderingContext2D,
  model: TimelineModel,
  { width, height, kind }: { readonly width: number; readonly height: number; readonly kind: PlotKind },
): void {
  const { canvas } = context;
  const scale = Math.min(2, devicePixelRatio);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const places = placesIn(kind, width, height);
  drawTimeline(context, model.drawing(width, places.thumbnails.height), places, themeNow());
}

/** What is pointed at, for mouse, finger, keys and screen readers, with its words above it. */
function Slider({ model, pointing }: {
  readonly model: TimelineModel;
  readonly pointing: ReturnType<typeof usePointing>;
}) {
  const moment = model.looked.value?.moment ?? model.held.value;
  const agoMs = moment === null ? 0 : Math.min(SPAN_MS, Math.max(0, model.nowMs - moment.atMs));
  const words = moment === null ? "now, live" : `${agoWords(agoMs)}: ${saidWords(moment)}`;
  return (
    <div
      {...pointing}
      class="timeline-slider"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the last two minutes"
      aria-orientation="horizontal"
      aria-valuemin={-SPAN_MS / 1_000}
      aria-valuemax={0}
      aria-valuenow={-Math.round(agoMs / 1_000)}
      aria-valuetext={words}
      data-testid="timeline-slider"
    >
      {model.looked.value?.pinned === false && moment !== null && (
        <span
          class="timeline-time"
          style={{ "--at": `${Math.min(100, Math.max(0, xOf(model.window, 100, moment.atMs)))}%` }}
        >
          {agoWords(agoMs)}
        </span>
      )}
    </div>
  );
}
