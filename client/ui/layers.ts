/** What lies open over the page, in the order of opening: Escape and the browser's Back close the last one first. */
import { effect, untracked } from "@preact/signals";
import { type Trail, type TrailEvent, walk } from "./trail.ts";

/** A view, dialog, menu or other thing that is open or not. */
export interface Layer {
  /** Whether it is open; reads signals. */
  readonly isOpen: () => boolean;
  readonly close: () => void;
  /** Who closes it on Escape: the page, the browser (dialogs and popovers), or nobody. */
  readonly escape: "page" | "browser" | "nobody";
  /** Whether Back closes it, too. */
  readonly back: boolean;
}

/** The part of the tab's history that is needed. */
export interface TabHistory {
  /** Depth of the step that the tab stands at: 0 where the page added none. */
  depth(): number;
  push(depth: number): void;
  go(by: number): void;
}

/** The open layers of a page. */
export class Layers {
  readonly #history: TabHistory;
  readonly #later: (run: () => void) => void;
  #open: Layer[] = [];
  #trail: Trail = { depth: 0, moving: false };
  #started = false;

  /** `later` runs something after what is closed now is gone from the page. */
  constructor(history: TabHistory, later: (run: () => void) => void) {
    this.#history = history;
    this.#later = later;
  }

  /** Watches a layer until the returned function is called. */
  add(layer: Layer): () => void {
    const stop = effect(() => {
      const isOpen = layer.isOpen();
      untracked(() => this.#note(layer, isOpen));
    });
    return () => {
      stop();
      this.#note(layer, false);
    };
  }

  /** Begins to keep the history in step; what is open by now gets its steps. */
  start(): void {
    this.#started = true;
    this.#trail = { depth: this.#history.depth(), moving: false };
    this.#level();
  }

  /** Closes what was opened last, unless the browser does so itself. */
  escape(): void {
    const top = this.#open.findLast(({ escape }) => escape !== "nobody");
    if (top?.escape === "page") top.close();
  }

  /** To be called when the tab has arrived at another step of its history. */
  arrived(): void {
    this.#follow({ kind: "arrived", depth: this.#history.depth(), open: this.#places().length });
  }

  #note(layer: Layer, isOpen: boolean): void {
    if (this.#open.includes(layer) === isOpen) return;
    this.#open = isOpen ? [...this.#open, layer] : this.#open.filter((one) => one !== layer);
    this.#level();
  }

  #places(): readonly Layer[] {
    return this.#open.filter(({ back }) => back);
  }

  #level(): void {
    if (!this.#started) return;
    this.#later(() => this.#follow({ kind: "changed", open: this.#places().length }));
  }

  #follow(event: TrailEvent): void {
    const { trail, effect } = walk(this.#trail, event);
    this.#trail = trail;
    switch (effect.kind) {
      case "none":
        return;
      case "push":
        for (const depth of effect.depths) this.#history.push(depth);
        return;
      case "go":
        return this.#history.go(effect.by);
      case "close":
        for (const layer of this.#places().slice(-effect.count).toReversed()) layer.close();
        return this.#level();
      default: {
        const _never: never = effect;
        return _never;
      }
    }
  }
}
