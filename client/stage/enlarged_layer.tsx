/** The enlarged channel's canvas and its words. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Page } from "../app/page.ts";
import { MapCanvas } from "../map/map_canvas.ts";

/** Lies over the square in place of the heatmap; nothing where no channel is enlarged. */
export function EnlargedLayer({ page }: { readonly page: Page }) {
  const enlarged = page.enlarged.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<MapCanvas | null>(null);
  const { colormap, opacity } = page.settings.value;
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
      style={{ opacity: page.mapHidden.value ? 0 : opacity }}
      role="img"
      aria-label={`Channel ${enlarged.channel} of ${enlarged.layer} over the picture`}
      data-testid="enlarged"
    />
  );
}
