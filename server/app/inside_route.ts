/** `POST /api/inside`: one picture in, what a layer makes of it out (PROTOCOL.md, I). */
import type { Handler } from "hono";
import { encodeInside } from "../../shared/inside.ts";
import type { LoadedModel } from "../engine/port.ts";
import { checkInside, type InsideRequest, lookInside } from "../inside/mod.ts";
import { activations } from "../methods/mod.ts";
import { resolveQuery, wholeNumber } from "./_inside_query.ts";
import { receivePicture } from "./_received.ts";
import type { Hub } from "./hub.ts";
import type { OwnMachine } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Looks at the picture of a request as a guest of the hub. */
export function insideRoute(hub: Hub, own: OwnMachine): Handler {
  return async function insideRouteHandler(context) {
    const { req } = context;
    const parameters = new URL(req.url).searchParams;
    const { model: described } = await hub.models.describe(parameters.get("model"), req.raw.signal);
    requestOf(described, parameters);
    const model = await hub.models.request(described.id, req.raw.signal);
    const { guest, sent } = await receivePicture(hub, { model, whose: whoseOf(own, context) }, req.raw);
    using _place = guest;
    const inside = await guest.with(
      sent.bytes,
      // A model that was changed meanwhile may have other layers.
      () => lookInside(guest, guest.frame, requestOf(guest.model, parameters)),
    );
    return new Response(encodeInside(inside), { headers: { "content-type": "application/octet-stream" } });
  };
}

/** What is asked for, of a model as it is now. Throws GradcastError `bad-option`. */
function requestOf(model: LoadedModel, parameters: URLSearchParams): InsideRequest {
  const query = { parameters, method: activations.id, also: ["channel"] };
  const { layer, target, options } = resolveQuery(model, query);
  const request: InsideRequest = {
    layer,
    page: Number(options["page"]),
    channel: wholeNumber(parameters, "channel"),
    target: parameters.has("class") ? target : null,
  };
  checkInside(model, request);
  return request;
}
