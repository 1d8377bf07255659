import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Layers } from "./layers.ts";
import { useLayer } from "./use_layer.ts";

/** Distance of a menu from its button and from the window's edges, in pixels. */
const GAP_PX = 8;

/** Properties of a button with a menu. */
export interface MenuButtonProps {
  readonly layers: Layers;
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly icon: ComponentChildren;
  readonly class: string;
  readonly testid: string;
  readonly children: ComponentChildren;
}

/** A button that opens a menu beside itself; a click elsewhere or Escape closes it. */
export function MenuButton({ layers, id, label, icon, class: extra, testid, children }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  useLayer(layers, {
    isOpen: () => open.value,
    close: () => menu.current?.hidePopover(),
    escape: "browser",
    back: true,
  });

  /** Above the button or below it, where there is more room, and inside the window. */
  function place(): void {
    const [from, box] = [button.current?.getBoundingClientRect(), menu.current];
    if (from === undefined || box?.matches(":popover-open") !== true) return;
    const left = Math.min(from.left, innerWidth - box.offsetWidth - GAP_PX);
    box.style.left = `${Math.max(GAP_PX, left)}px`;
    const above = from.top > innerHeight / 2;
    box.style.bottom = above ? `${innerHeight - from.top + GAP_PX}px` : "auto";
    box.style.top = above ? "auto" : `${from.bottom + GAP_PX}px`;
  }

  useEffect(() => {
    const listeners = new AbortController();
    addEventListener("resize", place, { signal: listeners.signal });
    return () => listeners.abort();
  }, []);

  return (
    <>
      <button
        type="button"
        class={extra}
        ref={button}
        popovertarget={id}
        aria-label={label}
        title={label}
        data-testid={testid}
      >
        {icon}
      </button>
      <div
        id={id}
        class="menu"
        popover="auto"
        ref={menu}
        onBeforeToggle={({ newState }) => open.value = newState === "open"}
        onToggle={place}
      >
        {children}
      </div>
    </>
  );
}

/** Closes the menu that holds an element. */
export function closeMenu(element: Element): void {
  const menu = element.closest("[popover]");
  if (menu instanceof HTMLElement) menu.hidePopover();
}
