import assert from "node:assert/strict";
import { HEAD_KINDS } from "../../shared/head_model.ts";
import type { FitLine, FitTable } from "../../shared/table_wire.ts";
import { openHeadWorker } from "../heads/mod.ts";
import { readGolden } from "../heads/testing/golden_tables.ts";
import { describeTable } from "./describe.ts";
import { documentOf } from "./document.ts";
import { explainTableRow, fitTable, importanceOf } from "./fit_table.ts";
import { predictionLines, predictionsInTurns } from "./predictions.ts";
import { prepare } from "./prepare.ts";
import { readTableBeside } from "./read_beside.ts";
import { readTable } from "./read_table.ts";
import { readSample, sampleOf, SAMPLES } from "./samples.ts";

const { signal } = new AbortController();

const requestOf = (some: Partial<FitTable>): FitTable => ({
  target: "y",
  heads: ["tree"],
  missing: "refuse",
  leaveOut: [],
  keep: [],
  seed: 0,
  folds: 5,
  ...some,
});

Deno.test("every sample is as its description says", async () => {
  for (const sample of SAMPLES) {
    const table = readTable(await readSample(sample), sample.name);
    const { suggested, warnings } = describeTable(table);
    assert.deepEqual([table.rows, table.columns.length, suggested], [
      sample.rows,
      sample.columns,
      sample.target,
    ]);
    assert.deepEqual(warnings, []);
  }
  assert.equal(sampleOf("constructor"), null);
});

Deno.test("a table is read in a worker as it is read here, and what it refuses has its code", async () => {
  const bytes = new TextEncoder().encode("a,b\n1,x\n2,y\n");
  const here = readTable(bytes, "t.csv");
  assert.deepEqual(await readTableBeside({ bytes, name: "t.csv" }, signal), here);
  const refused = readTableBeside({ bytes: new TextEncoder().encode("a\n1\n2\n"), name: "t" }, signal);
  await assert.rejects(refused, { code: "table-refused" });
});

Deno.test("Breast Cancer: all heads are fitted and validated as scikit-learn does, and explain rows", async (t) => {
  const sample = sampleOf("breast-cancer");
  assert.ok(sample !== null);
  const table = readTable(await readSample(sample), sample.name);
  const request = requestOf({ target: "diagnosis", heads: [...HEAD_KINDS] });
  const prepared = prepare(table, request);
  const worker = openHeadWorker();
  const lines: FitLine[] = [];
  const onLine = (line: FitLine) => lines.push(line);
  const fitted = await fitTable(prepared, request, { worker, onLine, now: () => 0 });
  const golden = readGolden("breast-cancer");

  await t.step("accuracies are scikit-learn's, fold by fold", () => {
    for (const kind of ["linear", "tree", "forest"] as const) {
      assert.deepEqual(fitted.heads.get(kind)?.result.validation.folds, golden.folds[kind], kind);
    }
    assert.equal(prepared.described.chance, 357 / 569);
    assert.deepEqual(fitted.warnings, []);
  });

  await t.step("lines come in order: what was prepared, then progress and result of each head", () => {
    const kinds = lines.flatMap((line) => "progress" in line ? [] : Object.keys(line));
    assert.deepEqual(kinds, ["prepared", "result", "result", "result", "result", "result"]);
    assert.ok(lines.some((line) => "progress" in line && line.progress.step === "validate"));
  });

  await t.step("words and bars say what was fitted", () => {
    const words = HEAD_KINDS.map((kind) => fitted.heads.get(kind)?.result.words);
    assert.deepEqual(words.slice(0, 2), [
      "Logistic regression on 30 standardised features.",
      "30 → 17 dimensions, 99.11 % of the variance kept.",
    ]);
    assert.match(words[2] ?? "", /^\d+ nodes, \d+ leaves; at most \d questions to a leaf\.$/);
    assert.match(words[3] ?? "", /^100 trees of \d+ nodes on average\. .* 9\d\.\d % .*\(out of bag\)\.$/);
    assert.equal(words[4], "The 5 most alike of 569 rows have a vote each.");
    const [weights] = fitted.heads.get("linear")?.result.bars?.series ?? [];
    // Classes stand by the alphabet, benign first: the signs are scikit-learn's turned.
    assert.equal(weights?.name, "malignant");
    const [first] = weights?.bars ?? [];
    const expected = -(golden.linear.weights[0]?.[first?.feature ?? -1] ?? NaN);
    assert.ok(Math.abs((first?.value ?? NaN) - expected) < 1e-3);
    assert.ok(
      weights.bars.every(({ value }, at) =>
        at === 0 || Math.abs(value) <= Math.abs(weights.bars[at - 1]?.value ?? 0)
      ),
    );
    assert.equal(fitted.heads.get("nearest")?.result.bars, null);
  });

  await t.step("a row is explained by every head, with what it was given while it was not seen", () => {
    for (const kind of HEAD_KINDS) {
      const { actual, predicted, validated, values, explanation } = explainTableRow(fitted, kind, 0);
      assert.deepEqual([actual, predicted, values[0]], [1, 1, 17.99]);
      assert.ok(validated !== null && explanation.probabilities.length === 2, kind);
    }
    assert.throws(() => explainTableRow(fitted, "tree", 569), {
      message: /expected a row from 0 to 568, got 569/,
    });
  });

  await t.step("permutation importance is computed for heads that were fitted", async () => {
    const bars = await importanceOf(fitted, "tree", { worker });
    assert.equal(bars.series[0]?.bars.length, 30);
    assert.ok((bars.series[0]?.bars[0]?.value ?? 0) > 0.01);
    const less = { ...fitted, heads: new Map() };
    await assert.rejects(importanceOf(less, "tree", { worker }), { code: "table-refused" });
  });

  await t.step("predictions are a CSV file of all rows; the document holds everything", async () => {
    const csv = [...predictionLines(fitted)];
    const sent = await new Response(ReadableStream.from(predictionsInTurns(fitted))).text();
    assert.equal(sent, csv.join(""));
    assert.equal(csv.length, 570);
    assert.match(csv[0] ?? "", /^row,diagnosis,linear,linear probability,pca-linear,/);
    assert.match(csv[1] ?? "", /^0,malignant,malignant,[01]\.\d{4},/);
    const info = { id: "x", name: "t", source: null, ...describeTable(table) };
    const document = documentOf(info, fitted, { importance: [], explained: [] });
    assert.deepEqual([document.results.length, "id" in document.table], [5, false]);
  });
  worker.close();
});

