/** `POST /api/inside`: one picture in, what a layer makes of it out (PROTOCOL.md, I). */
import type { Handler } from "hono";
import { encodeInside } from "../../shared/inside.ts";
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
    const { layer, target, options } = resolveQuery(described, {
      parameters,
      method: activations.id,
      also: ["channel"],
    });
    const request: InsideRequest = {
      layer,
      page: Number(options["page"]),
      channel: wholeNumber(parameters, "channel"),
      target: parameters.has("class") ? target : null,
    };
    checkInside(described, request);
    const model = await hub.models.request(described.id, req.raw.signal);
    const { guest, sent } = await receivePicture(hub, { model, whose: whoseOf(own, context) }, req.raw);
    using _place = guest;
    await guest.take(sent.bytes);
    const inside = await lookInside(guest, guest.frame, request);
    return new Response(encodeInside(inside), { headers: { "content-type": "application/octet-stream" } });
  };
}
