/** Heads from files and from elsewhere: what the schema cannot say is checked here. */
import * as v from "valibot";
import { GradcastError } from "../../shared/errors.ts";
import { type HeadModel, HeadModelSchema, type Tree } from "../../shared/head_model.ts";
import { misfitOf } from "../../shared/misfit.ts";

/**
 * Reads a head from what a file of JSON holds.
 *
 * @throws GradcastError `head-refused` where it is none, or where its lists do not fit each other
 */
export function parseHead(json: unknown): HeadModel {
  const read = v.safeParse(HeadModelSchema, json, { abortEarly: true });
  if (!read.success) throw refused(misfitOf(read.issues[0], "it"));
  const head = read.output;
  checkLists(head);
  return head;
}

function checkLists(head: HeadModel): void {
  const { width, classes, features } = head;
  if (features.length !== 0) expectLength("features", features, width);
  switch (head.kind) {
    case "linear":
      expectScale(head, width);
      return expectMatrix("weights", head, { rows: classes.length, columns: width });
    case "pca-linear": {
      const { components, explained } = head;
      expectScale(head, width);
      expectLength("explained", explained, components.length);
      for (const component of components) expectLength("components", component, width);
      return expectMatrix("weights", head, { rows: classes.length, columns: components.length });
    }
    case "tree":
      expectLength("importances", head.importances, width);
      return checkTree(head.tree, head);
    case "forest":
      expectLength("importances", head.importances, width);
      expectLength("deviations", head.deviations, width);
      for (const tree of head.trees) checkTree(tree, head);
      return;
    case "nearest": {
      const { labels, ids, rows, scale } = head;
      if (scale !== null) expectScale(scale, width);
      if (ids !== undefined) expectLength("ids", ids, labels.length);
      const strange = labels.find((label) => label >= classes.length);
      if (strange !== undefined) throw refused(`expected labels below ${classes.length}, got ${strange}`);
      const chars = 4 * Math.ceil((labels.length * width * 4) / 3);
      if (rows.length !== chars) {
        throw refused(`expected ${chars} characters of base64 in rows, got ${rows.length}`);
      }
      return;
    }
    default: {
      const never: never = head;
      throw new TypeError(`Cannot check a head: its kind ${never} is unknown`);
    }
  }
}

function expectScale(
  { mean, deviation }: { readonly mean: readonly number[]; readonly deviation: readonly number[] },
  width: number,
): void {
  expectLength("mean", mean, width);
  expectLength("deviation", deviation, width);
}

function expectMatrix(
  name: string,
  { weights, bias }: { readonly weights: readonly (readonly number[])[]; readonly bias: readonly number[] },
  { rows, columns }: { readonly rows: number; readonly columns: number },
): void {
  expectLength(name, weights, rows);
  expectLength("bias", bias, rows);
  for (const row of weights) expectLength(name, row, columns);
}

/** Every node but the root is the child of exactly one before it, so that every row comes to a leaf. */
function checkTree({ nodes }: Tree, { width, classes }: Pick<HeadModel, "width" | "classes">): void {
  const seen = new Uint8Array(nodes.length);
  nodes.forEach(({ feature, left, right, counts }, place) => {
    expectLength("counts", counts, classes.length);
    if (counts.every((count) => count === 0)) throw refused(`node ${place} has no rows`);
    if (feature >= width) throw refused(`expected features below ${width}, got ${feature} in node ${place}`);
    const children = feature < 0 ? [] : [left, right];
    if (feature < 0 && (left !== -1 || right !== -1)) throw refused(`leaf ${place} has children`);
    for (const child of children) {
      if (child <= place || child >= nodes.length || seen[child] === 1) {
        throw refused(`node ${place} has ${child} as a child, which no later node of its own is`);
      }
      seen[child] = 1;
    }
  });
  if (seen.subarray(1).includes(0)) throw refused("a node of a tree is nobody's child");
}

function expectLength(name: string, list: readonly unknown[], length: number): void {
  if (list.length !== length) throw refused(`expected ${length} entries in ${name}, got ${list.length}`);
}

function refused(reason: string): GradcastError {
  return new GradcastError("head-refused", `Cannot read the head: ${reason}`);
}
