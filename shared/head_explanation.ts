/** Why a head says what it says of one row: plain data for the page, the command line and HTTP. */
import * as v from "valibot";

const Numbers = v.pipe(v.array(v.number()), v.readonly());

const StepSchema = v.object({
  /** Place of the node in the tree. */
  node: v.number(),
  /** The feature that is compared, its value in the row, and what it is compared with. */
  feature: v.number(),
  value: v.number(),
  threshold: v.number(),
  side: v.picklist(["left", "right"]),
});

const PathSchema = v.object({
  /** The nodes that the row passes, from the root; empty for a tree of one leaf. */
  steps: v.pipe(v.array(StepSchema), v.readonly()),
  /** Place of the leaf where it ends, and the rows of each class that lie there. */
  leaf: v.number(),
  counts: Numbers,
});

const common = {
  /** [classes], 0…1. */
  probabilities: Numbers,
};

/** Linear heads: what each feature adds. */
const ContributionsSchema = v.object({
  kind: v.literal("contributions"),
  ...common,
  /** [classes][width]: weight × standardised value; with the bias they sum up to the class's logit. */
  contributions: v.pipe(v.array(Numbers), v.readonly()),
  /** [classes]. */
  bias: Numbers,
  /** [classes]. */
  logits: Numbers,
});

/** A tree: the path that the row takes. */
const TreePathSchema = v.object({ kind: v.literal("path"), ...common, path: PathSchema });

/** A forest: how its trees vote. */
const VotesSchema = v.object({
  kind: v.literal("votes"),
  ...common,
  /** [classes]: trees whose leaf has most rows of the class. */
  votes: Numbers,
  /** [trees]: the class that each tree names. */
  named: Numbers,
  /** Paths of a few trees: the first ones that name the forest's class, then the first that do not. */
  paths: v.pipe(v.array(v.object({ tree: v.number(), ...PathSchema.entries })), v.readonly()),
});

/** Nearest neighbours: which rows are most alike. */
const NeighboursSchema = v.object({
  kind: v.literal("neighbours"),
  ...common,
  /** Nearest first. */
  neighbours: v.pipe(
    v.array(v.object({
      /** Number of the row, and what it is called. */
      row: v.number(),
      id: v.string(),
      label: v.number(),
      /** Cosine distance, 0 (same direction) … 2. */
      distance: v.number(),
    })),
    v.readonly(),
  ),
});

/** An explanation of one row, by what the head is. */
export const HeadExplanationSchema = v.variant("kind", [
  ContributionsSchema,
  TreePathSchema,
  VotesSchema,
  NeighboursSchema,
]);
export type HeadExplanation = Readonly<v.InferOutput<typeof HeadExplanationSchema>>;
export type TreePath = Readonly<v.InferOutput<typeof PathSchema>>;
export type TreeStep = Readonly<v.InferOutput<typeof StepSchema>>;
export type Contributions = Extract<HeadExplanation, { kind: "contributions" }>;
export type Votes = Extract<HeadExplanation, { kind: "votes" }>;
export type Neighbours = Extract<HeadExplanation, { kind: "neighbours" }>;
