import assert from "node:assert/strict";
import type { TreeNode } from "../../shared/head_model.ts";
import type { TableDocument } from "../../shared/table_wire.ts";
import { tableReport } from "./table_page.ts";

const EVIL = '<img src=x onerror="alert(1)">';
const leaf = (counts: readonly [number, number]): TreeNode => ({
  feature: -1,
  threshold: 0,
  left: -1,
  right: -1,
  counts: [...counts],
  impurity: 0,
});

const base = { classes: [EVIL, "b"], width: 1, features: [EVIL], seed: 0 };

function documentOf(nodes: readonly TreeNode[]): TableDocument {
  return {
    gradcast: "table",
    table: {
      name: EVIL,
      rows: 4,
      columns: [{
        name: EVIL,
        kind: "number",
        missing: 0,
        distinct: 4,
        range: { low: 1, mean: 2.5, high: 4 },
        values: [],
        target: false,
        leftOut: null,
      }],
      suggested: null,
      warnings: [{ kind: "missing", column: EVIL, words: `${EVIL} lacks a value.` }],
      source: null,
    },
    prepared: {
      target: EVIL,
      classes: [EVIL, "b"],
      counts: [2, 2],
      features: [EVIL],
      rows: 4,
      dropped: 1,
      unnamed: 0,
      filled: 0,
      warnings: [],
      chance: 0.5,
    },
    results: [{
      head: { kind: "tree", ...base, tree: { nodes }, importances: [1] },
      validation: { accuracy: 0.75, deviation: 0.25, folds: [0.5, 1], confusion: [[2, 0], [1, 1]] },
      fitted: 1,
      bars: {
        title: "Weight",
        signed: true,
        series: [{ name: "b", bars: [{ feature: 0, name: EVIL, value: -2, deviation: null }] }],
      },
      words: "3 nodes.",
      ms: 12.4,
    }],
    importance: [],
    explained: [{
      head: "tree",
      row: {
        row: 3,
        actual: 1,
        predicted: 1,
        probability: 1,
        validated: 0,
        values: [4],
        explanation: {
          kind: "path",
          probabilities: [0, 1],
          path: {
            steps: [{ node: 0, feature: 0, value: 4, threshold: 2.5, side: "right" }],
            leaf: 2,
            counts: [0, 2],
          },
        },
      },
    }],
    warnings: [],
  };
}

const THREE: readonly TreeNode[] = [
  { feature: 0, threshold: 2.5, left: 1, right: 2, counts: [2, 2], impurity: 0.5 },
  leaf([2, 0]),
  leaf([0, 2]),
];

Deno.test("the report of a table escapes every text, runs nothing and loads nothing", () => {
  const html = tableReport(documentOf(THREE));
  assert.ok(html.startsWith("<!doctype html>"));
  assert.doesNotMatch(html, /<img|<script|\sstyle=|https?:\/\//);
  assert.match(html, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt; lacks a value\./);
  assert.match(html, /1 rows with missing values were dropped\./);
});

Deno.test("the tree is drawn with the lit path, and stands as a table beside it", () => {
  const html = tableReport(documentOf(THREE));
  const drawing = /<svg[^>]*aria-label="Decision tree of 3 nodes">[^]*?<\/svg>/.exec(html)?.[0] ?? "";
  assert.equal(drawing.match(/<rect class="node/g)?.length, 3);
  assert.equal(drawing.match(/<rect class="node lit"/g)?.length, 2, "the root and the right leaf");
  assert.equal(drawing.match(/<path class="edge lit"/g)?.length, 1);
  assert.match(drawing, />yes</);
  assert.match(
    html,
    /<th scope="row">0<\/th><td>[^<]*≤ 2\.5<\/td><td>1<\/td><td>2<\/td><td>2<\/td>\s*<td>2<\/td><td>0\.500<\/td>/,
  );
});

Deno.test("bars have their numbers beside them, with signs, in the colour of the class that they speak for", () => {
  const html = tableReport(documentOf(THREE));
  assert.match(html, /above 0 speaks for b, below for &lt;img/);
  assert.match(html, /<rect class="c0"[^>]*width="100\.00"[^>]*\/>/);
  assert.match(html, /<td>−2\.0000<\/td>/);
});

Deno.test("of a tree that is too large to be drawn the upper levels are, and it is said how many nodes are not", () => {
  // A full binary tree of ten levels, parents before children as trees store them.
  const grow = (level: number, at: number): TreeNode[] => {
    if (level === 9) return [leaf([1, 0])];
    const left = grow(level + 1, at + 1);
    const right = grow(level + 1, at + 1 + left.length);
    const node = {
      feature: 0,
      threshold: level,
      left: at + 1,
      right: at + 1 + left.length,
      counts: [2, 2],
      impurity: 0.5,
    };
    return [node, ...left, ...right];
  };
  const html = tableReport(documentOf(grow(0, 0)));
  assert.equal(html.match(/<rect class="node/g)?.length, 127);
  assert.match(html, /896 nodes further down are not drawn; the table has all of them\./);
});
