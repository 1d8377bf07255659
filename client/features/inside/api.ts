/** The network over HTTP. */
import * as v from "valibot";
import { decodeInside, type Inside } from "../../../shared/inside.ts";
import { checked } from "../../http/http.ts";
import { type LayersAnswer, LayersAnswerSchema } from "./structure.ts";

/** What is asked for of the picture. */
export interface InsideQuestion {
  /** Id of the model; null: the server's first one. */
  readonly model: string | null;
  readonly layer: string;
  readonly page: number;
  readonly channel: number | null;
  /** The class in words (V4) or a rank such as `top1`, or null where no contributions are wanted. */
  readonly target: string | null;
}

/**
 * Asks for the layers of a model.
 *
 * @throws Refusal, or TypeError where the server cannot be reached
 */
export async function askLayers(model: string | null, signal: AbortSignal): Promise<LayersAnswer> {
  const query = new URLSearchParams(model === null ? {} : { model });
  const response = await checked(await fetch(`/api/layers?${query}`, { signal }));
  return v.parse(LayersAnswerSchema, await response.json());
}

/**
 * Asks what a layer makes of a PNG.
 *
 * @throws Refusal, or TypeError where the server cannot be reached
 */
export async function askInside(
  { model, layer, page, channel, target }: InsideQuestion,
  picture: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Inside> {
  const query = new URLSearchParams({ layer, page: String(page) });
  if (model !== null) query.set("model", model);
  if (channel !== null) query.set("channel", String(channel));
  if (target !== null) query.set("class", target);
  const response = await checked(
    await fetch(`/api/inside?${query}`, {
      method: "POST",
      body: picture,
      headers: { "content-type": "image/png" },
      signal,
    }),
  );
  return decodeInside(new Uint8Array(await response.arrayBuffer()));
}
