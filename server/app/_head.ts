/** HEAD: a request that is answered as GET, of which the listening server sends the headers alone (A12). */
import type { Hono } from "hono";
import * as v from "valibot";

const HeadMarkSchema = v.object({ isHead: v.literal(true) });

/**
 * Lets HEAD be answered as GET, body and all: the server that listens leaves the body out and knows its length. Hono
 * takes the body away before, and an answer without one would be sent as if the file were empty.
 */
export function answeringHead(app: Hono): Hono {
  const answer = app.fetch;
  app.fetch = (request, bindings, ...rest) => {
    if (request.method !== "HEAD") return answer(request, bindings, ...rest);
    const marked = { ...(typeof bindings === "object" ? bindings : {}), isHead: true };
    return answer(new Request(request, { method: "GET" }), marked, ...rest);
  };
  return app;
}

/** True where nothing has to be made for the answer, as its body is not sent (N4). */
export function isHead(bindings: unknown): boolean {
  return v.is(HeadMarkSchema, bindings);
}
