/** What a layer makes of one picture: a page of its channels, one of them as it is, and what they add to a class. */
import { GradcastError } from "../../shared/errors.ts";
import type { Inside, InsideHead } from "../../shared/inside.ts";
import { TOP_CHANNELS } from "../../shared/limits.ts";
import type { Engine, FrameKey, LoadedModel, Volume } from "../engine/port.ts";
import {
  channelTiles,
  checkChannel,
  extentOfLayer,
  pageOf,
  predictionOf,
  type ResolvedTarget,
  targetClass,
} from "../methods/mod.ts";
import { contributions, largest } from "./contributions.ts";
import { packTiles } from "./pack_tiles.ts";

/** What is asked for of a picture. */
export interface InsideRequest {
  readonly layer: string;
  /** Page of channels, 1 or more. */
  readonly page: number;
  /** Channel whose activations are wanted as they are, or null. */
  readonly channel: number | null;
  /** Class whose contributions are wanted, or null: they cost a backward pass. */
  readonly target: ResolvedTarget | null;
}

/**
 * Refuses a page or a channel that the layer does not have, before anything is computed.
 *
 * @throws GradcastError `bad-option`
 */
export function checkInside(model: LoadedModel, { layer, page, channel }: InsideRequest): void {
  const channels = model.layers.find(({ name }) => name === layer)?.shape.at(-1) ?? 0;
  pageOf(page, channels, layer);
  if (channel !== null) checkChannel(channel, channels, layer);
}

/**
 * Asks for one row of the frame and reads the layer off it.
 *
 * @throws GradcastError `bad-option` as `checkInside`, `engine-failed` where the row failed
 */
export async function lookInside(
  engine: Pick<Engine, "run" | "model">,
  frame: FrameKey,
  request: InsideRequest,
): Promise<Inside> {
  const { model } = engine;
  const { layer, target, channel } = request;
  checkInside(model, request);
  const score = target === null ? null : { kind: "target", target, score: "logit" } as const;
  const want = { kind: "layer", layer, score } as const;
  const { rows: [row] } = await engine.run([{ frame, variation: { kind: "none" }, want }]);
  if (row?.ok !== true || row.detail?.kind !== "layer") {
    throw new GradcastError(
      "engine-failed",
      `Cannot look into ${layer}: its row has no values, got ${row?.ok === false ? row.reason : "none"}`,
    );
  }
  const { activation, gradient } = row.detail;
  const { height, width, channels } = activation;
  const page = pageOf(request.page, channels, layer);
  const tiles = packTiles({
    height,
    width,
    count: page.shown,
    values: channelTiles(activation, page.first, page.shown),
  });
  const head: InsideHead = {
    layer,
    height,
    width,
    ...extentOfLayer(model, layer),
    tileHeight: tiles.height,
    tileWidth: tiles.width,
    channels,
    page: request.page,
    ...page,
    channel,
    contributions: target === null || gradient === null ? null : shareOut(activation, gradient, {
      target: predictionOf(row.logits, model, targetClass(row.logits, target)),
      exact: layer === model.projectionLayer,
    }),
  };
  return {
    head,
    raw: channel === null ? null : planeOf(activation, channel),
    tiles: tiles.bytes,
  };
}

type Contributions = NonNullable<InsideHead["contributions"]>;

function shareOut(
  activation: Volume,
  gradient: Volume,
  of: Pick<Contributions, "target" | "exact">,
): Contributions {
  const values = contributions(activation, gradient);
  return {
    ...of,
    top: largest(values, TOP_CHANNELS),
    total: values.reduce((sum, value) => sum + value, 0),
  };
}

/** One channel as it is, `[height, width]`. */
function planeOf({ height, width, channels, values }: Volume, channel: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: height * width }, (_, place) => values[place * channels + channel] ?? 0);
}
