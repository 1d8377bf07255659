/** The network drawn for one picture: its stages, their strongest channels, and what flows between them. */
import { GradcastError } from "../../shared/errors.ts";
import type { DrawnNetwork, DrawnStage, StageNumbers } from "../../shared/network.ts";
import { MAX_DRAWN_CELLS } from "../../shared/limits.ts";
import type { Detail, Engine, FrameKey, LoadedModel, Want } from "../engine/port.ts";
import {
  channelTiles,
  checkChannel,
  extentOfLayer,
  predictionOf,
  type ResolvedTarget,
  targetClass,
} from "../methods/mod.ts";
import { networkStages } from "./network_stages.ts";
import { packTiles } from "./pack_tiles.ts";

/** What is asked for of a picture. */
export interface NetworkRequest {
  /** Class whose contributions are wanted, or null: channels are then ranked by their mean activation. */
  readonly target: ResolvedTarget | null;
  /** How many channels of each stage are drawn, or `[stages]` which ones. */
  readonly drawn: number | readonly (readonly number[])[];
  /** Whether lines are wanted: a backward pass to the stage before for each channel. */
  readonly lines: boolean;
  /** Channel of a stage whose activations are wanted as they are, or null. */
  readonly raw: { readonly layer: string; readonly channel: number } | null;
}

type Drawing = Extract<Detail, { kind: "network" }>;
type StageDetail = Drawing["stages"][number];

/**
 * Refuses what the model cannot draw, before anything is computed.
 *
 * @returns its stages
 * @throws GradcastError `unknown-layer` where it has no spatial layer or the channel's layer is not drawn, `bad-option`
 */
export function checkNetwork(
  model: LoadedModel,
  { drawn, raw }: Pick<NetworkRequest, "drawn" | "raw">,
): readonly string[] {
  const stages = networkStages(model);
  if (stages.length === 0) {
    throw new GradcastError(
      "unknown-layer",
      `Cannot draw the network: it needs a layer with height, width and channels, got the model '${model.id}', which has none`,
    );
  }
  if (raw !== null && !stages.includes(raw.layer)) {
    throw new GradcastError(
      "unknown-layer",
      `Cannot enlarge a channel: expected a layer that is drawn, ${stages.join(" or ")}, got '${raw.layer}'`,
    );
  }
  if (raw !== null) checkChannel(raw.channel, channelsOf(model, raw.layer), raw.layer);
  if (typeof drawn === "number") return stages;
  if (drawn.length !== stages.length) {
    throw new GradcastError(
      "bad-option",
      `Cannot set 'channels': expected channels of ${stages.length} stages, got ${drawn.length}`,
    );
  }
  for (const [at, layer] of stages.entries()) {
    for (const channel of drawn[at] ?? []) checkChannel(channel, channelsOf(model, layer), layer);
  }
  return stages;
}

function channelsOf({ layers }: LoadedModel, layer: string): number {
  return layers.find(({ name }) => name === layer)?.shape.at(-1) ?? 0;
}

/**
 * Asks for one row of the frame and draws the network from it.
 *
 * @throws GradcastError as `checkNetwork`, `engine-failed` where the row failed
 */
export async function drawNetwork(
  engine: Pick<Engine, "run" | "model">,
  frame: FrameKey,
  request: NetworkRequest,
): Promise<DrawnNetwork> {
  const { model } = engine;
  const layers = checkNetwork(model, request);
  const { target, drawn, lines, raw } = request;
  const hasGradient = target !== null && model.withoutGradients !== true;
  const want: Want = {
    kind: "network",
    layers,
    score: hasGradient ? { kind: "target", target, score: "logit" } : null,
    drawn,
    lines,
    ...(raw === null ? {} : { plane: raw }),
  };
  const { rows: [row] } = await engine.run([{ frame, variation: { kind: "none" }, want }]);
  if (row?.ok !== true || row.detail?.kind !== "network") {
    throw new GradcastError(
      "engine-failed",
      `Cannot draw the network: its row has no values, got ${row?.ok === false ? row.reason : "none"}`,
    );
  }
  const { stages, plane } = row.detail;
  const parts = stages.map((stage) => partsOf(model, stage, hasGradient));
  return {
    head: {
      measure: hasGradient ? "contribution" : "activity",
      target: target === null ? null : predictionOf(row.logits, model, targetClass(row.logits, target)),
      raw: raw === null ? null : { stage: layers.indexOf(raw.layer), channel: raw.channel },
      stages: parts.map(({ stage }) => stage),
    },
    raw: plane === null ? null : Float32Array.from(plane.values),
    numbers: parts.map(({ numbers }) => numbers),
  };
}

function partsOf(
  model: LoadedModel,
  detail: StageDetail,
  hasGradient: boolean,
): { readonly stage: DrawnStage; readonly numbers: StageNumbers } {
  const { layer, height, width, channels, sums, peaks, cells, drawn, planes, lines } = detail;
  const tiles = packTiles(
    { height, width, count: drawn.length, values: channelTiles(planes, 0, drawn.length) },
    MAX_DRAWN_CELLS,
  );
  return {
    stage: {
      layer,
      height,
      width,
      ...extentOfLayer(model, layer),
      tileHeight: tiles.height,
      tileWidth: tiles.width,
      channels,
      total: sums.reduce((sum, value) => sum + value, 0),
      magnitude: sums.reduce((sum, value) => sum + Math.abs(value), 0),
      exact: hasGradient && layer === model.projectionLayer,
      drawn: drawn.map((channel) => ({ channel, value: sums[channel] ?? 0 })),
      lines: lines === null ? null : [...lines],
    },
    numbers: { peaks, cells: Uint32Array.from(cells), tiles: tiles.bytes },
  };
}
