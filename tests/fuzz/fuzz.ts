/** Sends a real server input of every kind at once, and then looks whether it is the one that it was. */
import { LiveClient } from "../support/live_client.ts";
import { startServer } from "../support/server.ts";
import { models } from "./models.ts";
import { onnx } from "./onnx.ts";
import { pictures } from "./pictures.ts";
import { Random } from "../support/random.ts";
import { requests } from "./requests.ts";
import { sockets } from "./sockets.ts";
import { tables } from "./tables.ts";
import { taught } from "./taught.ts";
import { type Kind, patiently, type Target } from "./target.ts";
import { uploads } from "./uploads.ts";

const KINDS: readonly Kind[] = [sockets, requests, pictures, uploads, models, onnx, tables, taught];

/** Findings that are told apart; a fault that every step meets fills no log. */
const MAX_FINDINGS = 20;

/** What a run is made of. */
export interface FuzzRun {
  readonly seed: number;
  /** How long it takes at most. */
  readonly durationMs: number;
  /** Names of the kinds; absent: all. */
  readonly only?: readonly string[];
  /** Steps of each kind by its name; absent: as many as there is time for. */
  readonly most?: Readonly<Record<string, number>>;
  /** Called after each step of a kind, with the number of its steps. */
  readonly onStep?: (kind: string, steps: number) => void;
}

/** What came of it. */
export interface FuzzOutcome {
  readonly steps: ReadonlyMap<string, number>;
  /** What must not happen, each with the seed of its step. */
  readonly findings: readonly string[];
}

/** Fuzzes a server of its own until the time is over or all steps are made. */
export async function fuzz({ seed, durationMs, only, most, onStep }: FuzzRun): Promise<FuzzOutcome> {
  const data = await Deno.makeTempDir({ prefix: "gradcast-fuzz-" });
  const findings: string[] = [];
  const steps = new Map<string, number>();
  const endMs = performance.now() + durationMs;
  try {
    await using server = await startServer(0, ["--data", data]);
    const born = await bornOf(server.url);
    const run = async ({ name, step }: Kind): Promise<void> => {
      const last = most?.[name] ?? Infinity;
      for (let count = 1; count <= last; count++) {
        if (performance.now() >= endMs || findings.length >= MAX_FINDINGS) break;
        const stepSeed = Math.imul(seed, 0x9e37_79b1) + count >>> 0;
        const target: Target = {
          server,
          found: (what) => findings.push(`${name} (seed ${seed}, step ${count}): ${what}`),
        };
        await step(target, new Random(stepSeed));
        steps.set(name, count);
        onStep?.(name, count);
      }
    };
    const kinds = KINDS.filter(({ name }) => only?.includes(name) ?? true);
    await Promise.all(kinds.map(run));
    if (await bornOf(server.url) !== born) findings.push("the server is another process than it was");
    if (await patiently(serves(server.port)) === null) findings.push("the server explains nothing any more");
    return { steps, findings };
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** What tells one process of the server from another. */
async function bornOf(url: string): Promise<unknown> {
  const { startedMs } = await (await fetch(`${url}/healthz`)).json();
  return startedMs;
}

/** A well-behaved viewer is served. */
async function serves(port: number): Promise<true> {
  await using client = await LiveClient.greet(port);
  client.frame(1, await Deno.readFile(new URL("../fixtures/photos/coffee.png", import.meta.url)));
  await client.message("result");
  return true;
}
