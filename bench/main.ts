/**
 * `deno task bench`: this engine against the stock TensorFlow.js WASM backend, or with `--peers` against the
 * field's libraries, each in one run on the same weights.
 */
import { type Engine, openEngine } from "../server/engine/mod.ts";
import { againstFirst } from "./_against_first.ts";
import { againstPeers, agreement } from "./_against_peers.ts";
import { againstStock, Stock } from "./_against_stock.ts";
import { type BenchFlags, parseFlags } from "./_flags.ts";
import { Ours } from "./_ours.ts";
import { peersOf, startPeers } from "./_peers.ts";
import { type Comparison, measure, type Row, table } from "./_rows.ts";

const MODEL_DIR = "models/efficientnet-lite0";
const SECOND_DIR = "models/efficientnet-lite1";
const PHOTO = "tests/fixtures/photos/coffee.png";
const ROUNDS = 25;

async function main(): Promise<void> {
  const flags = parseFlags(Deno.args);
  if (flags.peers === null) await benchStock(flags);
  else await benchPeers(flags, flags.peers);
}

async function benchStock(flags: BenchFlags): Promise<void> {
  const engine = await openEngine({ modelDir: MODEL_DIR });
  const stock = new Stock();
  await stock.perform({ kind: "start", modelDir: MODEL_DIR });
  const rounds = flags.rounds ?? ROUNDS;
  const photo = await Deno.readFile(PHOTO);
  const comparisons = await againstStock(engine, stock, photo);
  const rows = await measureAll(comparisons.map((comparison) => ({ ...comparison, rounds })));
  stock.close();
  // The frames of before have keys of their own, so the models that ship are compared by engines of their own.
  const models = [
    await openEngine({ modelDir: SECOND_DIR }),
    await openEngine({ modelDir: MODEL_DIR }),
  ] as const;
  const ofModels = againstFirst(...models, photo);
  rows.push(...await measureAll(ofModels.map((comparison) => ({ ...comparison, rounds }))));
  for (const one of models) await one.close();
  const machine = { ...machineOf(engine), rounds };
  say(
    flags.json
      ? JSON.stringify({ machine, rows }, null, 2)
      : `${tableOf(rows, [...comparisons, ...ofModels])}\n\n${
        inWords(engine)
      }, medians of ${rounds} pairs taken in turn; batches of 8.`,
  );
  await engine.close();
}

async function benchPeers(flags: BenchFlags, source: string): Promise<void> {
  const peers = source === "run" ? await startPeers() : peersOf(await Deno.readTextFile(source));
  // The same number of threads on both sides.
  const engine = await openEngine({ modelDir: MODEL_DIR, threads: peers.threads });
  const ours = new Ours(engine, await Deno.readFile(PHOTO));
  const limit = flags.rounds ?? Infinity;
  const comparisons = againstPeers(ours, peers)
    .map((comparison) => ({ ...comparison, rounds: Math.min(limit, comparison.rounds) }));
  const rows = await measureAll(comparisons);
  const correlations = agreement(ours);
  say(
    flags.json ? JSON.stringify({ machine: machineOf(engine), rows, correlations }, null, 2) : [
      tableOf(rows, comparisons),
      "",
      ...Object.entries(correlations).map(([name, value]) =>
        `The map of ${name} correlates ${value.toFixed(4)} with our whole one.`
      ),
      `${inWords(engine)}; peers ${source === "run" ? "taken in turn" : `as they stand in ${source}`}.`,
    ].join("\n"),
  );
  await peers.close();
  await engine.close();
}

async function measureAll(comparisons: readonly (Comparison & { rounds: number })[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const comparison of comparisons) {
    progress(`measuring ${comparison.name} …`);
    rows.push(await measure(comparison, comparison.rounds));
  }
  progress("");
  return rows;
}

function machineOf({ threads }: Engine) {
  return {
    cores: navigator.hardwareConcurrency,
    threads,
    os: Deno.build.os,
    arch: Deno.build.arch,
    deno: Deno.version.deno,
  };
}

function inWords({ threads }: Engine): string {
  return `${threads} threads on ${navigator.hardwareConcurrency} cores`;
}

function tableOf(rows: readonly Row[], comparisons: readonly Comparison[]): string {
  return table(rows, new Map(comparisons.map(({ name, goal }) => [name, goal])));
}

function progress(text: string): void {
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

await main();
