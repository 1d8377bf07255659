/** The enlarged channel's canvas and its words. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Page } from "../page.ts";
import type { EnlargedMap } from "./enlarged.ts";
import { OVERLAY_SIDE_PX } from "./overlay.ts";
import { Shader, type Shading } from "./shade.ts";

/** Lies over the square in place of the heatmap; nothing where no channel is enlarged. */
export function EnlargedLayer({ page }: { readonly page: Page }) {
  const enlarged = page.enlarged.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = useMemo(createDraw, []);
  const { colormap, opacity } = page.settings.value;
  const map = enlarged?.map ?? null;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (context === null || map === null) return;
    draw(context, map, map.signed ? "diverging" : colormap);
  }, [map, colormap]);
  if (enlarged === null) return null;
  return (
    <canvas
      ref={canvas}
      class="overlay enlarged"
      width={OVERLAY_SIDE_PX}
      height={OVERLAY_SIDE_PX}
      style={{ opacity: page.mapHidden.value ? 0 : opacity }}
      role="img"
      aria-label={`Channel ${enlarged.channel} of ${enlarged.layer} over the picture`}
      data-testid="enlarged"
    />
  );
}

/** Draws with buffers that are made once. */
function createDraw() {
  const image = new ImageData(OVERLAY_SIDE_PX, OVERLAY_SIDE_PX);
  const pixels = new Uint32Array(image.data.buffer);
  const shader = new Shader(OVERLAY_SIDE_PX);
  return (context: CanvasRenderingContext2D, map: EnlargedMap, colormap: Shading["colormap"]) => {
    context.clearRect(0, 0, OVERLAY_SIDE_PX, OVERLAY_SIDE_PX);
    if (map.scale === null) return;
    const { signed } = map;
    shader.shade(map, null, { colormap, signed, floor: 0, scale: map.scale.logits }, pixels);
    context.putImageData(image, 0, 0);
  };
}
