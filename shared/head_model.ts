/** Heads: small models on a row of numbers, as plain data that files, wire and page share (docs/heads.md). */
import * as v from "valibot";

/** Every kind of head, in the order in which people see them. */
export const HEAD_KINDS = ["linear", "pca-linear", "tree", "forest", "nearest"] as const;
export type HeadKind = typeof HEAD_KINDS[number];

/** Their names for people. */
export const HEAD_NAMES = {
  linear: "Linear",
  "pca-linear": "PCA, then linear",
  tree: "Decision tree",
  forest: "Random forest",
  nearest: "Nearest neighbours",
} as const satisfies Record<HeadKind, string>;

/** Classes that a head tells apart at most; at least two. */
export const MAX_HEAD_CLASSES = 100;

/** Features of a row at most: VGG's last layer but one has 4,096. */
export const MAX_HEAD_FEATURES = 8_192;

/** Nodes of one tree at most. */
export const MAX_TREE_NODES = 200_000;

/** Trees of a forest at most. */
export const MAX_TREES = 500;

/** Rows that nearest neighbours are looked for in at most. */
export const MAX_NEAREST_ROWS = 10_000;

const Finite = v.pipe(v.number(), v.finite());
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Share = v.pipe(Finite, v.minValue(0), v.maxValue(1));
const Positive = v.pipe(Finite, v.check((value) => value > 0, "expected a number above 0"));
const Text = v.pipe(v.string(), v.maxLength(200));

const perFeature = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(MAX_HEAD_FEATURES), v.readonly());
const perClass = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.minLength(2), v.maxLength(MAX_HEAD_CLASSES), v.readonly());

const base = {
  /** Names of the classes, in the order of the probabilities. */
  classes: perClass(Text),
  /** Numbers in a row. */
  width: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_HEAD_FEATURES)),
  /** Names of the features, in the order of the row; empty where they have none but their number. */
  features: v.pipe(v.array(Text), v.maxLength(MAX_HEAD_FEATURES), v.readonly()),
  /** What chance was drawn from. */
  seed: Whole,
};

/** Mean and standard deviation of each feature, by which rows are standardised; a constant feature has deviation 1. */
const scale = { mean: perFeature(Finite), deviation: perFeature(Positive) };

const LinearSchema = v.object({
  kind: v.literal("linear"),
  ...base,
  ...scale,
  /** [classes][width], of standardised features; of two classes one has the other's with the sign turned. */
  weights: perClass(perFeature(Finite)),
  /** [classes]. */
  bias: perClass(Finite),
});

const PcaLinearSchema = v.object({
  kind: v.literal("pca-linear"),
  ...base,
  ...scale,
  /** [k][width]: directions of length 1 in standardised features, by falling variance. */
  components: perFeature(perFeature(Finite)),
  /** [k]: share of the variance that lies along each. */
  explained: perFeature(Share),
  /** [classes][k], of the k coordinates. */
  weights: perClass(perFeature(Finite)),
  /** [classes]. */
  bias: perClass(Finite),
});

const NodeSchema = v.object({
  /** The feature that is compared; −1: a leaf. */
  feature: v.pipe(v.number(), v.safeInteger(), v.minValue(-1), v.maxValue(MAX_HEAD_FEATURES - 1)),
  /** A row whose feature, as a 32-bit float, is at most this goes left; 0 in a leaf. */
  threshold: Finite,
  /** Places of the children in `nodes`, both behind the node's own; −1 in a leaf. */
  left: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
  right: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
  /** Rows of each class that came here while fitting; in a forest as often as they were drawn. */
  counts: perClass(Whole),
  /** Gini impurity, 0…1. */
  impurity: Share,
});

const TreeSchema = v.object({
  /** The root first, then its left part, then its right one. */
  nodes: v.pipe(v.array(NodeSchema), v.minLength(1), v.maxLength(MAX_TREE_NODES), v.readonly()),
});

const TreeHeadSchema = v.object({
  kind: v.literal("tree"),
  ...base,
  tree: TreeSchema,
  /** [width]: share of the decrease in impurity that each feature stands for; all 0 for a tree of one leaf. */
  importances: perFeature(Share),
});

const ForestSchema = v.object({
  kind: v.literal("forest"),
  ...base,
  trees: v.pipe(v.array(TreeSchema), v.minLength(1), v.maxLength(MAX_TREES), v.readonly()),
  /** [width]: mean over the trees. */
  importances: perFeature(Share),
  /** [width]: standard deviation over the trees. */
  deviations: perFeature(Share),
  /** Share of the rows that the trees that did not see them name correctly; absent where every tree saw a row. */
  outOfBag: v.optional(Share),
});

const NearestSchema = v.object({
  kind: v.literal("nearest"),
  ...base,
  /** How many neighbours are asked. */
  k: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100)),
  /** What rows are standardised by before they are brought to length 1; null: they are not. */
  scale: v.nullable(v.object(scale)),
  /** The rows at length 1, [n][width], as base64 of 32-bit floats, little-endian. */
  rows: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
  /** [n]: each row's class. */
  labels: v.pipe(v.array(Whole), v.minLength(1), v.maxLength(MAX_NEAREST_ROWS), v.readonly()),
  /** [n]: what each row is called; absent: by its number. */
  ids: v.optional(v.pipe(v.array(Text), v.maxLength(MAX_NEAREST_ROWS), v.readonly())),
});

/** Any head as it is stored; `parseHead()` of `server/heads` also checks that its lists fit each other. */
export const HeadModelSchema = v.variant("kind", [
  LinearSchema,
  PcaLinearSchema,
  TreeHeadSchema,
  ForestSchema,
  NearestSchema,
]);

/** What every head says of itself. */
export interface HeadBase {
  readonly kind: HeadKind;
  readonly classes: readonly string[];
  readonly width: number;
  readonly features: readonly string[];
  readonly seed: number;
}
/** Multinomial logistic regression on standardised features. */
export type LinearHead = Readonly<v.InferOutput<typeof LinearSchema>>;
/** Principal components that keep 99 % of the variance, then logistic regression. */
export type PcaLinearHead = Readonly<v.InferOutput<typeof PcaLinearSchema>>;
export type TreeNode = Readonly<v.InferOutput<typeof NodeSchema>>;
export type Tree = Readonly<v.InferOutput<typeof TreeSchema>>;
/** One decision tree (CART, Gini). */
export type TreeHead = Readonly<v.InferOutput<typeof TreeHeadSchema>>;
/** Trees on bootstrap samples, which vote. */
export type ForestHead = Readonly<v.InferOutput<typeof ForestSchema>>;
/** k nearest neighbours by cosine. */
export type NearestHead = Readonly<v.InferOutput<typeof NearestSchema>>;
export type HeadModel = LinearHead | PcaLinearHead | TreeHead | ForestHead | NearestHead;

/** A feature's name: its own, or its number. */
export function featureName({ features }: Pick<HeadBase, "features">, feature: number): string {
  return features[feature] ?? `${feature}`;
}
