/** Routes and headers; builds the app without listening, so that `app.request("/healthz")` tests it. */
import { Hono } from "hono";
import { LinearRouter } from "hono/router/linear-router";
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import { RETRY_AFTER_S } from "../../shared/limits.ts";
import type { HealthSource } from "../health/mod.ts";
import { type Logger, NO_LOGGER, toWireError } from "../logger/mod.ts";
import type { ClipStore } from "../store/mod.ts";
import { KeptTables } from "../tables/mod.ts";
import { systemClock } from "../clock/mod.ts";
import type { Taught } from "../teach/mod.ts";
import type { Uploads } from "./_uploads.ts";
import { clipRoutes } from "./clip_routes.ts";
import { answeringHead } from "./_head.ts";
import { explainRoute } from "./explain_route.ts";
import { featureRoute } from "./feature_route.ts";
import { securityHeaders } from "./headers.ts";
import { hostGuard, type OriginRules } from "./host.ts";
import { healthRoute } from "./health_route.ts";
import type { Hub } from "./hub.ts";
import { pictureRoute } from "./picture_route.ts";
import { insideRoute } from "./inside_route.ts";
import type { LoopDelay } from "./loop_delay.ts";
import { modelRoutes } from "./model_routes.ts";
import { networkRoute } from "./network_route.ts";
import { originGuard } from "./origin.ts";
import { notFound, serveFolder } from "./static.ts";
import { logRoutes } from "./log_routes.ts";
import { OwnMachine, ownMachineOnly } from "./own_machine.ts";
import { tableRoutes } from "./table_routes.ts";
import { taughtRoutes } from "./taught_routes.ts";
import { uploadRoutes } from "./upload_routes.ts";
import { liveSocket, showSocket } from "./websocket.ts";

const CLIENT = new URL("../../client/", import.meta.url);
const BUILT = new URL("../../dist/client/", import.meta.url);

const EXPLAIN_PATH = "/api/explain";
const INSIDE_PATH = "/api/inside";
const NETWORK_PATH = "/api/network";
const PICTURE_PATH = "/api/picture";

/** Answers pages that may use the server; the guard answers the others. */
const ORIGIN_PATH = "/api/origin";

/** Addresses that take a picture. */
const PICTURE_PATHS: readonly string[] = [EXPLAIN_PATH, INSIDE_PATH, NETWORK_PATH, PICTURE_PATH];

/** What an app is made of. */
export interface AppParts {
  readonly hub: Hub;
  readonly origins: OriginRules;
  readonly loopDelay: LoopDelay;
  /** Where clips are kept; default null: none are kept. */
  readonly clips?: ClipStore | null;
  /** Models that people upload; default null: the server takes none. */
  readonly uploads?: Uploads | null;
  /** Tables that people opened; by default the app has its own. */
  readonly tables?: KeptTables;
  /** Models that people teach; default null: none are taught. */
  readonly taught?: Taught | null;
  /** Parts that `/healthz` asks how they are, beside the hub; default: none. */
  readonly health?: readonly HealthSource[];
  /** Receives unexpected errors; by default nobody does. */
  readonly logger?: Logger;
  /** Called once where a proxy is found that cannot be told from this machine (H10), with the page's origin. */
  readonly onHiddenProxy?: (origin: string) => void;
}

/** Builds the app. */
export function createApp(parts: AppParts): Hono {
  const {
    hub,
    origins,
    loopDelay,
    clips = null,
    uploads = null,
    tables = new KeptTables(systemClock),
    taught = null,
    health = [],
    onHiddenProxy,
    logger = NO_LOGGER,
  } = parts;
  // The default router looks a request's method up in a plain object: `constructor` made it throw.
  const app = new Hono({ router: new LinearRouter() });
  const own = new OwnMachine(onHiddenProxy);
  app.use(securityHeaders());
  app.use(hostGuard(origins));
  // Before the guard: a page of an origin that the server does not know has to come up to say so (H8).
  app.get("/", serveFolder(CLIENT, "index.html"));
  app.get("/tables", serveFolder(CLIENT, "tables.html"));
  app.get("/watch/:code", serveFolder(CLIENT, "watch.html"));
  app.get("/remote/:code", serveFolder(CLIENT, "watch.html"));
  // Parts of the script that are loaded when they are asked for lie beside it, under names made of their hash.
  app.get("/:name{[\\w-]+\\.js(\\.map)?}", serveFolder(BUILT));
  app.get("/styles/:name", serveFolder(new URL("styles/", CLIENT)));
  app.get("/samples/:name", serveFolder(new URL("public/samples/", CLIENT)));
  app.get("/favicon.svg", serveFolder(new URL("public/", CLIENT), "favicon.svg"));
  app.use(originGuard(origins, own));
  app.post(ORIGIN_PATH, (context) => context.body(null, 204));
  app.get("/ws", liveSocket(hub, own));
  app.get("/ws/watch/:code", showSocket(hub, own, "watch"));
  app.get("/ws/remote/:code", showSocket(hub, own, "remote"));
  app.get(
    "/healthz",
    healthRoute({
      sources: [...hub.health, ...health],
      loopDelay,
      downMs: () => hub.downMs,
      now: () => hub.now(),
    }),
  );
  app.route("/api", modelRoutes(hub));
  app.route("/api/models", uploadRoutes({ hub, own, uploads }));
  app.route("/api/tables", tableRoutes({ hub, own, tables, logger }));
  app.route("/api/taught", taughtRoutes({ hub, own, taught, uploads, logger }));
  app.post(EXPLAIN_PATH, explainRoute(hub, own));
  app.post(PICTURE_PATH, pictureRoute(hub, own));
  app.post(INSIDE_PATH, insideRoute(hub, own));
  app.post(NETWORK_PATH, networkRoute(hub, own));
  app.get("/api/feature", featureRoute(hub, own));
  app.use("/api/log/*", ownMachineOnly(own));
  app.route("/api/log", logRoutes(hub.log));
  app.use("/api/clips/*", ownMachineOnly(own));
  app.route("/api/clips", clipRoutes(clips));
  app.all("*", ({ req }) => {
    const takesPicture = PICTURE_PATHS.includes(req.path);
    if (!takesPicture && (req.method === "GET" || req.method === "HEAD")) {
      throw notFound(req.path);
    }
    throw new GradcastError(
      "method-not-allowed",
      `Cannot serve the request: ${
        takesPicture ? "a picture is explained by POST" : "only GET is known here"
      }, got ${req.method}`,
    );
  });
  app.onError((error, context) => {
    const { method, path, raw } = context.req;
    // Who has gone reads no answer, and what the end of their connection threw is no failure of the server.
    const gone = raw.signal.aborted;
    const place = { logger: gone ? NO_LOGGER : logger, action: `answer ${method} ${path}` };
    const body = toWireError(error, place);
    const { code } = body;
    if (!gone) hub.tally.error(code);
    const { status } = ERRORS[code];
    if (status === ERRORS.busy.status) context.header("retry-after", String(RETRY_AFTER_S));
    return context.json(body, status);
  });
  return answeringHead(app);
}
