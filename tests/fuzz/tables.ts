/** Tables: CSV files that nearly are some, and requests about them that nearly fit. */
import type { Json, Random } from "../support/random.ts";
import { ask, type Kind, type Target } from "./target.ts";

/** Cells that readers of CSV stumble over. */
const CELLS = [
  ...["1", "-2.5", "1e400", "NaN", "", " ", "?", "yes", "=1+1", "@SUM(A1)", "a,b", '"', '""', "\u0000", "ü"],
  ...["__proto__", "constructor", "x".repeat(3_000)],
];

const HEADS = ["linear", "pca-linear", "tree", "forest", "nearest", "oak", "toString"];

export const tables: Kind = { name: "tables", step };

async function step(target: Target, random: Random): Promise<void> {
  const { server } = target;
  const text = new TextEncoder().encode(csvOf(random));
  const bytes = random.chance(0.3) ? random.damageBytes(text) : text;
  const path = `/api/tables?name=${encodeURIComponent(random.word().toWellFormed())}.csv`;
  const answer = await fetch(`${server.url}${path}`, { method: "POST", body: bytes });
  const said = await answer.json();
  if (answer.status === 500) {
    target.found(`POST ${path}: 500 for ${JSON.stringify(csvOf(random)).slice(0, 300)}`);
  }
  const id = answer.status === 201 ? String(said.id) : random.word();
  const table = `/api/tables/${encodeURIComponent(id.toWellFormed())}`;
  await ask(target, `${table}/rows?from=${random.below(5) - 1}&count=${random.below(2_000)}`);
  const heads = [random.pick(HEADS), random.pick(HEADS)];
  const fit: Json = { target: random.pick(["a", "b", random.word()]), heads, seed: random.below(100) };
  const asked: readonly (readonly [string, Json])[] = [
    ["fit", fit],
    ["importance", { head: random.pick(HEADS) }],
    ["explain", { head: random.pick(HEADS), row: random.below(9) - 1 }],
    ["explain", { head: "tree", values: { a: random.pick(CELLS), b: random.pick(CELLS) } }],
  ];
  for (const [what, body] of asked) {
    const sent = JSON.stringify(random.chance(0.3) ? random.damage(body) : body);
    await ask(target, `${table}/${what}`, { method: "POST", body: sent });
  }
  await ask(target, table, { method: "DELETE" });
}

/** A few rows of two columns, most of them well formed. */
function csvOf(random: Random): string {
  const separator = random.pick([",", ",", ";", "\t", "|"]);
  const rows = Array.from({ length: random.below(12) }, (_, row) => {
    const cell = random.chance(0.5) ? String(row * 1.5) : random.pick(CELLS);
    return [cell, random.chance(0.8) ? random.pick(["yes", "no"]) : random.pick(CELLS)].join(separator);
  });
  return [`a${separator}b`, ...rows].join(random.pick(["\n", "\r\n"]));
}
