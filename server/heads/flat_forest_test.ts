import assert from "node:assert/strict";
import { explainer, explainRow } from "./explain_row.ts";
import { fitHead } from "./fit.ts";
import { flatForest, flatTrees, isWhole, plainForest } from "./flat_forest.ts";
import { checkPacked, jsonInTurns, packHead } from "./packed_head.ts";
import { drawnTable } from "./testing/golden_tables.ts";
import { leafOf } from "./tree.ts";
import { rowAt } from "./rows.ts";

const TABLE = drawnTable(60, 4);
const FITTED = fitHead("forest", TABLE, { trees: 12 });
assert.ok(FITTED.kind === "forest");
const FOREST = FITTED;

Deno.test("a forest as numbers is the forest, its first trees can be had alone, and its JSON is that of its nodes", async () => {
  const flat = flatForest(FOREST);
  assert.deepEqual(plainForest(flat), FOREST);
  assert.deepEqual(plainForest(flat, 2), { ...FOREST, trees: FOREST.trees.slice(0, 2) });
  assert.equal(new TextDecoder().decode(await jsonInTurns(flat)), JSON.stringify(FOREST));
  assert.deepEqual(plainForest(structuredClone(flat)), FOREST);
});

Deno.test("votes and paths of numbers are those of the nodes; shown are paths of the first trees where that is asked", () => {
  const flat = flatForest(FOREST);
  const row = rowAt(TABLE.rows, 7);
  const explained = explainRow(flat, row);
  assert.ok(explained.kind === "votes");
  for (const path of explained.paths) {
    const tree = FOREST.trees[path.tree] ?? { nodes: [] };
    const leaf = leafOf(tree, row);
    assert.equal(path.leaf, leaf);
    assert.deepEqual(path.counts, tree.nodes[leaf]?.counts);
    assert.deepEqual(
      path.steps.map(({ node }) => tree.nodes[node]?.feature),
      path.steps.map(({ feature }) => feature),
    );
  }
  const few = explainer(flat, 3)(row);
  assert.ok(few.kind === "votes" && few.paths.length > 0 && few.paths.every(({ tree }) => tree < 3));
  assert.deepEqual(few.votes, explained.votes);
});

Deno.test("bytes of a forest whose lists do not fit each other are refused", () => {
  const flat = flatForest(FOREST);
  const damage: readonly ((tree: ReturnType<typeof flatTrees>[number]) => void)[] = [
    (tree) => tree.labels[0] = 99,
    (tree) => tree.starts[1] = 1_000_000,
    (tree) => tree.lefts[0] = 0,
    (tree) => tree.features[0] = 4,
    (tree) => tree.thresholds[0] = NaN,
  ];
  for (const spoil of damage) {
    const own = { ...flat, numbers: flat.numbers.slice() };
    const [, , third] = flatTrees(own);
    assert.ok(third !== undefined && isWhole(third, FOREST.classes.length));
    spoil(third);
    assert.throws(() => checkPacked(packHead(own).bytes), { code: "head-refused" }, `${spoil}`);
  }
  const { bytes } = packHead(flat);
  assert.throws(() => checkPacked(bytes.slice(0, -8)), { code: "head-refused" });
});
