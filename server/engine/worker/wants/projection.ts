/** Rows with the features of the last layer weighted by the head: one map for each class. */
import { topClasses } from "../../../../shared/logits.ts";
import type { LoadedModel } from "../../port.ts";
import { whole } from "../input/variation_fault.ts";
import { project } from "../network/head.ts";
import type { RowValues, SharedWant } from "./want.ts";

/**
 * Σ_k W[k,c]·A_k for the frame's own `top` classes and the classes in `also`. Only for global average pooling followed
 * by one dense layer.
 */
export interface ProjectionWant {
  readonly kind: "projection";
  readonly top: number;
  readonly also: readonly number[];
}

export const projection: SharedWant<ProjectionWant, never> = {
  kind: "projection",
  pass: "shared",
  fault: (want, { model }) => projectionFault(want, model),
  plan: ({ top, also }) => ({
    kind: "forward",
    layers: [],
    nodes: ({ head }) => head === null ? [] : [head.layer],
    read: (values) => ({ projection: read(values, top, also), detail: null }),
  }),
  arrays: () => [],
  unsound: () => null,
};

function read(
  { kernels, form: { head }, logits, index, value }: RowValues,
  top: number,
  also: readonly number[],
) {
  if (head === null) return null;
  const classes = new Set([...topClasses(logits, top), ...also]);
  return project(kernels, head, value(head.layer), index, [...classes]);
}

function projectionFault(
  { top, also }: ProjectionWant,
  { projectionLayer, classes }: LoadedModel,
): string | null {
  if (projectionLayer === null) {
    return "a projection needs global average pooling followed by one dense layer";
  }
  if (!whole(top, 0, Infinity)) return `expected a top of 0 or more classes, got ${top}`;
  const stranger = also.find((index) => !whole(index, 0, classes - 1));
  return stranger === undefined ? null : `expected classes of 0 to ${classes - 1}, got ${stranger}`;
}
