/** A tree of seven nodes over two features and two classes, for tests of drawings. */
import type { Tree, TreeNode } from "../../../shared/head_model.ts";

/** An inner node. */
function split(feature: number, threshold: number, left: number, right: number, counts: number[]): TreeNode {
  return { feature, threshold, left, right, counts, impurity: 0.4 };
}

/** A node where paths end. */
function leaf(counts: number[]): TreeNode {
  return { feature: -1, threshold: 0, left: -1, right: -1, counts, impurity: 0 };
}

/** Two questions on the left, one on the right below the first one. */
export const SMALL_TREE: Tree = {
  nodes: [
    split(0, 880.8, 1, 4, [212, 357]),
    split(1, 0.1423, 2, 3, [28, 350]),
    leaf([2, 340]),
    leaf([26, 10]),
    split(1, 0.2, 5, 6, [184, 7]),
    leaf([4, 7]),
    leaf([180, 0]),
  ],
};

/** Names of its classes and features. */
export const SMALL_CLASSES = ["malignant", "benign"];
export const SMALL_FEATURES = ["worst area", "worst concave points"];
