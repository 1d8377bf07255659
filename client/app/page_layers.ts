/** What the page itself can have open; components add what is theirs. */
import type { Page } from "./page.ts";
import type { Layer } from "../ui/layers.ts";

/** Every view and dialog whose state is the page's. */
export function pageLayers(page: Page): readonly Layer[] {
  const { compare, present, drawer, helpOpen, recorder, tour, stage: { enlarged, wipe } } = page;
  const view = { escape: "page", back: true } as const;
  return [
    {
      ...view,
      isOpen: () => compare.open.value && !present.value,
      close: () => compare.toggle(),
      // A comparison is worked in for a while: a key pressed once too often must not end it.
      escape: "nobody",
    },
    { ...view, isOpen: () => drawer.value !== null && !present.value, close: () => drawer.value = null },
    { ...view, isOpen: () => present.value, close: () => present.value = false },
    { ...view, isOpen: () => enlarged.value !== null, close: () => enlarged.value = null },
    {
      ...view,
      isOpen: () => compare.open.value && compare.enlarged.value !== null,
      close: () => compare.enlarged.value = null,
    },
    { ...view, isOpen: () => wipe.value < 1, close: () => wipe.value = 1, back: false },
    { ...view, isOpen: () => tour.running.value !== null, close: () => tour.leave() },
    { ...view, isOpen: () => helpOpen.value, close: () => helpOpen.value = false, escape: "browser" },
    {
      ...view,
      isOpen: () => recorder.state.value.kind === "preview",
      close() {
        const state = recorder.state.peek();
        if (state.kind !== "preview" || state.keeping || recorder.trimming.peek() !== null) return;
        recorder.discard();
      },
      escape: "browser",
    },
  ];
}
