/** Heads against scikit-learn on Breast Cancer Wisconsin, Iris and Wine. */
import assert from "node:assert/strict";
import type { HeadModel } from "../../shared/head_model.ts";
import { foldsOf } from "./_folds.ts";
import { fitHead } from "./fit.ts";
import { permutationLosses } from "./importance.ts";
import { mostProbable } from "./_most_probable.ts";
import { neighbourSearch } from "./nearest.ts";
import { composed, predictor } from "./predict.ts";
import { labelledAt, type LabelledRows, rowAt } from "./rows.ts";
import { GOLDEN_TABLES, heldOut, readGolden, readSample } from "./testing/golden_tables.ts";
import { crossValidate } from "./validate.ts";

/** Rows that the goldens hold probabilities of. */
const STEP = 7;

function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  most: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, what);
  const off = Math.max(0, ...Array.from(actual, (value, at) => Math.abs(value - (expected[at] ?? NaN))));
  assert.ok(off <= most, `${what}: off by ${off}`);
}

/** Rows of weights as scikit-learn has them: of two classes the difference. */
function asReference(weights: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const [first = [], second = []] = weights;
  return weights.length > 2 ? weights : [second.map((value, i) => value - (first[i] ?? 0))];
}

function probabilitiesOf(head: HeadModel, { rows, labels }: LabelledRows): number[] {
  const predict = predictor(head);
  return [...labels.keys()].filter((row) => row % STEP === 0).flatMap((
    row,
  ) => [...predict(rowAt(rows, row))]);
}

for (const { name } of GOLDEN_TABLES) {
  const from = readSample(name);
  const golden = readGolden(name);

  Deno.test(`${name}: logistic coefficients are scikit-learn's to 1e-3`, () => {
    const head = fitHead("linear", from);
    assert.ok(head.kind === "linear");
    assertClose(asReference(head.weights).flat(), golden.linear.weights.flat(), 1e-3, "weights");
    assertClose(asReference(head.bias.map((bias) => [bias])).flat(), golden.linear.bias, 1e-3, "bias");
    assertClose(probabilitiesOf(head, from), golden.linear.probabilities.flat(), 1e-4, "probabilities");
  });

  Deno.test(`${name}: principal components are scikit-learn's to 1e-6, weights behind them to 1e-3`, () => {
    const head = fitHead("pca-linear", from);
    assert.ok(head.kind === "pca-linear");
    const { explained, components, weights, bias, composed: raw, probabilities } = golden.pcaLinear;
    assertClose(head.explained, explained, 1e-9, "explained");
    assertClose(head.components.flat(), components.flat(), 1e-6, "components");
    assertClose(asReference(head.weights).flat(), weights.flat(), 1e-3, "weights");
    assertClose(asReference(head.bias.map((one) => [one])).flat(), bias, 1e-3, "bias");
    const back = asReference(composed(head)?.weights ?? []).flat();
    const largest = Math.max(...raw.flat().map(Math.abs));
    assertClose(back.map((weight) => weight / largest), raw.flat().map((w) => w / largest), 1e-4, "composed");
    assertClose(probabilitiesOf(head, from), probabilities.flat(), 1e-4, "probabilities");
  });

  Deno.test(`${name}: trees of ten seeds are scikit-learn's, node by node`, () => {
    golden.trees.forEach((expected, seed) => {
      const head = fitHead("tree", from, { seed });
      assert.ok(head.kind === "tree");
      const { nodes } = head.tree;
      for (const key of ["feature", "threshold", "left", "right", "counts"] as const) {
        assert.deepEqual(nodes.map((node) => node[key]), expected[key], `${key}, seed ${seed}`);
      }
      assertClose(nodes.map(({ impurity }) => impurity), expected.impurity, 1e-12, "impurity");
      assertClose(head.importances, expected.importances, 1e-12, "importances");
    });
  });

  Deno.test(`${name}: forests of ten seeds are scikit-learn's, vote by vote`, () => {
    const { held, rest } = heldOut(from);
    const part = labelledAt(from, rest);
    golden.forest.seeds.forEach(({ accuracy, outOfBag, nodes, first }, seed) => {
      const head = fitHead("forest", part, { seed });
      assert.ok(head.kind === "forest");
      const predict = predictor(head);
      const said = Array.from(held, (row) => predict(rowAt(from.rows, row)));
      const correct = said.filter((own, at) => mostProbable(own) === from.labels[held[at] ?? 0]).length;
      assert.equal(correct / held.length, accuracy);
      assert.equal(head.outOfBag, outOfBag);
      assert.equal(head.trees.reduce((sum, tree) => sum + tree.nodes.length, 0), nodes);
      assertClose(said.slice(0, 5).flatMap((own) => [...own]), first.flat(), 1e-12, "probabilities");
      if (seed > 0) return;
      assertClose(head.importances, golden.forest.importances, 1e-12, "importances");
      assertClose(head.deviations, golden.forest.deviations, 1e-12, "deviations");
    });
  });

  Deno.test(`${name}: nearest neighbours are scikit-learn's by cosine`, () => {
    const { held, rest } = heldOut(from);
    const head = fitHead("nearest", labelledAt(from, rest), { standardise: true });
    assert.ok(head.kind === "nearest");
    const search = neighbourSearch(head);
    const found = Array.from(held, (row) => search(rowAt(from.rows, row)));
    const { distances, rows, probabilities } = golden.nearest;
    assertClose(found.flat().map(({ distance }) => distance), distances.flat(), 1e-6, "distances");
    // Rows that are equally near, to the precision of the stored numbers, may change places.
    found.forEach((own, at) =>
      own.forEach(({ row }, place) => {
        const expected = rows[at]?.[place];
        if (row === expected) return;
        const [a, b] = [distances[at]?.[place], distances[at]?.[rows[at]?.indexOf(row) ?? -1]];
        assert.ok(Math.abs((a ?? NaN) - (b ?? NaN)) < 1e-6, `row ${at}: ${row} for ${expected}`);
      })
    );
    const predict = predictor(head);
    const shares = Array.from(held, (row) => [...predict(rowAt(from.rows, row))]);
    assertClose(shares.flat(), probabilities.flat(), 1e-12, "probabilities");
  });

  Deno.test(`${name}: folds are dealt as scikit-learn deals them, and heads do as well on them`, () => {
    const { fold, linear, tree } = golden.folds;
    assert.deepEqual([...foldsOf(from.labels, 5, 0)], fold);
    assertClose(crossValidate("linear", from).folds, linear, 1e-12, "linear");
    assertClose(crossValidate("tree", from).folds, tree, 1e-12, "tree");
  });

  Deno.test(`${name}: permutation importance is scikit-learn's`, () => {
    const { held, rest } = heldOut(from);
    const predict = predictor(fitHead("tree", labelledAt(from, rest)));
    const losses = permutationLosses(predict, labelledAt(from, held));
    assertClose(losses.flat(), golden.permutation.flat(), 1e-12, "losses");
  });
}

Deno.test("breast-cancer: 17 of 30 components keep 99.11 % of the variance", () => {
  const head = fitHead("pca-linear", readSample("breast-cancer"));
  assert.ok(head.kind === "pca-linear");
  assert.deepEqual([head.width, head.components.length], [30, 17]);
  assert.equal(head.explained.reduce((sum, share) => sum + share, 0).toFixed(4), "0.9911");
});
