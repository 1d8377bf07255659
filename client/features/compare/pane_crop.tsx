import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Box } from "../../../shared/region.ts";
import { RegionBox } from "../../stage/region_box.tsx";
import type { PaneMap } from "./pane_map.ts";

/** Properties of what a pane shows of the picture. */
export interface PaneCropProps {
  readonly map: PaneMap;
  /** Width over height of what the pane's model sees. */
  readonly aspect: number;
  /** Whether the map lies over the picture. */
  readonly isMap: boolean;
  /** The box around the map's strongest region; null: none is drawn. */
  readonly box: Box | null;
  readonly mirrored: boolean;
  /** Opacity of the map, 0…1. */
  readonly opacity: number;
  /** It is there, or has another size: its picture has to be drawn. */
  readonly onSized: () => void;
  readonly onClick: () => void;
}

/** A pane's copy of what its model sees of the picture, with its map. */
export function PaneCrop({ map, aspect, isMap, box, mirrored, opacity, onSized, onClick }: PaneCropProps) {
  const crop = useRef<HTMLDivElement>(null);
  const canvases = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    canvases.current?.replaceChildren(map.picture, ...(isMap ? [map.overlay.canvas] : []));
    onSized();
  }, [map, isMap]);
  useEffect(() => {
    if (crop.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      map.resize({ width: width * devicePixelRatio, height: height * devicePixelRatio });
      onSized();
    });
    observer.observe(crop.current);
    return () => observer.disconnect();
  }, [map]);
  return (
    <div class="pane-room">
      <div
        class="pane-crop"
        ref={crop}
        data-mirror={mirrored}
        style={{ "--map-opacity": opacity, "--aspect": aspect }}
        title="Click to enlarge"
        onClick={onClick}
      >
        <div class="pane-canvases" ref={canvases} />
        <RegionBox box={box} />
      </div>
    </div>
  );
}
