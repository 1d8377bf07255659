import { useEffect, useRef } from "preact/hooks";
import type { Layer, Layers } from "./layers.ts";

/** Keeps a component among the open layers while it is there. */
export function useLayer(layers: Layers, layer: Layer): void {
  const newest = useRef(layer);
  newest.current = layer;
  useEffect(() =>
    layers.add({
      ...layer,
      isOpen: () => newest.current.isOpen(),
      close: () => newest.current.close(),
    }), [layers]);
}
