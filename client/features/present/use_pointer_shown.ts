import { type ReadonlySignal, useSignal, useSignalEffect } from "@preact/signals";

/** How long the pointer stays visible after it moved, in ms. */
const POINTER_MS = 2_000;

/** Hides the pointer on the whole page while it rests; returns whether it is shown. */
export function usePointerShown(): ReadonlySignal<boolean> {
  const shown = useSignal(false);
  useSignalEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      shown.value = true;
      document.documentElement.dataset["pointer"] = "shown";
      clearTimeout(timer);
      timer = setTimeout(() => {
        shown.value = false;
        document.documentElement.dataset["pointer"] = "hidden";
      }, POINTER_MS);
    };
    moved();
    addEventListener("pointermove", moved);
    return () => {
      removeEventListener("pointermove", moved);
      clearTimeout(timer);
      delete document.documentElement.dataset["pointer"];
    };
  });
  return shown;
}
