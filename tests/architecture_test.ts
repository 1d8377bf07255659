import assert from "node:assert/strict";
import { phasesOf, testFiles } from "./support/phases.ts";
import { dirname, join, relative } from "node:path";

const SKIPPED = new Set(["node_modules", "dist", ".git"]);

/** The folders of ARCHITECTURE.md's table with what each may import; `a/*` is every folder in `a`, each by itself. */
async function readRules(): Promise<Map<string, Set<string>>> {
  const rules = new Map<string, Set<string>>();
  for (const line of (await Deno.readTextFile("ARCHITECTURE.md")).split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    const folder = /^`(.+)`$/.exec(cells[1] ?? "")?.[1];
    if (folder === undefined) continue;
    const named = [...(cells[3] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    const allowed = new Set((await Promise.all(named.map(expanded))).flat());
    for (const one of await expanded(folder)) rules.set(one, allowed);
  }
  return rules;
}

/** The folders that a name of the table stands for. */
async function expanded(name: string): Promise<readonly string[]> {
  if (!name.endsWith("/*")) return [name];
  const parent = name.slice(0, -2);
  const entries = await Array.fromAsync(Deno.readDir(parent));
  return entries.filter(({ isDirectory }) => isDirectory).map((entry) => `${parent}/${entry.name}`);
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && !SKIPPED.has(entry.name)) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** The longest folder of the table that holds `file`. */
function folderOf(file: string, rules: ReadonlyMap<string, unknown>): string | undefined {
  return [...rules.keys()].filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) =>
    b.length - a.length
  )[0];
}

/** Reports whether a file is a test, or a double or contract that only tests use. */
function isTest(file: string): boolean {
  return /_test\.tsx?$/.test(file) || file.split("/").includes("testing");
}

async function imports(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
    .map((match) => relative(".", join(dirname(file), match[1] ?? "")));
}