Deno.test("cells that look like formulas leave the server as texts", async () => {
  const text = `x,y\n${
    Array.from({ length: 12 }, (_, row) => `${row},${row % 2 ? "=1+1" : '"@cmd, x"'}`).join("\n")
  }`;
  const request = requestOf({ heads: ["nearest"], folds: 2 });
  const prepared = prepare(readTable(new TextEncoder().encode(text), "t"), request);
  const worker = openHeadWorker();
  const fitted = await fitTable(prepared, request, { worker, onLine: () => {}, now: () => 0 });
  worker.close();
  assert.match([...predictionLines(fitted)].join(""), /^1,'=1\+1,/m);
  assert.match([...predictionLines(fitted)].join(""), /^0,"'@cmd, x",/m);
});

Deno.test("labels of chance are pointed out", async () => {
  const text = `x,y\n${
    Array.from({ length: 40 }, (_, row) => `${row % 5},${(row * 7) % 3 === 0 ? "a" : "b"}`).join("\n")
  }`;
  const request = requestOf({ heads: ["linear"] });
  const prepared = prepare(readTable(new TextEncoder().encode(text), "t"), request);
  const worker = openHeadWorker();
  const { warnings } = await fitTable(prepared, request, { worker, onLine: () => {}, now: () => 0 });
  worker.close();
  assert.deepEqual(warnings.map(({ kind }) => kind), ["no-better-than-chance"]);
});

Deno.test("a forest of a long table is fitted to a sample of its rows, and says so", async () => {
  const lines = Array.from({ length: 12_000 }, (_, row) => `${row % 2},${row % 2 === 0 ? "even" : "odd"}`);
  const table = readTable(new TextEncoder().encode(`x,y\n${lines.join("\n")}\n`), "t.csv");
  const request = requestOf({ heads: ["forest"], folds: 2, keep: ["x"] });
  const worker = openHeadWorker();
  const { heads } = await fitTable(prepare(table, request), request, {
    worker,
    onLine: () => {},
    now: () => 0,
  });
  worker.close();
  assert.match(heads.get("forest")?.result.words ?? "", /Fitted to 10,000 rows, a sample of 12,000\./);
});
