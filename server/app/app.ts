/** Routes and headers; builds the app without listening, so that `app.request("/healthz")` tests it. */
import { Hono } from "hono";
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import { securityHeaders } from "./headers.ts";
import type { Hub } from "./hub.ts";
import type { LoopDelay } from "./loop_delay.ts";
import { originGuard, type OriginRules } from "./origin.ts";
import { notFound, serveFolder } from "./static.ts";
import { liveSocket } from "./websocket.ts";

const CLIENT = new URL("../../client/", import.meta.url);
const BUILT = new URL("../../dist/client/", import.meta.url);

/** What an app is made of. */
export interface AppParts {
  readonly hub: Hub;
  readonly origins: OriginRules;
  readonly loopDelay: LoopDelay;
}

/** Builds the app. */
export function createApp({ hub, origins, loopDelay }: AppParts): Hono {
  const app = new Hono();
  app.use(securityHeaders());
  app.use(originGuard(origins));
  app.get("/ws", liveSocket(hub));
  app.get(
    "/healthz",
    async (context) => context.json({ status: "ok", ...await hub.stats(), loopDelayMs: loopDelay.read() }),
  );
  app.get(
    "/api/model",
    (context) => context.json({ model: hub.model, labels: hub.labels, methods: hub.methods }),
  );
  app.get("/", serveFolder(CLIENT, "index.html"));
  app.get("/main.js", serveFolder(BUILT, "main.js"));
  app.get("/main.js.map", serveFolder(BUILT, "main.js.map"));
  app.get("/styles/:name", serveFolder(new URL("styles/", CLIENT)));
  app.get("/samples/:name", serveFolder(new URL("public/samples/", CLIENT)));
  app.get("/favicon.svg", serveFolder(new URL("public/", CLIENT), "favicon.svg"));
  app.all("*", ({ req }) => {
    if (req.method === "GET" || req.method === "HEAD") throw notFound(req.path);
    throw new GradcastError(
      "method-not-allowed",
      `Cannot serve the request as only GET is known here: current value is ${req.method}`,
    );
  });
  app.onError((error, context) => {
    const code = error instanceof GradcastError ? error.code : "server-fault";
    const { status, words } = ERRORS[code];
    // Only a GradcastError's message is meant for strangers.
    const message = error instanceof GradcastError ? error.message : words;
    return context.json({ error: { code, message, words } }, status);
  });
  return app;
}
