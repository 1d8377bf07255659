import { useSignal } from "@preact/signals";
import { ChevronLeft, ChevronRight } from "lucide-preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { CHANNELS_PER_PAGE, CHANNELS_PER_ROW } from "../../../shared/inside.ts";
import type { Page } from "../../app/page.ts";
import { drawGrid, gridSize } from "./grid_picture.ts";
import type { InsideModel } from "./model.ts";

/** Cells along a channel's side beyond which it is shown smaller than it is, and smoothly. */
const FINE_CELLS = 20;

/** Properties of the parts of the drawer. */
export interface InsideProps {
  readonly page: Page;
  readonly model: InsideModel;
}

/** A page of the layer's channels, 16 in a row: one picture, with a cell to choose over each channel. */
export function ChannelGrid({ page, model }: InsideProps) {
  const inside = model.inside.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const focused = useSignal(0);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (context === null || inside === null) return;
    const { width, height } = gridSize(inside);
    if (context.canvas.width !== width) context.canvas.width = width;
    if (context.canvas.height !== height) context.canvas.height = height;
    const image = new ImageData(width, height);
    drawGrid(inside, new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }, [inside]);

  const layer = model.network.value?.layers.find(({ name }) => name === model.layer.value);
  const channels = layer?.shape.at(-1) ?? 0;
  const pages = Math.max(1, Math.ceil(channels / CHANNELS_PER_PAGE));
  const first = (model.pageNumber.value - 1) * CHANNELS_PER_PAGE;
  const shown = Math.min(CHANNELS_PER_PAGE, channels - first);
  const current = Math.min(Math.max(focused.value, first), first + shown - 1);
  const enlarged = page.enlarged.value?.layer === layer?.name ? page.enlarged.value?.channel : undefined;

  function focus(channel: number): void {
    if (channel < 0 || channel >= channels) return;
    focused.value = channel;
    model.pageNumber.value = Math.floor(channel / CHANNELS_PER_PAGE) + 1;
    // The cells of another page are there after the next drawing.
    requestAnimationFrame(() =>
      host.current?.querySelector<HTMLElement>(`[data-channel='${channel}']`)?.focus({ preventScroll: false })
    );
  }

  function onKeyDown(event: KeyboardEvent): void {
    const rowStart = current - current % CHANNELS_PER_ROW;
    const acts = new Map<string, () => void>([
      ["ArrowRight", () => focus(current + 1)],
      ["ArrowLeft", () => focus(current - 1)],
      ["ArrowDown", () => focus(current + CHANNELS_PER_ROW)],
      ["ArrowUp", () => focus(current - CHANNELS_PER_ROW)],
      ["Home", () => focus(event.ctrlKey ? first : rowStart)],
      ["End", () => focus(event.ctrlKey ? first + shown - 1 : Math.min(rowStart + 15, first + shown - 1))],
      ["PageDown", () => focus(Math.min(current + CHANNELS_PER_PAGE, channels - 1))],
      ["PageUp", () => focus(Math.max(current - CHANNELS_PER_PAGE, 0))],
      ["Enter", () => model.toggleChannel(current)],
      [" ", () => model.toggleChannel(current)],
    ]);
    const act = acts.get(event.key);
    if (act === undefined || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  const cells = useMemo(
    () =>
      rowsOf(first, shown).map((row, at) => (
        <div key={at} role="row" class="cells" aria-rowindex={first / CHANNELS_PER_ROW + at + 1}>
          {row.map((channel) => (
            <div
              key={channel}
              role="gridcell"
              class="cell"
              data-channel={channel}
              aria-label={`Channel ${channel}`}
              aria-selected={channel === enlarged}
              title={`Channel ${channel}`}
              tabIndex={channel === current ? 0 : -1}
              onClick={() => {
                focused.value = channel;
                model.toggleChannel(channel);
              }}
            />
          ))}
        </div>
      )),
    [first, shown, current, enlarged],
  );

  const last = first + shown - 1;
  return (
    <div class="channels">
      <div class="pager">
        <span class="number" role="status" data-testid="channel-range">
          Channels {first}–{last} of {channels}
        </span>
        {pages > 1 && (
          <span class="pager-buttons">
            <button
              type="button"
              class="icon-button"
              aria-label="Previous channels"
              disabled={model.pageNumber.value <= 1}
              onClick={() => model.pageNumber.value--}
            >
              <ChevronLeft aria-hidden="true" />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label="Next channels"
              disabled={model.pageNumber.value >= pages}
              onClick={() => model.pageNumber.value++}
            >
              <ChevronRight aria-hidden="true" />
            </button>
          </span>
        )}
      </div>
      <div class="grid-host" data-waiting={inside === null} data-fine={(layer?.shape[1] ?? 0) > FINE_CELLS}>
        <canvas ref={canvas} class="grid-picture" aria-hidden="true" data-testid="channel-grid" />
        <div
          ref={host}
          class="grid-cells"
          role="grid"
          aria-label={`Channels of ${layer?.name ?? "the layer"}`}
          aria-rowcount={Math.ceil(channels / CHANNELS_PER_ROW)}
          aria-colcount={CHANNELS_PER_ROW}
          onKeyDown={onKeyDown}
          onFocusIn={({ target }) => {
            // Screen readers move the focus by themselves.
            const channel = target instanceof HTMLElement ? target.dataset["channel"] : undefined;
            if (channel !== undefined) focused.value = Number(channel);
          }}
        >
          {cells}
        </div>
      </div>
    </div>
  );
}

/** Channels in rows of 16. */
function rowsOf(first: number, shown: number): number[][] {
  return Array.from(
    { length: Math.ceil(shown / CHANNELS_PER_ROW) },
    (_, row) =>
      Array.from(
        { length: Math.min(CHANNELS_PER_ROW, shown - row * CHANNELS_PER_ROW) },
        (_, column) => first + row * CHANNELS_PER_ROW + column,
      ),
  );
}
