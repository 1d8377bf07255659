/** `POST /api/picture`: whether a picture can be read (PROTOCOL.md, A13). */
import type { Handler } from "hono";
import { readBody } from "./_body.ts";
import type { Hub } from "./hub.ts";

/** Reads the picture of a request as a guest of the hub, and answers with what is to be known of its file. */
export function pictureRoute(hub: Hub): Handler {
  return async function pictureRouteHandler(context) {
    using guest = hub.guest(context.req.raw.signal);
    const { bytes } = await readBody(context.req.raw);
    const { notes } = await guest.take(bytes);
    return context.json({ notes });
  };
}
