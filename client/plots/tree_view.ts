/** What of a drawn tree is seen: open boxes, the box with the focus, and the part that the window shows. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Tree } from "../../shared/head_model.ts";
import * as shown from "./shown_tree.ts";
import { actOfTreeKey, type TreeKey, type TreeKeyAct } from "./tree_keys.ts";
import { BOX, layOut, type TreeBox, type TreeLayout } from "./tree_layout.ts";
import type { TreeNames } from "./tree_words.ts";
import * as viewport from "./viewport.ts";

/** Boxes that are drawn at first, by the window's width in pixels: as many as are read without moving much. */
const FIRST: readonly { readonly from: number; readonly boxes: number }[] = [
  { from: 1_000, boxes: 15 },
  { from: 600, boxes: 11 },
  { from: 0, boxes: 7 },
];

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

  constructor(tree: Tree, names: TreeNames) {
    this.#tree = tree;
    this.#open = signal(shown.openUpTo(tree, firstBoxes(Infinity)));
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

  /** The window's size; with the first one, as many boxes are opened as it has room for. */
  resize(window: viewport.Size): void {
    const first = this.#window === null;
    this.#window = window;
    if (window.width === 0 || window.height === 0) return;
    if (!first) return this.pan({ x: 0, y: 0 });
    this.#open.value = shown.openUpTo(this.#tree, firstBoxes(window.width));
    this.light([...this.lit.value]);
    this.viewport.value = viewport.firstView(this.layout.value, window, areaOf(this.#box(0)));
  }

  /** Lights the path of a row, given from the root down, and shows all of it. */
  light(path: readonly number[]): void {
    this.lit.value = new Set(path);
    this.#change(shown.withPath(this.#open.value, path), path[0] ?? 0);
  }

  toggle(index: number): void {
    const box = this.#box(index);
    if (box === undefined || !shown.isSplit(box.shown.node)) return;
    this.#change(shown.toggled(this.#open.value, index), index);
  }

  openAll(): void {
    this.#change(shown.openAll(this.#tree), this.focused.value);
    this.fit();
  }

  /** Back to what is open at first. */
  closeMost(): void {
    const most = firstBoxes(this.#window?.width ?? Infinity);
    this.#change(shown.withPath(shown.openUpTo(this.#tree, most), [...this.lit.value]), 0);
    this.fit();
  }

  fit(): void {
    if (this.#window !== null) this.viewport.value = viewport.fitted(this.layout.value, this.#window);
  }

  pan(by: viewport.Point): void {
    if (this.#window === null) return;
    this.viewport.value = viewport.panned(this.viewport.value, by, this.layout.value, this.#window);
  }

  /** Zooms around a point of the window, by default around its middle; returns whether that changed anything. */
  zoom(factor: number, at?: viewport.Point): boolean {
    if (this.#window === null || !viewport.canZoom(this.viewport.value, factor)) return false;
    const { width, height } = this.#window;
    const around = at ?? { x: width / 2, y: height / 2 };
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

function firstBoxes(width: number): number {
  return FIRST.find(({ from }) => width >= from)?.boxes ?? 1;
}

const EMPTY: shown.ShownNode = {
  ...{ index: 0, depth: 0, parent: null, side: null, children: [], hidden: 0 },
  node: { feature: -1, threshold: 0, left: -1, right: -1, counts: [], impurity: 0 },
};

function areaOf(box: TreeBox | undefined): viewport.Area {
  return { x: box?.x ?? 0, y: box?.y ?? 0, width: BOX.width, height: BOX.height };
}
