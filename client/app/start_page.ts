/** Begins the page: what follows its signals, what listens to the browser, the connection and the first picture. */
import { effect, untracked } from "@preact/signals";
import { applyTheme } from "../view/theme.ts";
import { keyHandler } from "./keyboard.ts";
import type { Page } from "./page.ts";
import { pageLayers } from "./page_layers.ts";

/** Begins it once; `asked`: a class of its link in words, or null; `demo`: the tour runs unattended. */
export function startPage(page: Page, asked: string | null, demo: boolean): void {
  const { settings, live, view, names, layers } = page;
  effect(() => applyTheme(settings.value.theme));
  effect(() => {
    // Each time: a server that was started again may have another model.
    if (live.welcome.value === null) return;
    // A link with a name of several classes asks which one is meant, as long as none is locked.
    void names.load(() => view.locked.peek() === null ? asked : null);
  });
  effect(() => redraw(page));
  addEventListener(
    "keydown",
    keyHandler({
      actions: page.actions,
      shortcuts: () => settings.value.shortcuts,
      helpOpen: page.helpOpen,
      escape() {
        if (page.recorder.state.value.kind === "countdown") page.recorder.cancel();
        else layers.escape();
      },
    }),
  );
  addEventListener("popstate", () => layers.arrived());
  for (const layer of pageLayers(page)) layers.add(layer);
  layers.start();
  live.start();
  const fallBack = () => void page.source.fallBack();
  if (demo) import("./run_demo.ts").then(({ runDemo }) => runDemo(page), fallBack);
  else fallBack();
}

/** Colours are settings, and the floor of present mode changes what is drawn: every change of them is followed. */
function redraw({ settings, present, map, compare }: Page): void {
  void settings.value;
  void present.value;
  untracked(() => {
    map.redraw();
    compare.redraw();
  });
}
