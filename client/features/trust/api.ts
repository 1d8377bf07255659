/** How far a map of a picture can be trusted, over HTTP. */
import * as v from "valibot";
import type { OptionValues } from "../../../shared/protocol.ts";
import { ExplainLineSchema, type Trust } from "../../../shared/trust.ts";
import { readNdjson } from "../../../shared/ndjson.ts";
import { checked, Refusal } from "../../http/http.ts";

/** Which map is measured. */
export interface TrustQuestion {
  /** Id of the model; null: the server's first one. */
  readonly model: string | null;
  readonly method: string;
  /** The class in words, by its index (V4). */
  readonly target: string;
  /** Target layer, or null for the method's own. */
  readonly layer: string | null;
  readonly options: OptionValues;
}

/** The share that is done, 0…1, or the meters, which come last. */
export type TrustNews = { readonly progress: number } | { readonly trust: Trust };

/**
 * Measures a map of a PNG.
 *
 * @throws Refusal, or TypeError where the server cannot be reached
 */
export async function* askTrust(
  { model, method, target, layer, options }: TrustQuestion,
  picture: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): AsyncGenerator<TrustNews, void, undefined> {
  const query = new URLSearchParams({ method, class: target, trust: "1", format: "lines" });
  if (model !== null) query.set("model", model);
  if (layer !== null) query.set("layer", layer);
  for (const [name, value] of Object.entries(options)) query.set(name, String(value));
  const response = await checked(
    await fetch(`/api/explain?${query}`, {
      method: "POST",
      body: picture,
      headers: { "content-type": "image/png" },
      signal,
    }),
  );
  for await (const json of readNdjson(response.body)) {
    const line = v.parse(ExplainLineSchema, json);
    if ("code" in line) throw new Refusal(line.words);
    if ("progress" in line) yield line;
    else if (line.document.attribution?.trust !== undefined) yield { trust: line.document.attribution.trust };
  }
}
