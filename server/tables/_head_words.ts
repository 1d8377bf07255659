/** A sentence on what was fitted. */
import type { Tree } from "../../shared/head_model.ts";
import type { RunnableHead } from "../heads/mod.ts";
import { counted, grouped, percent } from "./_words.ts";

/** The sentence of a head that was fitted to `rows` rows of `all`. */
export function headWords(head: RunnableHead, rows: number, all: number): string {
  switch (head.kind) {
    case "linear":
      return `Logistic regression on ${counted(head.width, "standardised feature")}.`;
    case "pca-linear": {
      const kept = head.explained.reduce((sum, share) => sum + share, 0);
      const { length } = head.components;
      return `${head.width} → ${counted(length, "dimension")}, ${percent(kept, 2)} of the variance kept.`;
    }
    case "tree": {
      const leaves = head.tree.nodes.filter(({ feature }) => feature < 0).length;
      const levels = counted(depthOf(head.tree), "question");
      return `${counted(head.tree.nodes.length, "node")}, ${
        counted(leaves, "leaf").replace("leafs", "leaves")
      }; at most ${levels} to a leaf.`;
    }
    case "forest": {
      const nodes = head.sizes.reduce((sum, [own]) => sum + own, 0) / head.sizes.length;
      const bag = head.outOfBag === undefined
        ? ""
        : ` By the trees that did not see them, ${
          percent(head.outOfBag)
        } of the rows are named correctly (out of bag).`;
      const sample = rows < all ? ` Fitted to ${counted(rows, "row")}, a sample of ${grouped(all)}.` : "";
      return `${counted(head.sizes.length, "tree")} of ${Math.round(nodes)} nodes on average.${sample}${bag}`;
    }
    case "nearest": {
      const sample = rows < all ? `, a sample of ${grouped(all)},` : "";
      return `The ${head.k} most alike of ${counted(rows, "row")}${sample} have a vote each.`;
    }
    default: {
      const never: never = head;
      throw new TypeError(`Cannot say what was fitted: the head's kind ${never} is unknown`);
    }
  }
}

/** Questions on the longest way from the root to a leaf. */
function depthOf({ nodes }: Tree): number {
  const depths = new Int32Array(nodes.length);
  let deepest = 0;
  nodes.forEach(({ left, right }, place) => {
    const own = depths[place] ?? 0;
    deepest = Math.max(deepest, own);
    if (left >= 0) depths[left] = own + 1;
    if (right >= 0) depths[right] = own + 1;
  });
  return deepest;
}