Deno.test("every folder imports only what ARCHITECTURE.md allows", async () => {
  const rules = await readRules();
  assert.ok(rules.size > 8);
  const faults: string[] = [];
  const seen = new Set<string>();
  for await (const file of sources(".")) {
    const own = folderOf(file, rules);
    if (own === undefined) {
      faults.push(`${file} lies in no folder of the table`);
      continue;
    }
    seen.add(own);
    for (const imported of await imports(file)) {
      const other = folderOf(imported, rules);
      if (other === own || other === undefined) continue;
      if (!rules.get(own)?.has(other) && !isTest(file)) faults.push(`${file} imports ${imported}`);
      if (/\/_[^/]+$/.test(imported)) faults.push(`${file} imports the private file ${imported}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.deepEqual([...rules.keys()].filter((folder) => !seen.has(folder)), []);
});

Deno.test("no files of the client import each other in a circle", async () => {
  const graph = new Map<string, readonly string[]>();
  for await (const file of sources("client")) graph.set(file, await imports(file));
  assert.ok(graph.size > 200);
  assert.deepEqual(circleIn(graph), []);
});

/** The files of one circle of imports, in its order; empty where there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const find = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return path.slice(path.indexOf(file));
    if (done.has(file)) return [];
    for (const imported of graph.get(file) ?? []) {
      const circle = find(imported, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const circle = find(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

Deno.test("circleIn() finds a circle, and none in a tree", () => {
  const tree = new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]]);
  assert.deepEqual(circleIn(tree), []);
  assert.deepEqual(circleIn(new Map([...tree, ["c", ["b"]]])), ["b", "c"]);
});

/** Lines that a function of the client has at most. */
const MAX_FUNCTION_LINES = 80;

/**
 * The functions of a file that are longer than that, as `file:line (lines)`. A function is a declaration, a method, getter or
 * constructor, a function expression or an arrow function, from its first line to its last; those inside it count as well.
 */
function longFunctions(file: string, text: string): readonly string[] {
  const found: string[] = [];
  const measure = ({ range: [from, to] }: { readonly range: readonly [number, number] }) => {
    const lines = text.slice(from, to).split("\n").length;
    if (lines > MAX_FUNCTION_LINES) {
      found.push(`${file}:${text.slice(0, from).split("\n").length} (${lines} lines)`);
    }
  };
  Deno.lint.runPlugin(
    {
      name: "length",
      rules: {
        functions: {
          create: () => ({
            FunctionDeclaration: measure,
            FunctionExpression: measure,
            ArrowFunctionExpression: measure,
          }),
        },
      },
    },
    file,
    text,
  );
  return found;
}

Deno.test("no function of the client is over 80 lines", async () => {
  const long: string[] = [];
  for await (const file of sources("client")) {
    if (!file.endsWith(".d.ts")) long.push(...longFunctions(file, await Deno.readTextFile(file)));
  }
  assert.deepEqual(long, []);
});

Deno.test("longFunctions() measures every kind of function, and nothing else", () => {
  const body = "\n".repeat(MAX_FUNCTION_LINES);
  const long = [
    `function f() {${body}}`,
    `class C { m() {${body}} }`,
    `const f = () => {${body}};`,
    `const o = { get a() {${body}} };`,
  ];
  for (const text of long) assert.deepEqual(longFunctions("a.ts", text), ["a.ts:1 (81 lines)"], text);
  for (const text of [`class C {${body}}`, `const o = {${body}};`]) {
    assert.deepEqual(longFunctions("a.ts", text), []);
  }
});

Deno.test("no production file imports a testing folder", async () => {
  const faults: string[] = [];
  for (const folder of ["shared", "server", "client"]) {
    for await (const file of sources(folder)) {
      if (isTest(file)) continue;
      for (const imported of await imports(file)) {
        if (imported.split("/").includes("testing")) faults.push(`${file} imports ${imported}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test('tables that are looked up by any word are Maps: an object has "constructor" by itself', async () => {
  const faults: string[] = [];
  for (const folder of ["shared", "server", "client"]) {
    for await (const file of sources(folder)) {
      if (isTest(file)) continue;
      const text = await Deno.readTextFile(file);
      for (const [, name] of text.matchAll(/^(?:export )?const (\w+): (?:Readonly<)?Record<string,/gm)) {
        faults.push(`${file}: ${name}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("start.json lists the packages of deno.json, without those that only tests and benches need", async () => {
  const testsOnly = [
    "axe-core",
    "d3-scale-chromatic",
    "@types/node",
    "fast-check",
    "onnxruntime-web",
    "playwright-core",
  ];
  const read = async (file: string): Promise<Record<string, string>> =>
    JSON.parse(await Deno.readTextFile(file)).imports;
  const wanted = Object.entries(await read("deno.json")).filter(([name]) => !testsOnly.includes(name));
  assert.deepEqual(await read("start.json"), Object.fromEntries(wanted));
  const lock = await Deno.readTextFile("start.lock");
  for (const name of testsOnly) {
    assert.ok(
      !lock.includes(`"${name}@`),
      `start.lock has ${name}; make it with deno install --config start.json`,
    );
  }
});

Deno.test("deno.json installs nothing by itself: commands that need the tests' packages say so", async () => {
  const { nodeModulesDir, tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  assert.equal(nodeModulesDir, "manual");
  const commands = Object.values<{ command: string } | string>(tasks)
    .flatMap((task) => (typeof task === "string" ? task : task.command).split("&"))
    .filter((command) => /deno (run|test|check)\b/.test(command));
  assert.ok(commands.length > 12);
  for (const command of commands) {
    assert.notEqual(command.includes("--config start.json"), command.includes("--node-modules-dir"), command);
  }
});

Deno.test("deno task test runs every test", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  assert.match(tasks.test.command, / tests\/main\.ts && deno task e2e$/);
  const runs = phasesOf(await testFiles()).flatMap(({ groups }) => groups.flat());
  const faults: string[] = [];
  for await (const file of sources(".")) {
    if (!/_test\.tsx?$/.test(file) || file.startsWith("tests/e2e/")) continue;
    if (!runs.includes(file)) faults.push(file);
  }
  assert.deepEqual(faults, []);
});
