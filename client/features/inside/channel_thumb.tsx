import { useLayoutEffect, useRef } from "preact/hooks";
import { drawTile } from "./grid_picture.ts";

/** Properties of a thumbnail. */
export interface ChannelThumbProps {
  /** `[height, width]`, 0…255. */
  readonly tile: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** One channel as a small picture. */
export function ChannelThumb({ tile, width, height }: ChannelThumbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (context === null || tile.length === 0) return;
    if (context.canvas.width !== width) context.canvas.width = width;
    if (context.canvas.height !== height) context.canvas.height = height;
    const image = new ImageData(width, height);
    drawTile(tile, new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }, [tile, width, height]);
  return <canvas ref={canvas} class="network-thumb" aria-hidden="true" data-fine={width > FINE_CELLS} />;
}

/** Cells along a side from which a thumbnail is smoothed. */
const FINE_CELLS = 20;
