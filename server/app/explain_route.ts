/** `POST /api/explain`: one picture in, its explanation out (PROTOCOL.md, A). */
import type { Handler } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { MAX_API_MAPS } from "../../shared/limits.ts";
import { NDJSON_TYPE } from "../../shared/ndjson.ts";
import { type Plan, planOf, readAsk } from "../explain/mod.ts";
import { makeAnswer } from "./_answer.ts";
import { answerInWorker } from "./_answer_worker_link.ts";
import { explainLines } from "./_explain_lines.ts";
import { streamOf } from "./_ndjson.ts";
import { receivePicture } from "./_received.ts";
import { type Format, type Query, readQuery } from "./_query.ts";
import type { Hub } from "./hub.ts";
import type { OwnMachine } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Explains the picture of a request as a guest of the hub. */
export function explainRoute(hub: Hub, own: OwnMachine): Handler {
  return async function explainRouteHandler(context) {
    const { req } = context;
    const query = readQuery(new URL(req.url).searchParams);
    const { words, format } = query;
    const { model: described } = await hub.models.describe(query.model, req.raw.signal);
    checkPlan(planOf(described, readAsk(words)), format);
    const model = await hub.models.request(described.id, req.raw.signal);
    const stop = new AbortController();
    const { guest, sent: { name, bytes } } = await receivePicture(
      hub,
      { model, whose: whoseOf(own, context) },
      req.raw,
      AbortSignal.any([req.raw.signal, stop.signal]),
    );
    const { frame, signal } = guest;
    if (format === "lines") {
      const lines = explainLines({ words, format, image: name, picture: bytes, frame }, guest);
      return new Response(streamOf(lines, stop, guest), { headers: { "content-type": NDJSON_TYPE } });
    }
    using _place = guest;
    const { body, headers } = await guest.with(bytes, ({ bytes: picture, notes }) => {
      const job = { words, format, image: name, picture, notes, frame };
      return isLong(query)
        ? answerInWorker(job, { engine: guest, signal })
        : makeAnswer(job, { engine: guest, signal, now: () => hub.now() });
    });
    return new Response(body, { headers });
  };
}

/** Drawing and the meters' sorting take longer than viewers' frames may wait for the event loop. */
function isLong({ words, format }: Query): boolean {
  return words.trust || format === "png" || format === "html";
}

function checkPlan({ maps, methods, classes }: Plan, format: Format): void {
  if (maps.length > MAX_API_MAPS) {
    throw new GradcastError(
      "bad-option",
      `Cannot explain the picture: expected at most ${MAX_API_MAPS} maps of it, got ` +
        `${methods} methods × ${classes} classes`,
    );
  }
  if (maps.length === 1 || format === "json" || format === "html" || format === "lines") return;
  throw new GradcastError(
    "bad-option",
    `Cannot answer in the format: ${format} holds one map, json and html hold several, got ` +
      `${maps.length} maps`,
  );
}
