/** What can be asked of the models themselves: the list, and of each what can be done with it (PROTOCOL.md, A9 and A14). */
import { type Context, Hono } from "hono";
import { layersDocument, methodsDocument } from "../explain/mod.ts";
import type { LoadedModel } from "../engine/port.ts";
import type { Hub } from "./hub.ts";

/** The routes below `/api` that describe models. */
export function modelRoutes(hub: Hub): Hono {
  const app = new Hono();
  const described = (context: Context) =>
    hub.models.describe(context.req.query("model") ?? null, context.req.raw.signal);
  const answer = (document: (model: LoadedModel) => object) => async (context: Context) =>
    context.json(document((await described(context)).model));
  app.get("/models", (context) => context.json({ models: hub.models.list }));
  app.get("/model", async (context) => {
    const { model: { labels, about }, message: { model, methods } } = await described(context);
    return context.json({ model, labels, methods, about });
  });
  app.get("/methods", answer(methodsDocument));
  app.get("/layers", answer(layersDocument));
  return app;
}
