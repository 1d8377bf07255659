import assert from "node:assert/strict";
import { HEAD_KINDS } from "../../shared/head_model.ts";
import type { TableDocument } from "../../shared/table_wire.ts";
import { VERSION } from "../../shared/version.ts";
import { readGolden } from "../heads/testing/golden_tables.ts";
import { EXIT } from "./_exit.ts";
import type { TableIo } from "./_table_io.ts";
import { main } from "./explain_table.ts";
import { memoryIo } from "./testing/memory_io.ts";

const CANCER = "server/tables/samples/breast-cancer.csv";

async function run(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  some: Partial<TableIo> = {},
) {
  const encoded = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]),
  );
  const memory = memoryIo({ files: encoded });
  const sizeOf = async (path: string) => encoded[path]?.byteLength ?? (await Deno.stat(path)).size;
  const code = await main(args, { ...memory, sizeOf, ...some });
  const written = (name: string) => new TextDecoder().decode(memory.written.get(name));
  return { code, out: memory.out(), err: memory.err(), written };
}

Deno.test("explain-table: Breast Cancer from file to text, JSON, report and predictions", async (t) => {
  const files = ["--report", "out.html", "--predictions", "out.csv"];
  const args = [
    CANCER,
    "--target",
    "diagnosis",
    "--head",
    "tree,forest,linear,pca-linear",
    "--row",
    "0",
    ...files,
  ];

  await t.step("JSON holds what scikit-learn finds", async () => {
    const { code, out, err } = await run([...args, "--json"]);
    assert.deepEqual([code, err], [EXIT.done, ""]);
    const { table, prepared, results, explained }: TableDocument = JSON.parse(out);
    assert.deepEqual([table.name, prepared.classes, prepared.counts], [CANCER, ["benign", "malignant"], [
      357,
      212,
    ]]);
    const golden = readGolden("breast-cancer");
    const [tree, forest, linear, pca] = results;
    assert.deepEqual(tree?.validation.folds, golden.folds.tree);
    assert.deepEqual(forest?.validation.folds, golden.folds.forest);
    assert.deepEqual(linear?.validation.folds, golden.folds.linear);
    assert.equal(pca?.words, "30 → 17 dimensions, 99.11 % of the variance kept.");
    assert.ok(tree?.head.kind === "tree" && tree.head.tree.nodes.length === golden.trees[0]?.feature.length);
    assert.deepEqual(explained.map(({ row }) => [row.actual, row.predicted]), Array(4).fill([1, 1]));
  });

  await t.step("text, report and predictions say the same", async () => {
    const { code, out, err, written } = await run(args);
    assert.deepEqual([code, err], [EXIT.done, "Wrote out.html\nWrote out.csv\n"]);
    assert.match(out, /^Decision tree +92\.6 % +2\.2 % +100\.0 %/m);
    assert.match(out, /^Always naming the most frequent class: 62\.7 %$/m);
    assert.match(out, /^ {2}worst radius ≤ 16\.8\? yes:$/m);
    assert.match(out, /^ {2}worst texture +\+1\.31\d\d +█+$/m);
    assert.match(
      out,
      /^Row 0 is malignant, named malignant with 100\.0 %:\n {2}worst radius 25\.38 > 16\.8$/m,
    );
    const html = written("out.html");
    assert.match(html, /<title>diagnosis in [^<]*breast-cancer\.csv · Gradcast report<\/title>/);
    assert.match(html, /<svg[^>]* aria-label="Decision tree of 43 nodes">/);
    assert.equal(written("out.csv").split("\r\n").length, 571);
  });
});

Deno.test("explain-table: words become features, missing values are dropped, the target is found", async () => {
  const text = `town,size,species\n${
    Array.from({ length: 24 }, (_, row) => `t${row % 3},${row === 5 ? "" : row},${row < 12 ? "cat" : "dog"}`)
      .join("\n")
  }`;
  const refused = await run(["a.csv", "--head", "tree"], { "a.csv": text });
  assert.deepEqual([refused.code, refused.out], [EXIT.usage, ""]);
  assert.match(refused.err, /1 value is missing \(“size” 1\); fill them with the median/);
  const { code, out } = await run(["a.csv", "--head", "tree", "--missing", "drop", "--importance"], {
    "a.csv": text,
  });
  assert.equal(code, EXIT.done);
  assert.match(out, /^a\.csv: species told by 4 features, on 23 rows \(cat 11, dog 12\)$/m);
  assert.match(out, /^! “size” lacks 1 value\.$/m);
  assert.match(out, /^Accuracy lost when the column is shuffled \(loss\):\n {2}size /m);
});

Deno.test("explain-table: what cannot be done is said in a sentence, and nothing is printed", async () => {
  const cases: [readonly string[], RegExp, Readonly<Record<string, string>>?][] = [
    [[], /expected one CSV file, or --sample and none, got none/],
    [["a.csv", "b.csv"], /got a\.csv b\.csv/],
    [["a.csv", "--sample", "iris"], /got a\.csv and --sample iris/],
    [["--sample", "constructor"], /expected breast-cancer, iris, wine, got 'constructor'/],
    [["--sample", "iris", "--head", "oak"], /expected some of linear, .*, got 'oak'/],
    [["--sample", "iris", "--missing", "no"], /expected refuse, median, drop, got 'no'/],
    [["--sample", "iris", "--folds", "1"], /expected a whole number from 2 to 10, got '1'/],
    [["--sample", "iris", "--targt", "x"], /no such flag; did you mean --target/],
    [["--sample", "iris", "--target", "flower"], /no column is called “flower”/],
    [["--sample", "iris", "--head", "tree", "--row", "150"], /expected a row from 0 to 149, got 150/],
    [["none.csv"], /Cannot read the table: there is no such file, got 'none\.csv'/],
    [["n.csv"], /no column looks like the target; name it with --target/, {
      "n.csv": `a,b\n${
        Array.from({ length: 200 }, (_, row) => `${row * 1.5},${row * row + 0.5}`).join("\n")
      }`,
    }],
    [["q.csv"], /a quote is opened in line 2/, { "q.csv": 'a,b\n"1,2\n' }],
  ];
  for (const [args, message, files = {}] of cases) {
    const { code, out, err } = await run(args, files);
    assert.deepEqual([code, out], [EXIT.usage, ""], `${args}: ${err}`);
    assert.match(err, message);
  }
});

Deno.test("explain-table: 200 MB are refused before they are read", async () => {
  const readFile = () => Promise.reject(new Error("it was read"));
  const { code, err } = await run(["huge.csv"], {}, {
    sizeOf: () => Promise.resolve(200 * 1024 * 1024),
    readFile,
  });
  assert.equal(code, EXIT.usage);
  assert.match(err, /Cannot read the table: expected at most 20000000 bytes, got 209715200/);
});

Deno.test("explain-table: help, version and Ctrl-C", async () => {
  const help = await run(["--help"]);
  for (const kind of HEAD_KINDS) assert.ok(help.out.includes(kind));
  assert.equal((await run(["--version"])).out, `${VERSION}\n`);
  const stopped = await run(["--sample", "iris"], {}, { interrupted: AbortSignal.abort() });
  assert.deepEqual([stopped.code, stopped.err, stopped.out], [EXIT.interrupted, "Interrupted.\n", ""]);
});
