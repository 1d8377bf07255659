import { useEffect } from "preact/hooks";
import { teachKey } from "./hold_keys.ts";
import type { TeachModel } from "./model.ts";

/** While the panel is open, digits and space collect, and z undoes, before the page's own keys. */
export function useTeachKeys(model: TeachModel): void {
  useEffect(() => {
    const listeners = new AbortController();
    const options = { signal: listeners.signal, capture: true };
    /** The key that is held down, so that another one does not end its class. */
    let down: string | null = null;

    function onKeyDown(event: KeyboardEvent): void {
      const { open } = model;
      if (open === null || document.querySelector("dialog[open], :popover-open") !== null) return;
      const { target } = event;
      const focused = target instanceof HTMLElement ? target : document.body;
      const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
      const meant = teachKey(
        {
          ...{ key, ctrlKey, altKey, metaKey, shiftKey },
          tagName: focused.tagName,
          type: focused.getAttribute("type"),
        },
        open.taught?.classes ?? [],
        open.chosen,
      );
      if (meant.kind === "none") return;
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return;
      if (meant.kind === "undo") return void model.edits.undo();
      down = key;
      model.hold(meant.classKey);
    }

    function onKeyUp({ key }: KeyboardEvent): void {
      if (key !== down) return;
      down = null;
      model.release();
    }

    const release = () => model.release();
    addEventListener("keydown", onKeyDown, options);
    addEventListener("keyup", onKeyUp, options);
    addEventListener("blur", release, options);
    document.addEventListener("visibilitychange", release, options);
    return () => listeners.abort();
  }, [model]);
}
