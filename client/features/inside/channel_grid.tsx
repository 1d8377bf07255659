import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CHANNELS_PER_PAGE, type Inside } from "../../../shared/inside.ts";
import { ChannelCells } from "./channel_cells.tsx";
import { ChannelPager } from "./channel_pager.tsx";
import { drawGrid, gridSize } from "./grid_picture.ts";
import type { InsideModel } from "./model.ts";

/** Cells along a channel's side beyond which it is shown smaller than it is, and smoothly. */
const FINE_CELLS = 20;

/** A page of the layer's channels, 16 in a row: one picture, with a cell to choose over each channel. */
export function ChannelGrid({ model }: { readonly model: InsideModel }) {
  const inside = model.inside.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  useGridPicture(canvas, inside);

  const layer = model.network.value?.layers.find(({ name }) => name === model.layer.value);
  const channels = layer?.shape.at(-1) ?? 0;
  const page = model.pageNumber.value;
  const first = (page - 1) * CHANNELS_PER_PAGE;
  const shown = Math.min(CHANNELS_PER_PAGE, channels - first);
  const turn = (next: number) => model.pageNumber.value = next;
  return (
    <div class="channels">
      <ChannelPager
        first={first}
        last={first + shown - 1}
        channels={channels}
        page={page}
        pages={Math.max(1, Math.ceil(channels / CHANNELS_PER_PAGE))}
        onTurn={turn}
      />
      <div class="grid-host" data-waiting={inside === null} data-fine={(layer?.shape[1] ?? 0) > FINE_CELLS}>
        <canvas ref={canvas} class="grid-picture" aria-hidden="true" data-testid="channel-grid" />
        <ChannelCells
          layer={layer?.name ?? "the layer"}
          channels={channels}
          first={first}
          shown={shown}
          selected={model.enlargedChannel}
          onToggle={(channel) => model.toggleChannel(channel)}
          onPage={turn}
        />
      </div>
    </div>
  );
}

/** Draws an answer's channels into a canvas; what was drawn stays until the next answer. */
function useGridPicture(canvas: RefObject<HTMLCanvasElement>, inside: Inside | null): void {
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
}
