/** `POST /api/picture`: whether a picture can be read (PROTOCOL.md, A13). */
import type { Handler } from "hono";
import { receivePicture } from "./_received.ts";
import type { Hub } from "./hub.ts";
import type { OwnMachine } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Reads the picture of a request as a guest of the hub, and answers with what is to be known of its file. */
export function pictureRoute(hub: Hub, own: OwnMachine): Handler {
  return async function pictureRouteHandler(context) {
    const { raw } = context.req;
    const model = await hub.models.request(context.req.query("model") ?? null, raw.signal);
    const { guest, sent } = await receivePicture(hub, { model, whose: whoseOf(own, context) }, raw);
    using _place = guest;
    const { notes } = await guest.take(sent.bytes);
    return context.json({ notes });
  };
}
