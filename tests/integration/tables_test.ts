/** Q: tables over HTTP, without a port. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { readNdjson } from "../../shared/ndjson.ts";
import {
  ExplainedRowSchema,
  type FitLine,
  FitLineSchema,
  ImportanceLineSchema,
  MAX_TABLE_BYTES,
  TableInfoSchema,
  TableRowsSchema,
  TableSamplesSchema,
} from "../../shared/table_wire.ts";
import { createApp, Hub } from "../../server/app/mod.ts";
import { FakeClock } from "../../server/clock/testing/fake_clock.ts";
import { soleModel } from "../../server/pool/testing/memory_models.ts";
import { KeptTables } from "../../server/tables/mod.ts";
import { type Ask, asker } from "../support/from_here.ts";
import { slowEngine } from "../support/slow_engine.ts";

interface World extends Disposable {
  readonly ask: Ask;
  readonly tables: KeptTables;
}

function makeWorld(): World {
  const clock = new FakeClock();
  const tables = new KeptTables(clock);
  const loopDelay = { read: () => ({ p50: 0, p99: 0, max: 0 }), stop: () => {} };
  const hub = new Hub({ models: soleModel(slowEngine(clock, 1)), clock });
  const ask = asker(createApp({ hub, origins: { host: "localhost", origins: [] }, loopDelay, tables }));
  return { ask, tables, [Symbol.dispose]: () => tables.close() };
}

const csv = (body: BodyInit): RequestInit => ({
  method: "POST",
  headers: { "content-type": "text/csv" },
  body,
});
const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function opened(answer: Response) {
  assert.equal(answer.status, 201, await answer.clone().text());
  return v.parse(TableInfoSchema, await answer.json());
}

async function refusal(answer: Response): Promise<{ status: number; code: string; message: string }> {
  const { code, message } = await answer.json();
  return { status: answer.status, code, message };
}

async function fitLines(answer: Response): Promise<FitLine[]> {
  assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
  return (await Array.fromAsync(readNdjson(answer.body))).map((line) => v.parse(FitLineSchema, line));
}

const SMALL = `x,w,y\n${
  Array.from({ length: 20 }, (_, row) => `${row},k${row % 3},${row < 9 ? "=low" : "high"}`).join("\n")
}`;

Deno.test("Q1: a table is sent as a body or as a form, and described; samples are listed and opened", async () => {
  using world = makeWorld();
  const sent = await opened(await world.ask("/api/tables?name=small.csv", csv(SMALL)));
  assert.deepEqual([sent.name, sent.rows, sent.columns.map(({ kind }) => kind), sent.suggested], [
    "small.csv",
    20,
    ["number", "category", "category"],
    "y",
  ]);
  const form = new FormData();
  form.set("table", new File([SMALL], "form.csv"));
  const formed = await opened(await world.ask("/api/tables", { method: "POST", body: form }));
  assert.deepEqual({ ...formed, id: "", name: "" }, { ...sent, id: "", name: "" });
  assert.equal(formed.name, "form.csv");
  assert.deepEqual(await (await world.ask(`/api/tables/${sent.id}`)).json(), sent);
  const { samples } = v.parse(TableSamplesSchema, await (await world.ask("/api/tables/samples")).json());
  assert.deepEqual(samples.map(({ id }) => id), ["breast-cancer", "iris", "wine"]);
  const iris = await opened(await world.ask("/api/tables/samples/iris", { method: "POST" }));
  assert.deepEqual([iris.rows, iris.suggested], [150, "species"]);
  assert.match(iris.source ?? "", /Fisher .* CC BY 4\.0$/);
});

Deno.test("Q1: what does not fit is refused with its line, and 200 MB before they are read", async () => {
  using world = makeWorld();
  const read: number[] = [];
  const endless = new ReadableStream({
    pull(controller) {
      read.push(1);
      controller.enqueue(new Uint8Array(1024));
    },
  }, { highWaterMark: 0 });
  const huge = await world.ask("/api/tables", {
    method: "POST",
    headers: { "content-type": "text/csv", "content-length": String(200 * 1024 * 1024) },
    body: endless,
  });
  assert.deepEqual(await refusal(huge), {
    status: 413,
    code: "table-bytes",
    message:
      `Cannot read the table: expected at most ${MAX_TABLE_BYTES} bytes, got 209715200; take a sample of its rows`,
  });
  assert.deepEqual(read, []);
  const cases: [BodyInit, RegExp][] = [
    ['a,b\n1,"2\n', /a quote is opened in line 2/],
    ["a\n1\n2\n", /expected at least two columns/],
    [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff), /expected text in UTF-8/],
  ];
  for (const [body, message] of cases) {
    const { status, code, message: words } = await refusal(await world.ask("/api/tables", csv(body)));
    assert.deepEqual([status, code], [422, "table-refused"]);
    assert.match(words, message);
  }
  const formless = await world.ask("/api/tables", { method: "POST", body: new FormData() });
  assert.equal((await refusal(formless)).code, "message-shape");
  const unknown = await refusal(await world.ask("/api/tables/samples/constructor", { method: "POST" }));
  assert.equal(unknown.code, "table-refused");
});

Deno.test("Q2: a table that was removed is unknown; a third one that is worked on is refused", async () => {
  using world = makeWorld();
  const ids = await Promise.all(
    [1, 2, 3].map(async () => (await opened(await world.ask("/api/tables", csv(SMALL)))).id),
  );
  const fit = (id: string | undefined) =>
    world.ask(`/api/tables/${id}/fit`, json({ target: "y", heads: ["tree"], folds: 2 }));
  const [first, second] = [await fit(ids[0]), await fit(ids[1])];
  assert.deepEqual((await refusal(await fit(ids[2]))).code, "tables-busy");
  // New work on the same table takes the place of the old.
  const again = await fit(ids[0]);
  assert.deepEqual(Object.keys((await fitLines(again)).at(-1) ?? {}), ["done", "warnings"]);
  const ended = (await fitLines(first)).at(-1);
  assert.ok(ended !== undefined && "code" in ended && ended.code === "tables-busy");
  await second.body?.cancel();
  assert.equal((await fit(ids[2])).status, 200, "a client that gives up frees its place");
  assert.equal((await world.ask(`/api/tables/${ids[0]}`, { method: "DELETE" })).status, 204);
  for (const path of [`${ids[0]}`, `${ids[0]}/rows`, `${ids[0]}/report`, "constructor"]) {
    assert.deepEqual((await refusal(await world.ask(`/api/tables/${path}`))).code, "unknown-table");
  }
});

Deno.test("Q4: a finished head explains rows before the others end, and when they never do", async () => {
  using world = makeWorld();
  const { id } = await opened(await world.ask("/api/tables", csv(SMALL)));
  const at = (path: string, init?: RequestInit) => world.ask(`/api/tables/${id}/${path}`, init);
  const answer = await at("fit", json({ target: "y", heads: ["tree", "forest"], folds: 2 }));
  const explained = async () => (await at("explain", json({ head: "tree", row: 3 }))).status;
  for await (const line of readNdjson(answer.body)) {
    if (!("result" in v.parse(FitLineSchema, line))) continue;
    assert.equal(await explained(), 200);
    break; // leaving the loop cancels the answer, as a page does
  }
  assert.equal(await explained(), 200);
  const report = await (await at("report?format=json")).json();
  assert.equal(report.results[0].head.kind, "tree");
});

Deno.test("Q3 to Q5: a table is fitted, explained and reported", async (t) => {
  using world = makeWorld();
  const { id } = await opened(await world.ask("/api/tables", csv(SMALL)));
  const at = (path: string, init?: RequestInit) => world.ask(`/api/tables/${id}/${path}`, init);

  await t.step("Q4: nothing is explained before something was fitted", async () => {
    for (
      const [path, body] of [["explain", { head: "tree", row: 0 }], ["importance", { head: "tree" }]] as const
    ) {
      assert.equal((await refusal(await at(path, json(body)))).code, "table-refused");
    }
  });

  await t.step("Q3: what is asked for badly is refused before the first line", async () => {
    const cases: [unknown, number, string][] = [
      [{ target: "z", heads: ["tree"] }, 422, "table-refused"],
      [{ target: "x", heads: ["tree"], leaveOut: ["w", "y"] }, 422, "table-refused"],
      [{ target: "y", heads: [] }, 400, "message-shape"],
      [{ target: "y", heads: ["oak"] }, 400, "message-shape"],
      [{ target: "y", heads: ["tree"], folds: 1e9 }, 400, "message-shape"],
    ];
    for (const [body, status, code] of cases) {
      const refused = await refusal(await at("fit", json(body)));
      assert.deepEqual([refused.status, refused.code], [status, code]);
    }
  });

  await t.step("Q3: lines say what was prepared, how far it is, and each result", async () => {
    const lines = await fitLines(
      await at("fit", json({ target: "y", heads: ["tree", "forest", "nearest"], folds: 3 })),
    );
    const [first] = lines;
    assert.ok(first !== undefined && "prepared" in first);
    assert.deepEqual(first.prepared.features, ["x", "w = k0", "w = k1", "w = k2"]);
    const results = lines.flatMap((line) => "result" in line ? [line.result] : []);
    assert.deepEqual(results.map(({ head }) => head.kind), ["tree", "forest", "nearest"]);
    const [tree, forest, nearest] = results.map(({ head }) => head);
    assert.ok(tree?.kind === "tree" && forest?.kind === "forest" && nearest?.kind === "nearest");
    assert.deepEqual([tree.tree.nodes[0]?.threshold, forest.trees.length, nearest.rows], [8.5, 5, ""]);
    assert.deepEqual(lines.at(-1), { done: true, warnings: [] });
  });

  await t.step("Q4: rows are explained, columns shuffled", async () => {
    const row = v.parse(
      ExplainedRowSchema,
      await (await at("explain", json({ head: "tree", row: 3 }))).json(),
    );
    assert.deepEqual([row.actual, row.predicted, row.values], [0, 0, [3, 1, 0, 0]]);
    assert.ok(row.explanation.kind === "path" && row.explanation.path.steps.length === 1);
    const typed = await (await at("explain", json({ head: "tree", values: row.values }))).json();
    assert.deepEqual(v.parse(ExplainedRowSchema, typed), {
      ...row,
      row: null,
      actual: null,
      validated: null,
    });
    const short = await refusal(await at("explain", json({ head: "tree", values: [1] })));
    assert.equal(short.code, "table-refused");
    const answer = await at("importance", json({ head: "tree" }));
    const lines = (await Array.fromAsync(readNdjson(answer.body))).map((line) =>
      v.parse(ImportanceLineSchema, line)
    );
    const last = lines.at(-1);
    assert.ok(last !== undefined && "bars" in last);
    assert.equal(last.bars.series[0]?.bars[0]?.name, "x");
    assert.equal((await refusal(await at("explain", json({ head: "tree", row: 20 })))).code, "table-refused");
  });

  await t.step("Q5: rows, report, document and predictions", async () => {
    const page = v.parse(TableRowsSchema, await (await at("rows?from=18&count=5")).json());
    assert.deepEqual([page.total, page.rows], [20, [["18", "k0", "high"], ["19", "k1", "high"]]]);
    assert.equal((await refusal(await at("rows?from=-1"))).code, "bad-option");
    const report = await at("report");
    assert.match(
      report.headers.get("content-security-policy") ?? "",
      /^default-src 'none'; style-src 'sha256-/,
    );
    const html = await report.text();
    assert.match(html, /Row 3 explained/);
    assert.match(html, /Permutation importance/);
    assert.doesNotMatch(html, /<script|\sstyle=|\son\w+=|https?:\/\//);
    const document = await (await at("report?format=json")).json();
    assert.deepEqual([document.gradcast, document.results.length, document.explained[0].head], [
      "table",
      3,
      "tree",
    ]);
    const predictions = await (await at("predictions")).text();
    assert.match(predictions, /^row,y,tree,tree probability,forest,/);
    assert.match(predictions, /^0,'=low,'=low,1\.0000,/m);
    assert.doesNotMatch(predictions, /(^|,)=/m);
  });
});

Deno.test("O1: a server without room for collections says how it gets some", async () => {
  using world = makeWorld();
  for (const [path, init] of [["/api/taught", {}], ["/api/taught/import", json({})]] as const) {
    assert.deepEqual(await refusal(await world.ask(path, init)), {
      status: 404,
      code: "no-taught",
      message: "Cannot teach a model: the server was started with --taught-mb 0",
    });
  }
});
