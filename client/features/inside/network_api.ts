/** The network drawn, over HTTP. */
import { decodeNetwork, type DrawnNetwork } from "../../../shared/network.ts";
import { checked } from "../../http/http.ts";

/** What is asked for of the picture. */
export interface NetworkQuestion {
  /** Id of the model; null: the server's first one. */
  readonly model: string | null;
  /** The class in words (V4) or a rank such as `top1`, with lines; null: the channels of `named` alone. */
  readonly target: string | null;
  /** `[stages]` the channels that are drawn, as far as they are known. */
  readonly named: readonly (readonly number[])[];
  /** The channel whose activations are wanted as they are, or null. */
  readonly raw: { readonly layer: string; readonly channel: number } | null;
}

/**
 * Asks for the network drawn for a PNG.
 *
 * @throws Refusal, or TypeError where the server cannot be reached
 */
export async function askNetwork(
  { model, target, named, raw }: NetworkQuestion,
  picture: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<DrawnNetwork> {
  const query = new URLSearchParams(model === null ? {} : { model });
  if (target !== null) {
    query.set("class", target);
    query.set("lines", "1");
  } else if (named.length > 0) query.set("channels", named.map((channels) => channels.join()).join(";"));
  if (raw !== null) {
    query.set("layer", raw.layer);
    query.set("channel", String(raw.channel));
  }
  const response = await checked(
    await fetch(`/api/network?${query}`, {
      method: "POST",
      body: picture,
      headers: { "content-type": "image/png" },
      signal,
    }),
  );
  return decodeNetwork(new Uint8Array(await response.arrayBuffer()));
}
