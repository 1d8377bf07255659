/** Every rule of PROTOCOL.md is quoted by the name of a test, and every quote is of a rule. */
import assert from "node:assert/strict";
import { join } from "node:path";

const FOLDERS = ["shared", "client", "server", "tests", "bench"];

/** A rule of the protocol. */
interface Rule {
  readonly id: string;
  readonly text: string;
}

/** Reads the rules: `- **H1** The first message …`, each up to the next one. */
function rulesOf(protocol: string): Rule[] {
  return protocol.split(/^(?=- \*\*[A-Z]\d+\*\* |#)/m).flatMap((part) => {
    const [, id, text] = /^- \*\*([A-Z]\d+)\*\* (\S[^]*)/.exec(part) ?? [];
    return id === undefined || text === undefined ? [] : [{ id, text: text.trim() }];
  });
}

/**
 * The ids that names of tests begin with: "M6: …", "F3, F5: …", "C2 to C7: …". A name is the first argument of a call or
 * the property `name`; a template stands for the names that are made of it.
 */
function quotesIn(source: string): string[] {
  const names = source.matchAll(
    /(?:\(\s*|\bname: )["'`]([A-Z]\d+(?:(?:, | to )[A-Z]\d+)*): /g,
  );
  return [...names].flatMap(([, ids = ""]) => ids.split(", ").flatMap(spread));
}

/** "C2 to C4" as C2, C3, C4. */
function spread(ids: string): string[] {
  const [first = "", last = first] = ids.split(" to ");
  const [from, to] = [Number(first.slice(1)), Number(last.slice(1))];
  return Array.from({ length: to - from + 1 }, (_, at) => `${first.charAt(0)}${from + at}`);
}

/** Rules that no quote names, and quotes that name no rule, each in a sentence. */
function faultsOf(rules: readonly Rule[], quotes: ReadonlyMap<string, readonly string[]>): string[] {
  const known = new Set(rules.map(({ id }) => id));
  return [
    ...rules.filter(({ id }) => !quotes.has(id)).map(({ id, text }) =>
      `no test quotes ${id}: ${text.replaceAll(/\s+/g, " ").slice(0, 60)}…`
    ),
    ...[...quotes].filter(([id]) => !known.has(id)).map(([id, files]) =>
      `${files.join(", ")}: ${id} is no rule of PROTOCOL.md`
    ),
  ];
}

async function* testSources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory && name !== "node_modules") yield* testSources(path);
    else if (/_test\.tsx?$/.test(name)) yield path;
  }
}

Deno.test("every rule of PROTOCOL.md is quoted by a test, and every quote is of a rule", async () => {
  const rules = rulesOf(await Deno.readTextFile("shared/PROTOCOL.md"));
  assert.ok(rules.length > 120, `${rules.length} rules`);
  assert.deepEqual(rules.map(({ id }) => id), [...new Set(rules.map(({ id }) => id))], "each id once");
  const quotes = new Map<string, string[]>();
  for (const folder of FOLDERS) {
    for await (const file of testSources(folder)) {
      for (const id of new Set(quotesIn(await Deno.readTextFile(file)))) {
        quotes.set(id, [...quotes.get(id) ?? [], file]);
      }
    }
  }
  assert.deepEqual(faultsOf(rules, quotes), []);
});

Deno.test("a rule that nobody quotes and a quote of no rule are found", () => {
  const rules = rulesOf(
    "## Q: Quotes\n- **Q1** One\n  is long.\n- **Q2** Two, as Q1 says.\n\n## R\nNo **Q9** rule.\n",
  );
  assert.deepEqual(rules, [{ id: "Q1", text: "One\n  is long." }, { id: "Q2", text: "Two, as Q1 says." }]);
  const quotes = new Map(["Q1", "Q7"].map((id) => [id, ["a_test.ts"]]));
  assert.deepEqual(faultsOf(rules, quotes), [
    "no test quotes Q2: Two, as Q1 says.…",
    "a_test.ts: Q7 is no rule of PROTOCOL.md",
  ]);
});

Deno.test("quotes stand in names alone, at their beginning", () => {
  const named = (text: string) => `"${text}: holds"`;
  assert.deepEqual(quotesIn(`scene(${named("Q1, Q3 to Q5")}, act); scene(\n  ${named("Q7")}, act);`), [
    ...["Q1", "Q3", "Q4", "Q5", "Q7"],
  ]);
  assert.deepEqual(quotesIn(`Deno.test({ name: ${named("Q2")}, fn })`), ["Q2"]);
  assert.deepEqual(quotesIn(`// Q1: this\nassert.equal(a, b, ${named("Q1")}); test("holds (Q1)", act);`), []);
});
