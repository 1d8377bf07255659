/** The documents say nothing that the repository no longer has: links, paths, tasks, flags, methods, the version. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { CSV_HEAD } from "../server/app/mod.ts";
import { METHODS } from "../server/methods/mod.ts";
import { readFlags } from "../server/flags.ts";
import { COLORMAP_NAMES } from "../shared/colormaps.ts";
import { VERSION } from "../shared/version.ts";

const SKIPPED = new Set(["node_modules", "dist", ".git", "data"]);

/** Most lines of the README. */
const README_LINES = 80;

/** Back-ticked text with one of these endings names a file of the repository, in full or by the end of its path. */
const SOURCE = /^[\w@./*-]+\.(tsx?|py|md|css|sh)$/;

/** Every file and folder of the repository. */
async function walk(folder = "."): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (SKIPPED.has(name)) continue;
    const path = join(folder, name);
    paths.push(path);
    if (isDirectory) paths.push(...await walk(path));
  }
  return paths;
}

const PATHS = await walk();
const DOCUMENTS = PATHS.filter((path) => path.endsWith(".md"));
const TOP = new Set(PATHS.filter((path) => !path.includes("/")));

/** A document without its fenced examples. */
async function prose(document: string): Promise<string> {
  return (await Deno.readTextFile(document)).replaceAll(/^ *```[^]*?^ *```/gm, "");
}

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-");
}

async function anchors(document: string): Promise<string[]> {
  return [...(await prose(document)).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
}

/** Whether a path of the repository is `path` or ends with it; words in capitals stand for any name. */
function exists(path: string): boolean {
  const pattern = path.replace(/\/$/, "").replaceAll(/[.+@]/g, "\\$&").replaceAll("*", "[^/]*")
    .replaceAll(/(?<![A-Za-z])[A-Z]{2,}(?![a-z]|\\\.md)/g, "[^/]+");
  const isFull = TOP.has(path.split("/")[0] ?? "");
  const regex = new RegExp(`${isFull ? "^" : "(^|/)"}${pattern}$`);
  return PATHS.some((path) => regex.test(path));
}

Deno.test("every relative link of a document leads to a file, and its anchor to a heading", async () => {
  const faults: string[] = [];
  for (const document of DOCUMENTS) {
    for (const [, link = ""] of (await prose(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = "", heading] = link.split("#");
      const path = file === "" ? document : join(dirname(document), file);
      if (!PATHS.includes(path)) faults.push(`${document}: ${link}`);
      else if (heading !== undefined && !(await anchors(path)).includes(heading)) {
        faults.push(`${document}: ${link} has no such heading`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("every picture beside the documents is shown by one", async () => {
  const texts = (await Promise.all(DOCUMENTS.map((document) => Deno.readTextFile(document)))).join("\n");
  const pictures = PATHS.filter((path) => /^docs\/.*\.(jpg|png)$/.test(path)).map((path) =>
    path.slice("docs/".length)
  );
  assert.ok(pictures.length > 0);
  assert.deepEqual(pictures.filter((name) => !texts.includes(`${name})`)), []);
});

Deno.test("every path in a document's back-ticks is one of the repository", async () => {
  const faults: string[] = [];
  let count = 0;
  for (const document of DOCUMENTS) {
    for (const [, text = ""] of (await prose(document)).matchAll(/`([^`\n]+)`/g)) {
      const isPath = text.includes("/") && !/[\s=(]/.test(text) && TOP.has(text.split("/")[0] ?? "");
      if (!isPath && !SOURCE.test(text)) continue;
      count++;
      if (!exists(text)) faults.push(`${document}: ${text}`);
    }
  }
  assert.ok(count > 50, `only ${count} paths were found`);
  assert.deepEqual(faults, []);
});

Deno.test("every task that a document names is one of deno.json", async () => {
  const tasks = Object.keys(JSON.parse(await Deno.readTextFile("deno.json")).tasks);
  const faults: string[] = [];
  for (const document of DOCUMENTS) {
    for (
      const [, task = ""] of (await Deno.readTextFile(document)).matchAll(
        /(?:deno|\S+deno@\S+) task ([a-z][\w-]*)/g,
      )
    ) {
      if (!tasks.includes(task)) faults.push(`${document}: ${task}`);
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("docs/cli.md has every flag of the server, and docs/methods.md every method and option", async () => {
  const help = readFlags(["--help"], () => undefined);
  assert.ok(help.kind === "help");
  const flags = [...help.text.matchAll(/^ +--([\w-]+)/gm)].map(([, name = ""]) => name);
  assert.ok(flags.length > 10);
  const cli = await Deno.readTextFile("docs/cli.md");
  assert.deepEqual(flags.filter((name) => !cli.includes(`--${name}`)), []);
  const methods = await Deno.readTextFile("docs/methods.md");
  // Once in a table of what it is good for, once among the definitions.
  assert.deepEqual(METHODS.map(({ id }) => id).filter((id) => methods.split(`| \`${id}\` |`).length < 3), []);
  const missing = METHODS.flatMap(({ id, options }) =>
    options.map(({ name }) => name).filter((name) =>
      !methods.includes(`| \`--${name}\` | \`${id}\` |`) && !methods.includes(`\n- \`--${name}`)
    ).map((name) => `${id} --${name}`)
  );
  assert.deepEqual(missing, []);
});

Deno.test("docs/http.md has the columns of the log's CSV, in their order", async () => {
  const table = (await Deno.readTextFile("docs/http.md")).split("| column of the CSV | what it is |\n")[1] ??
    "";
  const [, ...rows] = (table.split("\n\n")[0] ?? "").split("\n");
  const columns = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name)
  );
  assert.deepEqual(columns, CSV_HEAD.trim().split(","));
});

Deno.test("docs/guide.md has every colour map", async () => {
  const guide = await Deno.readTextFile("docs/guide.md");
  assert.deepEqual(COLORMAP_NAMES.filter((name) => !guide.includes(`\`${name}\``)), []);
});

Deno.test(`the README has at most ${README_LINES} lines`, async () => {
  const lines = (await Deno.readTextFile("README.md")).trimEnd().split("\n");
  assert.ok(lines.length <= README_LINES, `${lines.length}`);
});

Deno.test("the newest version of CHANGELOG.md is that of deno.json", async () => {
  const versions = [...(await Deno.readTextFile("CHANGELOG.md")).matchAll(/^## \[?(\d+\.\d+\.\d+)\]?/gm)];
  assert.equal(versions[0]?.[1], VERSION);
});
