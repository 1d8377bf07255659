import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { PaneMap } from "./pane_map.ts";

/** Properties of a pane's square. */
export interface PaneSquareProps {
  readonly map: PaneMap;
  /** Whether the map lies over the picture. */
  readonly isMap: boolean;
  readonly mirrored: boolean;
  /** Opacity of the map, 0…1. */
  readonly opacity: number;
  /** The square is there, or has another size: its picture has to be drawn. */
  readonly onSized: () => void;
  readonly onClick: () => void;
}

/** A pane's copy of the picture with its map. */
export function PaneSquare({ map, isMap, mirrored, opacity, onSized, onClick }: PaneSquareProps) {
  const square = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    square.current?.replaceChildren(map.picture, ...(isMap ? [map.overlay.canvas] : []));
    onSized();
  }, [map, isMap]);
  useEffect(() => {
    if (square.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      map.resize((entry?.contentRect.width ?? 0) * devicePixelRatio);
      onSized();
    });
    observer.observe(square.current);
    return () => observer.disconnect();
  }, [map]);
  return (
    <div
      class="pane-square"
      ref={square}
      data-mirror={mirrored}
      style={{ "--map-opacity": opacity }}
      title="Click to enlarge"
      onClick={onClick}
    />
  );
}
