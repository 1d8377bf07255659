import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Layers } from "../../ui/layers.ts";
import { useLayer } from "../../ui/use_layer.ts";

/** Properties of the settings over a pane. */
export interface PanePopoverProps {
  readonly layers: Layers;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Settings over a pane; Escape, Back and a press anywhere else close them. */
export function PanePopover({ layers, onClose, children }: PanePopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  const toggleOf = () => box.current?.closest(".pane")?.querySelector<HTMLElement>("[aria-expanded]");
  const close = () => {
    const button = toggleOf();
    onClose();
    button?.focus();
  };
  useLayer(layers, { isOpen: () => true, close, escape: "page", back: true });
  useEffect(() => {
    box.current?.querySelector("select")?.focus();
    const onPress = ({ target }: PointerEvent) => {
      const isInside = [box.current, toggleOf()].some((one) => one?.contains(target as Node) === true);
      if (!isInside) onClose();
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, []);
  return <div class="pane-popover" ref={box}>{children}</div>;
}
