/** `POST /api/network`: one picture in, the network drawn out (PROTOCOL.md, I9 to I13). */
import type { Handler } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { DRAWN_CHANNELS, encodeNetwork, MAX_DRAWN_CHANNELS } from "../../shared/network.ts";
import type { LoadedModel } from "../engine/port.ts";
import { checkNetwork, drawNetwork, type NetworkRequest } from "../inside/mod.ts";
import { activations } from "../methods/mod.ts";
import { resolveQuery, wholeNumber } from "./_inside_query.ts";
import { unknownName } from "./_query.ts";
import { receivePicture } from "./_received.ts";
import type { Hub } from "./hub.ts";
import type { OwnMachine } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Names that the address takes. */
const NAMES = ["model", "class", "lines", "drawn", "channels", "layer", "channel"];

/** Draws the network for the picture of a request, as a guest of the hub. */
export function networkRoute(hub: Hub, own: OwnMachine): Handler {
  return async function networkRouteHandler(context) {
    const { req } = context;
    const parameters = new URL(req.url).searchParams;
    const { model: described } = await hub.models.describe(parameters.get("model"), req.raw.signal);
    requestOf(described, parameters);
    const model = await hub.models.request(described.id, req.raw.signal);
    const { guest, sent } = await receivePicture(hub, { model, whose: whoseOf(own, context) }, req.raw);
    using _place = guest;
    const drawn = await guest.with(
      sent.bytes,
      // A model that was changed meanwhile may have other layers.
      () => drawNetwork(guest, guest.frame, requestOf(guest.model, parameters)),
    );
    return new Response(encodeNetwork(drawn), { headers: { "content-type": "application/octet-stream" } });
  };
}

/** What is asked for, of a model as it is now. Throws GradcastError `unknown-class`, `unknown-layer` or `bad-option`. */
function requestOf(model: LoadedModel, parameters: URLSearchParams): NetworkRequest {
  for (const name of parameters.keys()) if (!NAMES.includes(name)) throw unknownName(NAMES, name);
  const named = parameters.get("class");
  const asked = new URLSearchParams(named === null ? {} : { class: named });
  const [layer, channel] = [parameters.get("layer"), wholeNumber(parameters, "channel")];
  if ((layer === null) !== (channel === null)) {
    throw new GradcastError(
      "bad-option",
      `Cannot enlarge a channel: expected 'layer' and 'channel' together, got ${
        layer === null ? "'channel'" : "'layer'"
      } alone`,
    );
  }
  const request = {
    drawn: drawnOf(parameters),
    lines: isOn(parameters, "lines"),
    raw: layer === null || channel === null ? null : { layer, channel },
  };
  checkNetwork(model, request);
  const { target } = resolveQuery(model, { parameters: asked, method: activations.id });
  return { ...request, target: named === null ? null : target };
}

/** The channels that are named, stages apart by semicolons; otherwise how many of each are drawn. */
function drawnOf(parameters: URLSearchParams): NetworkRequest["drawn"] {
  const [count, text] = [wholeNumber(parameters, "drawn"), parameters.get("channels")];
  if (text === null) return inRange("drawn", count ?? DRAWN_CHANNELS);
  if (count !== null) {
    throw new GradcastError(
      "bad-option",
      "Cannot set 'drawn': expected it or 'channels', which names them, got both",
    );
  }
  return text.split(";").map((stage) => {
    const channels = stage === "" ? [] : stage.split(",");
    const wrong = channels.find((channel) => !/^\d{1,9}$/.test(channel));
    if (wrong !== undefined) {
      throw new GradcastError(
        "bad-option",
        `Cannot set 'channels': expected whole numbers apart by commas, stages by semicolons, got '${wrong}'`,
      );
    }
    if (channels.length > 0) inRange("channels", channels.length);
    return channels.map(Number);
  });
}

function inRange(name: string, count: number): number {
  if (count >= 1 && count <= MAX_DRAWN_CHANNELS) return count;
  throw new GradcastError(
    "bad-option",
    `Cannot set '${name}': expected 1 to ${MAX_DRAWN_CHANNELS} channels of a stage, got ${count}`,
  );
}

function isOn(parameters: URLSearchParams, name: string): boolean {
  const text = parameters.get(name) ?? "0";
  if (text === "0" || text === "1") return text === "1";
  throw new GradcastError("bad-option", `Cannot set '${name}': expected 0 or 1, got '${text}'`);
}
