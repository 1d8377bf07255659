/** `/api/models`: models are uploaded, described, changed and removed, by the server's own machine (PROTOCOL.md, Y). */
import { type Context, Hono } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import { MAX_MODEL_JSON_BYTES } from "../../shared/limits.ts";
import { ModelChangeSchema, NewModelSchema } from "../../shared/model_wire.ts";
import { readJson } from "./_json_body.ts";
import { readSamples, type SamplePhoto, tryPresets } from "./_presets.ts";
import type { Uploads } from "./_uploads.ts";
import type { Hub } from "./hub.ts";
import { type OwnMachine, ownMachineOnly, type Peer } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

const SAMPLES = new URL("../../client/public/samples/", import.meta.url);

/** What the routes need. */
export interface UploadRoutesParts {
  readonly hub: Hub;
  readonly own: OwnMachine;
  /** Null: the server takes none. */
  readonly uploads: Uploads | null;
}

/** The routes below `/api/models`, the list of all models left out. */
export function uploadRoutes({ hub, own, uploads }: UploadRoutesParts): Hono<{ Bindings: Peer }> {
  const app = new Hono<{ Bindings: Peer }>();
  app.use(ownMachineOnly(own));
  if (uploads === null) {
    app.all("*", () => {
      throw new GradcastError("no-uploads", "Cannot take models: the server was started with --models-mb 0");
    });
    return app;
  }
  let samples: Promise<readonly SamplePhoto[]> | null = null;
  app.get("/room", async (context) => context.json(await uploads.room()));
  app.post("/", async (context) => {
    const { name, files } = await readJson(context.req.raw, NewModelSchema, MAX_MODEL_JSON_BYTES);
    return context.json({ id: await uploads.begin(name, files) }, 201);
  });
  app.put("/:id/files/:path{.+}", async (context) => {
    await uploads.receive(idOf(context), context.req.param("path"), context.req.raw.body ?? nothing());
    return context.body(null, 204);
  });
  app.delete("/:id/upload", async (context) => {
    await uploads.abandon(idOf(context));
    return context.body(null, 204);
  });
  app.post("/:id/complete", async (context) => {
    return context.json(await uploads.complete(idOf(context), context.req.raw.signal));
  });
  app.post("/:id/restore", async (context) => {
    await uploads.restore(idOf(context));
    return context.body(null, 204);
  });
  app.post("/:id/presets", async (context) => {
    const { signal } = context.req.raw;
    const requested = await hub.models.request(idOf(context), signal);
    using guest = hub.guest(requested, whoseOf(own, context), signal);
    const photos = await (samples ??= readSamples(SAMPLES));
    return context.json({ presets: await guest.again(() => tryPresets(guest, photos)) });
  });
  app.get("/:id", async (context) => {
    return context.json(await uploads.opened(idOf(context), context.req.raw.signal));
  });
  app.patch("/:id", async (context) => {
    const change = await readJson(context.req.raw, ModelChangeSchema, MAX_MODEL_JSON_BYTES);
    return context.json(await uploads.change(idOf(context), change, context.req.raw.signal));
  });
  app.delete("/:id", async (context) => {
    await uploads.remove(idOf(context));
    return context.body(null, 204);
  });
  return app;
}

function idOf({ req }: Context): string {
  return req.param("id") ?? "";
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
