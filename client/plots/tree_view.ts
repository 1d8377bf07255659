/** What of a drawn tree is seen: open boxes, the box with the focus, and the part that the window shows. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Tree } from "../../shared/head_model.ts";
import * as shown from "./shown_tree.ts";
import { actOfTreeKey, type TreeKey, type TreeKeyAct } from "./tree_keys.ts";
import { BOX, layOut, type TreeBox, type TreeLayout } from "./tree_layout.ts";
import type { TreeNames } from "./tree_words.ts";
import * as viewport from "./viewport.ts";

/** Boxes that are drawn at first, beside those of a lit path: the most that the window shows whole and legible. */
const FIRST = [15, 11, 7, 5, 3] as const;

/** Below this scale the first view shows the root in legible letters rather than the whole. */
const LEAST_WHOLE = 0.4;

/** The state of a drawing; it knows no elements. */
export class TreeView {
  readonly layout: ReadonlySignal<TreeLayout>;
  /** Place of the node that has the focus, or would get it. */
  readonly focused: Signal<number> = signal(0);
  readonly viewport: Signal<viewport.Viewport> = signal({ x: 0, y: 0, scale: 1 });
  /** As SVG has it. */
  readonly transform: ReadonlySignal<string>;
  /** Places of the nodes that a row passes; empty: none. */
  readonly lit: Signal<ReadonlySet<number>> = signal(new Set<number>());
  readonly #tree: Tree;
  readonly #open: Signal<shown.OpenNodes>;
  #window: viewport.Size | null = null;
  /** Whether somebody moved, zoomed or opened anything: until then the drawing follows the window and the path. */
  #touched = false;

  constructor(tree: Tree, names: TreeNames) {
    this.#tree = tree;
    this.#open = signal(shown.openUpTo(tree, FIRST[0]));
    this.layout = computed(() => layOut(shown.shownTree(tree, this.#open.value), names));
    this.transform = computed(() => {
      const { x, y, scale } = this.viewport.value;
      return `translate(${x} ${y}) scale(${scale})`;
    });
  }

  /** How many of the tree's nodes are drawn, of how many. */
  get drawn(): { readonly boxes: number; readonly of: number } {
    return { boxes: this.layout.value.boxes.length, of: this.#tree.nodes.length };
  }

  /** The window's size; until somebody moves it, the drawing is fitted to it. */
  resize(window: viewport.Size): void {
    if (window.width === 0 || window.height === 0) return;
    this.#window = window;
    if (this.#touched) this.#pan({ x: 0, y: 0 });
    else this.#fitFirst();
  }

  /** Lights the path of a row, given from the root down, and shows all of it. */
  light(path: readonly number[]): void {
    this.lit.value = new Set(path);
    if (this.#touched || this.#window === null) {
      this.#change(shown.withPath(this.#open.value, path), path[0] ?? 0);
    } else this.#fitFirst();
  }

  toggle(index: number): void {
    const box = this.#box(index);
    if (box === undefined || !shown.isSplit(box.shown.node)) return;
    this.#touched = true;
    this.#change(shown.toggled(this.#open.value, index), index);
  }

  openAll(): void {
    this.#touched = true;
    this.#change(shown.openAll(this.#tree), this.focused.value);
    this.fit();
  }

  /** Back to what is open at first. */
  closeMost(): void {
    this.#touched = false;
    this.#fitFirst();
  }

  fit(): void {
    if (this.#window !== null) this.viewport.value = viewport.fitted(this.layout.value, this.#window);
  }

  pan(by: viewport.Point): void {
    this.#touched = true;
    this.#pan(by);
  }

  #pan(by: viewport.Point): void {
    if (this.#window === null) return;
    this.viewport.value = viewport.panned(this.viewport.value, by, this.layout.value, this.#window);
  }

  /** Zooms around a point of the window, by default around its middle; returns whether that changed anything. */
  zoom(factor: number, at?: viewport.Point): boolean {
    if (this.#window === null || !viewport.canZoom(this.viewport.value, factor)) return false;
    const { width, height } = this.#window;
    const around = at ?? { x: width / 2, y: height / 2 };
    this.#touched = true;
    this.viewport.value = viewport.zoomed(
      this.viewport.value,
      factor,
      around,
      this.layout.value,
      this.#window,
    );
    return true;
  }

  /** Gives a box the focus and scrolls to it. */
  focus(index: number): void {
    this.focused.value = index;
    const box = this.#box(index);
    if (box === undefined || this.#window === null) return;
    this.#touched = true;
    this.viewport.value = viewport.revealed(this.viewport.value, areaOf(box), this.#window);
  }

  /** Does what a key means; returns whether it means anything. */
  press(key: TreeKey): boolean {
    const nodes = this.layout.value.boxes.map((box) => box.shown);
    const act = actOfTreeKey(key, shown.listed(nodes[0] ?? EMPTY), this.focused.value);
    if (act === null) return false;
    if (act !== "stay") this.#act(act);
    return true;
  }

  #act(act: TreeKeyAct): void {
    switch (act.kind) {
      case "focus":
        return this.focus(act.index);
      case "toggle":
        return this.toggle(act.index);
      case "pan":
        return this.pan(act);
      case "zoom":
        this.zoom(act.factor);
        return;
      case "fit":
        return this.fit();
      default: {
        const _never: never = act;
        return _never;
      }
    }
  }

  /** Opens as many boxes as the window shows whole and legible, and the lit path; of a path that is too wide, the root. */
  #fitFirst(): void {
    if (this.#window === null) return;
    const window = this.#window;
    const path = [...this.lit.value];
    let view = this.viewport.value;
    for (const most of FIRST) {
      this.#open.value = shown.withPath(shown.openUpTo(this.#tree, most), path);
      view = viewport.fitted(this.layout.value, window);
      if (viewport.isLegible(view)) break;
    }
    this.viewport.value = view.scale >= LEAST_WHOLE
      ? view
      : viewport.firstView(this.layout.value, window, areaOf(this.#box(0)));
    if (this.#box(this.focused.value) === undefined) this.focused.value = 0;
  }

  /** Draws other boxes; the box `around` stays where it is. */
  #change(open: shown.OpenNodes, around: number): void {
    if (open === this.#open.value) return;
    const before = this.#box(around);
    this.#open.value = open;
    const after = this.#box(around);
    if (before !== undefined && after !== undefined) {
      this.viewport.value = viewport.anchored(this.viewport.value, before, after);
    }
    if (this.#box(this.focused.value) === undefined) this.focused.value = around;
  }

  #box(index: number): TreeBox | undefined {
    return this.layout.value.boxes.find((box) => box.shown.index === index);
  }
}

const EMPTY: shown.ShownNode = {
  ...{ index: 0, depth: 0, parent: null, side: null, children: [], hidden: 0 },
  node: { feature: -1, threshold: 0, left: -1, right: -1, counts: [], impurity: 0 },
};

function areaOf(box: TreeBox | undefined): viewport.Area {
  return { x: box?.x ?? 0, y: box?.y ?? 0, width: BOX.width, height: BOX.height };
}
