/** What every head keeps to, beside scikit-learn's numbers: refusals, explanations that add up, JSON. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { HEAD_KINDS, type HeadModel } from "../../shared/head_model.ts";
import { explainRow } from "./explain_row.ts";
import { fitHead } from "./fit.ts";
import { parseHead } from "./head_json.ts";
import { checkPacked, packHead, unpackHead } from "./packed_head.ts";
import { plain } from "./runnable_head.ts";
import { permutationImportance } from "./importance.ts";
import { mostProbable } from "./_most_probable.ts";
import { composed, predict } from "./predict.ts";
import { type LabelledRows, rowAt } from "./rows.ts";
import { drawnTable } from "./testing/golden_tables.ts";
import { crossValidate } from "./validate.ts";

const TABLE = drawnTable(60, 4, 3);
const OPTIONS = { trees: 5 };
const ROW = rowAt(TABLE.rows, 11);

for (const kind of HEAD_KINDS) {
  Deno.test(`${kind}: JSON and back gives the same head and the same probabilities`, () => {
    const head = fitHead(kind, TABLE, OPTIONS);
    const read = parseHead(JSON.parse(JSON.stringify(head)));
    assert.deepEqual(read, head);
    assert.deepEqual(predict(read, ROW), predict(head, ROW));
  });

  Deno.test(`${kind}: bytes and back give the same head, with the hash of its JSON`, () => {
    const head = fitHead(kind, TABLE, OPTIONS);
    const { bytes, sha256 } = packHead(head);
    assert.deepEqual(plain(unpackHead(bytes)), head);
    assert.equal(sha256, createHash("sha256").update(JSON.stringify(head)).digest("hex"));
    assert.equal(checkPacked(bytes).sha256, sha256);
    assert.throws(() => checkPacked(bytes.slice(0, bytes.length / 2)), { code: "head-refused" });
  });

  Deno.test(`${kind}: probabilities sum up to 1 and most rows are named correctly`, () => {
    const head = fitHead(kind, TABLE, OPTIONS);
    let correct = 0;
    TABLE.labels.forEach((label, row) => {
      const probabilities = predict(head, rowAt(TABLE.rows, row));
      assert.ok(Math.abs(probabilities.reduce((sum, one) => sum + one, 0) - 1) < 1e-12);
      if (mostProbable(probabilities) === label) correct++;
    });
    assert.ok(correct > 40, `${correct} of 60`);
  });

  Deno.test(`${kind}: the same seed gives the same head, and a fit stops at its signal`, () => {
    assert.deepEqual(fitHead(kind, TABLE, OPTIONS), fitHead(kind, TABLE, OPTIONS));
    const reason = new Error("enough");
    const controller = new AbortController();
    const done: number[] = [];
    const onProgress = (share: number) => {
      done.push(share);
      controller.abort(reason);
    };
    const { signal } = controller;
    assert.throws(() => fitHead(kind, TABLE, OPTIONS, { onProgress, signal }), reason);
    assert.deepEqual(done, [0]);
  });

  Deno.test(`${kind}: progress begins at 0, rises and ends at 1`, () => {
    const shares: number[] = [];
    fitHead(kind, TABLE, OPTIONS, { onProgress: (share) => shares.push(share) });
    assert.deepEqual([shares[0], shares.at(-1)], [0, 1]);
    assert.ok(shares.every((share, at) => share >= (shares[at - 1] ?? 0) && share <= 1), `${shares}`);
  });

  Deno.test(`${kind}: an explanation has the probabilities of the prediction`, () => {
    const head = fitHead(kind, TABLE, OPTIONS);
    const { probabilities } = explainRow(head, ROW);
    [...predict(head, ROW)].forEach((expected, k) => {
      assert.ok(Math.abs((probabilities[k] ?? NaN) - expected) < 1e-9);
    });
  });
}

Deno.test("contributions and bias sum up to the logits, and so do composed weights", () => {
  for (const kind of ["linear", "pca-linear"] as const) {
    const head = fitHead(kind, TABLE);
    const why = explainRow(head, ROW);
    const raw = composed(head);
    assert.ok(why.kind === "contributions" && raw !== null);
    why.logits.forEach((logit, k) => {
      const sum = (why.contributions[k] ?? []).reduce((all, one) => all + one, why.bias[k] ?? 0);
      const byRaw = (raw.weights[k] ?? []).reduce((all, w, i) => all + w * (ROW[i] ?? 0), raw.bias[k] ?? 0);
      assert.ok(Math.abs(sum - logit) < 1e-12 && Math.abs(byRaw - logit) < 1e-9);
    });
  }
  assert.equal(composed(fitHead("tree", TABLE)), null);
});

Deno.test("a tree's path follows its thresholds and ends in the leaf whose shares are the probabilities", () => {
  const head = fitHead("tree", TABLE);
  const why = explainRow(head, ROW);
  assert.ok(why.kind === "path" && head.kind === "tree");
  const { steps, leaf, counts } = why.path;
  assert.ok(steps.length > 0);
  let place = 0;
  for (const { node, feature, value, threshold, side } of steps) {
    assert.equal(node, place);
    assert.deepEqual([value, threshold], [ROW[feature], head.tree.nodes[node]?.threshold]);
    assert.equal(side, Math.fround(value) <= threshold ? "left" : "right");
    place = head.tree.nodes[place]?.[side] ?? -1;
  }
  assert.equal(leaf, place);
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert.deepEqual(counts.map((count) => count / total), why.probabilities);
});

Deno.test("a forest's votes are its trees', and neighbours are named by their ids", () => {
  const votes = explainRow(fitHead("forest", TABLE, OPTIONS), ROW);
  assert.ok(votes.kind === "votes");
  assert.equal(votes.votes.reduce((sum, count) => sum + count, 0), 5);
  assert.deepEqual(votes.votes, [0, 1, 2].map((k) => votes.named.filter((named) => named === k).length));
  assert.ok(votes.paths.length > 0);
  const ids = Array.from(TABLE.labels, (_, row) => `picture ${row}`);
  const near = explainRow(fitHead("nearest", { ...TABLE, ids }, { k: 3 }), ROW);
  assert.ok(near.kind === "neighbours");
  assert.deepEqual([near.neighbours.length, near.neighbours[0]?.id], [3, "picture 11"]);
  assert.ok((near.neighbours[0]?.distance ?? 1) < 1e-6);
});

Deno.test("what cannot be fitted is refused in words", () => {
  const refusals: [Partial<LabelledRows>, RegExp][] = [
    [{ labels: new Int32Array(60) }, /expected rows of at least two classes, got those of one/],
    [{ labels: TABLE.labels.subarray(1) }, /expected one label for each row, got 59 labels for 60 rows/],
    [{ classes: ["only"] }, /expected 2 to 100 classes, got 1/],
    [{ labels: TABLE.labels.map(() => 7) }, /expected labels below 3, got 7/],
    [{ features: ["a"] }, /expected 4 names of features, got 1/],
    [{ ids: ["a"] }, /expected 60 names of rows, got 1/],
    [{ rows: { values: TABLE.rows.values.map((v, at) => at === 9 ? NaN : v), width: 4 } }, /NaN in row 2/],
    [{ rows: { values: new Float64Array(), width: 0 } }, /expected rows of 1 to 8192 numbers, got 0/],
  ];
  for (const [part, message] of refusals) {
    assert.throws(() => fitHead("linear", { ...TABLE, ...part }), { code: "head-refused", message });
  }
});

Deno.test("constant features change nothing", () => {
  const { rows: { values } } = TABLE;
  const wide = Float64Array.from(
    { length: 60 * 5 },
    (_, at) => at % 5 === 4 ? 3.3 : values[Math.floor(at / 5) * 4 + (at % 5)] ?? 0,
  );
  for (const kind of ["linear", "pca-linear", "tree"] as const) {
    const head = fitHead(kind, { ...TABLE, rows: { values: wide, width: 5 } });
    const without = predict(fitHead(kind, TABLE), ROW);
    predict(head, [...ROW, 3.3]).forEach((one, k) => assert.ok(Math.abs(one - (without[k] ?? NaN)) < 1e-3));
  }
});

Deno.test("equal rows of two classes make a leaf of both, and no head fails on them", () => {
  const same: LabelledRows = {
    rows: { values: new Float64Array(8).fill(2), width: 2 },
    labels: Int32Array.of(0, 1, 0, 1),
    classes: ["a", "b"],
  };
  for (const kind of HEAD_KINDS) {
    const head: HeadModel = fitHead(kind, same, OPTIONS);
    const probabilities = predict(head, [2, 2]);
    if (kind !== "forest") assert.deepEqual([...probabilities], [0.5, 0.5], kind);
    assert.ok(probabilities.every(Number.isFinite), kind);
  }
});

Deno.test("crossValidate() knows a class of one row, which is missing in its own fold", () => {
  const labels = TABLE.labels.map((label, row) => row === 0 ? 2 : label === 2 ? 1 : label);
  const { confusion, predicted, probability } = crossValidate("linear", { ...TABLE, labels });
  assert.equal(confusion[2]?.reduce((sum, count) => sum + count, 0), 1);
  assert.notEqual(predicted[0], 2);
  assert.ok(probability.every((one) => one > 0 && one <= 1));
  const few = {
    ...TABLE,
    rows: { values: TABLE.rows.values.subarray(0, 8), width: 4 },
    labels: Int32Array.of(0, 1),
  };
  assert.equal(crossValidate("tree", few).accuracy, 0, "each fold knows the other class alone");
});

Deno.test("permutation importance finds the features that the labels were made of", () => {
  const { means, deviations } = permutationImportance("tree", TABLE);
  assert.equal(mostProbable(means), 0);
  assert.equal(deviations.length, 4);
  assert.ok((means[0] ?? 0) > 0.2 && Math.max(...means.slice(2)) < 0.1, `${means}`);
});

Deno.test("parseHead() refuses what is no head, or whose lists do not fit each other", () => {
  const linear = { ...fitHead("linear", TABLE) };
  const tree = fitHead("tree", TABLE);
  const nearest = fitHead("nearest", TABLE);
  assert.ok(tree.kind === "tree" && nearest.kind === "nearest");
  const [root, ...rest] = tree.tree.nodes;
  const cases: [unknown, RegExp][] = [
    [null, /it must be an object, got null/],
    [{ kind: "oak" }, /'kind' must be/],
    [{ ...linear, bias: [0, 0] }, /expected 3 entries in bias, got 2/],
    [{ ...linear, mean: [1, 2, 3, NaN] }, /'mean.3' must be/],
    [{ ...linear, width: 1e9 }, /'width' must be/],
    [{ ...linear, classes: ["a"] }, /'classes' must be/],
    [{ ...tree, tree: { nodes: [{ ...root, left: 0 }, ...rest] } }, /node 0 has 0 as a child/],
    [{ ...tree, tree: { nodes: [{ ...root, right: 1e6 }, ...rest] } }, /node 0 has 1000000 as a child/],
    [{ ...tree, tree: { nodes: [{ ...root, feature: 4 }, ...rest] } }, /expected features below 4, got 4/],
    [{ ...tree, tree: { nodes: [{ ...root, feature: -1 }, ...rest] } }, /leaf 0 has children/],
    [
      { ...tree, tree: { nodes: [{ ...root, left: -1, right: -1, feature: -1 }, ...rest] } },
      /nobody's child/,
    ],
    [{ ...tree, tree: { nodes: [{ ...root, counts: [0, 0, 0] }, ...rest] } }, /node 0 has no rows/],
    [{ ...nearest, rows: "AAAA" }, /characters of base64 in rows, got 4/],
    [{ ...nearest, labels: nearest.labels.map(() => 9) }, /expected labels below 3, got 9/],
  ];
  for (const [json, message] of cases) {
    assert.throws(() => parseHead(json), { code: "head-refused", message });
  }
});
