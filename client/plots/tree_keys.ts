/** What keys do in a drawn tree. Pure. */
import { isSplit, type ShownNode } from "./shown_tree.ts";

/** What a key does. */
export type TreeKeyAct =
  | { readonly kind: "focus"; readonly index: number }
  | { readonly kind: "toggle"; readonly index: number }
  /** Moves the drawing by so many pixels. */
  | { readonly kind: "pan"; readonly x: number; readonly y: number }
  | { readonly kind: "zoom"; readonly factor: number }
  | { readonly kind: "fit" };

/** How far an arrow with Shift moves the drawing, in pixels, and how much a key zooms. */
const STEP = 80;
export const ZOOM_STEP = 1.25;

/** The parts of a key press that matter. */
export interface TreeKey {
  readonly key: string;
  readonly shift: boolean;
}

/**
 * Returns what a key does; null: nothing, and the key is for others; "stay": nothing lies in that direction.
 *
 * @param shown Every drawn node, as `listed()` returns them.
 * @param focused Place of the node that has the focus.
 */
export function actOfTreeKey(
  { key, shift }: TreeKey,
  shown: readonly ShownNode[],
  focused: number,
): TreeKeyAct | "stay" | null {
  const current = shown.find(({ index }) => index === focused) ?? shown[0];
  if (current === undefined) return null;
  const pan = shift ? PANS.get(key) : undefined;
  if (pan !== undefined) return { kind: "pan", ...pan };
  switch (key) {
    case "ArrowDown":
      if (current.hidden > 0) return { kind: "toggle", index: current.index };
      return focus(current.children[0]);
    case "ArrowUp":
      return focus(current.parent);
    case "ArrowLeft":
      return focus(beside(shown, current, -1));
    case "ArrowRight":
      return focus(beside(shown, current, 1));
    case "Home":
      return focus(shown[0]);
    case "Enter":
    case " ":
      return isSplit(current.node) ? { kind: "toggle", index: current.index } : "stay";
    case "+":
    case "=":
      return { kind: "zoom", factor: ZOOM_STEP };
    case "-":
      return { kind: "zoom", factor: 1 / ZOOM_STEP };
    case "0":
      return { kind: "fit" };
    default:
      return null;
  }
}

const PANS: ReadonlyMap<string, { readonly x: number; readonly y: number }> = new Map([
  ["ArrowLeft", { x: STEP, y: 0 }],
  ["ArrowRight", { x: -STEP, y: 0 }],
  ["ArrowUp", { x: 0, y: STEP }],
  ["ArrowDown", { x: 0, y: -STEP }],
]);

function focus(node: ShownNode | null | undefined): TreeKeyAct | "stay" {
  return node === null || node === undefined ? "stay" : { kind: "focus", index: node.index };
}

/** The node of the same depth on one side; `listed()` has them from left to right. */
function beside(shown: readonly ShownNode[], current: ShownNode, step: number): ShownNode | undefined {
  const level = shown.filter(({ depth }) => depth === current.depth);
  return level[level.indexOf(current) + step];
}
