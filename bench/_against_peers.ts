/** The comparisons of `deno task bench --peers`. */
import { METHODS } from "../server/methods/mod.ts";
import { correlation } from "../shared/correlation.ts";
import type { OptionValues } from "../shared/protocol.ts";
import type { Asked, Ours } from "./_ours.ts";
import type { Peer, Peers } from "./_peers.ts";
import type { Comparison } from "./_rows.ts";

/** What is asked for where our own defaults are others than the peers', by row. */
const OPTIONS: Readonly<Record<string, OptionValues>> = {
  "smoothgrad": { samples: 25 },
  "integrated-gradients": { steps: 50 },
  "score-cam": { "top-channels": 64 },
  "score-cam:full": { "top-channels": 1280 },
  "occlusion": { window: 32, stride: 16 },
  "occlusion:budget": { window: 32, stride: 16, budget: 89 },
};

/** Rows whose maps stand for another row's: how alike they are is reported with the times. */
const APPROXIMATIONS = [["score-cam", "score-cam:full"], ["occlusion:budget", "occlusion"]] as const;

/** Largest ratios that are aimed at, by row. */
const GOALS: Readonly<Record<string, number>> = {
  "grad-cam": 0.4,
  "grad-cam:captum": 0.75,
  "saliency": 1,
  "saliency:forward": 2.6,
  "smoothgrad:sample": 2.4,
  "integrated-gradients:sample": 2.4,
  "fullgrad": 0.06,
  "score-cam": 0.05,
  "occlusion": 0.75,
  "occlusion:budget": 0.4,
};

/** Enough pairs for a median that holds. */
const ROUNDS = { quick: 25, slow: 5, once: 1 } as const;

/** A comparison with the pairs that it needs. */
export interface Round extends Comparison {
  readonly rounds: number;
}

/** Every comparison with a peer whose method is ours too, and those of the same methods with ourselves. */
export function againstPeers(ours: Ours, peers: Peers): Round[] {
  const known = new Set(["forward", ...METHODS.map(({ id }) => id)]);
  const rows = peers.rows.filter(({ name }) => known.has(methodOf(name)));
  const occlusion = rows.find(({ name }) => name === "occlusion");
  return [
    ...rows.map((peer) => withPeer(ours, peers, peer)),
    ...(occlusion === undefined ? [] : [withinBudget(ours, peers, occlusion)]),
    ...againstOurselves(ours).filter((row) => rows.some(({ name }) => methodOf(name) === methodOf(row.name))),
  ];
}

/** Pearson correlation of each approximation's map with the whole one's, by row, where both were made. */
export function agreement(ours: Ours): Record<string, number> {
  return Object.fromEntries(APPROXIMATIONS.flatMap(([name, whole]) => {
    const [map, wholeMap] = [ours.lastMap(asked(name)), ours.lastMap(asked(whole))];
    return map === null || wholeMap === null ? [] : [[name, correlation(map.values, wholeMap.values)]];
  }));
}

function withPeer(ours: Ours, peers: Peers, { name, other, runs }: Peer): Round {
  return {
    name,
    other,
    goal: GOALS[name] ?? null,
    rounds: runs,
    ours: () => name === "forward" ? ours.forward() : ours.explain(asked(name)),
    others: () => peers.once(name),
  };
}

function withinBudget(ours: Ours, peers: Peers, { other, runs }: Peer): Round {
  return {
    name: "occlusion:budget",
    other: `${other}, all windows`,
    goal: GOALS["occlusion:budget"] ?? null,
    rounds: runs,
    ours: () => ours.explain(asked("occlusion:budget")),
    others: () => peers.once("occlusion"),
  };
}

/** What no library has to be asked for. */
function againstOurselves(ours: Ours): Round[] {
  const perSample = (method: string, samples: number): Round => ({
    name: `${method}:sample`,
    other: "our own forward in batches of 8, per image",
    goal: GOALS[`${method}:sample`] ?? null,
    rounds: ROUNDS.slow,
    ours: async () => await ours.explain(asked(method)) / samples,
    others: () => ours.batchedForward(),
  });
  return [
    {
      name: "saliency:forward",
      other: "our own forward",
      goal: GOALS["saliency:forward"] ?? null,
      rounds: ROUNDS.quick,
      ours: () => ours.explain(asked("saliency")),
      others: () => ours.forward(),
    },
    perSample("smoothgrad", 25),
    perSample("integrated-gradients", 50),
    {
      name: "score-cam:full",
      other: "our own with 64 channels",
      goal: null,
      rounds: ROUNDS.once,
      ours: () => ours.explain(asked("score-cam:full")),
      others: () => ours.explain(asked("score-cam")),
    },
  ];
}

/** What a row asks of us. */
function asked(name: string): Asked {
  const options = OPTIONS[name] ?? OPTIONS[methodOf(name)];
  return { method: methodOf(name), ...(options === undefined ? {} : { options }) };
}

function methodOf(name: string): string {
  return name.split(":")[0] ?? name;
}
