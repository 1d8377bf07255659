/** The enlarged channel's canvas and its words. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ColormapName } from "../../shared/colormaps.ts";
import type { Enlarged } from "./enlarged.ts";
import { MapCanvas } from "../map/map_canvas.ts";

/** Properties of the layer. */
export interface EnlargedLayerProps {
  /** Null where no channel is enlarged. */
  readonly enlarged: Enlarged | null;
  readonly colormap: ColormapName;
  /** 0…1 */
  readonly opacity: number;
}

/** Lies over the square in place of the heatmap; nothing where no channel is enlarged. */
export function EnlargedLayer({ enlarged, colormap, opacity }: EnlargedLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<MapCanvas | null>(null);
  const map = enlarged?.map ?? null;
  useLayoutEffect(() => {
    if (canvas.current === null || map === null) return;
    // The element is another one each time a channel is enlarged.
    if (shown.current?.canvas !== canvas.current) shown.current = new MapCanvas(canvas.current);
    const { signed, scale } = map;
    if (scale === null) return shown.current.clear();
    const shading = {
      colormap: signed ? "diverging" : colormap,
      signed,
      floor: 0,
      range: scale,
    } as const;
    shown.current.draw(map, null, shading);
  }, [map, colormap]);
  if (enlarged === null) return null;
  return (
    <canvas
      ref={canvas}
      class="overlay enlarged"
      style={{ opacity }}
      role="img"
      aria-label={`Channel ${enlarged.channel} of ${enlarged.layer} over the picture`}
      data-testid="enlarged"
    />
  );
}
