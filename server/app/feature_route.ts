/** `GET /api/feature`: a feature visualisation that is sent while it grows, line by line (PROTOCOL.md, I). */
import type { Handler } from "hono";
import { GradcastError } from "../../shared/errors.ts";
import type { FeatureLine } from "../../shared/inside.ts";
import { MAX_KEPT_FEATURES } from "../../shared/limits.ts";
import { LruCache } from "../../shared/lru_cache.ts";
import { NDJSON_TYPE, ndjsonLine } from "../../shared/ndjson.ts";
import type { LoadedModel } from "../engine/port.ts";
import { checkFeature, type FeatureProgress, visualise } from "../inside/mod.ts";
import { featureVisualization, type ResolvedRequest } from "../methods/mod.ts";
import { encodePng } from "../report/mod.ts";
import { isHead } from "./_head.ts";
import { refusalLine, streamOf } from "./_ndjson.ts";
import { resolveQuery } from "./_inside_query.ts";
import type { Guest } from "./guest.ts";
import type { Hub } from "./hub.ts";
import type { OwnMachine } from "./own_machine.ts";
import { whoseOf } from "./whose.ts";

/** Runs feature visualisations as guests of the hub and keeps what was finished. */
export function featureRoute(hub: Hub, own: OwnMachine): Handler {
  const kept = new LruCache<string, string>(MAX_KEPT_FEATURES);
  return async function featureRouteHandler(context) {
    const { req, env } = context;
    const { signal } = req.raw;
    const parameters = new URL(req.url).searchParams;
    const { model } = await hub.models.describe(parameters.get("model"), signal);
    const requestOf = (now: LoadedModel) => {
      const request = resolveQuery(now, { parameters, method: featureVisualization.id });
      checkFeature(now, request);
      return request;
    };
    const request = requestOf(model);
    const headers = { "content-type": NDJSON_TYPE };
    if (isHead(env)) return new Response(null, { headers });
    const key = keyOf(model, request);
    const known = kept.get(key);
    if (known !== undefined) return new Response(known, { headers });
    const whose = whoseOf(own, context);
    const limit = hub.features.exceeded(whose, 1);
    if (limit !== null) {
      throw new GradcastError(
        "busy",
        `Cannot visualise: ${limit} visualisations run at a time, and that many are under way. Try again later`,
      );
    }
    const stop = new AbortController();
    const run = hub.features.open(whose);
    using held = new DisposableStack();
    held.use(run);
    run.add(1);
    const requested = held.use(await hub.models.request(model.id, signal));
    const guest = hub.guest(
      requested,
      whose,
      AbortSignal.any([signal, stop.signal]),
      () => run[Symbol.dispose](),
    );
    held.move();
    const lines = linesOf(requestOf, { guest, keep: (line) => kept.set(key, line) });
    return new Response(streamOf(lines, stop, guest), { headers });
  };
}

interface Run {
  readonly guest: Guest;
  readonly keep: (line: string) => void;
}

async function* linesOf(
  requestOf: (model: LoadedModel) => ResolvedRequest,
  { guest, keep }: Run,
): AsyncGenerator<string, void, undefined> {
  const { model: before } = guest;
  try {
    try {
      yield* growing(requestOf(before), { guest, keep });
    } catch (error) {
      if (!guest.hasChanged(before, error)) throw error;
      // From the beginning with the model as it is now.
      yield* growing(requestOf(guest.model), { guest, keep });
    }
  } catch (error) {
    yield ndjsonLine(refusalLine(error, { logger: guest.logger, action: "visualise" }));
  }
}

async function* growing(
  request: ResolvedRequest,
  { guest, keep }: Run,
): AsyncGenerator<string, void, undefined> {
  const { frame, signal, model } = guest;
  await guest.admit("png", blankPicture(model));
  for await (const progress of visualise(request, { engine: guest, frame, signal })) {
    const line = ndjsonLine(lineOf(model, progress));
    if (progress.done) keep(line);
    yield line;
  }
}

function lineOf(
  { height, width }: LoadedModel,
  { step, steps, done, rgb, silent }: FeatureProgress,
): FeatureLine {
  return {
    step,
    steps,
    done,
    silent,
    png: rgb === null ? null : encodePng({ height, width, rgb }).toBase64(),
  };
}

/** A frame for the rows to belong to: what it shows plays no part. */
function blankPicture({ height, width }: LoadedModel): Uint8Array<ArrayBuffer> {
  return encodePng({ height, width, rgb: new Uint8Array(height * width * 3).fill(128) });
}

/** A model that was changed has other features under the same id. */
function keyOf(
  { id, normalisation, about: { hash } }: LoadedModel,
  { target, layer, options }: ResolvedRequest,
): string {
  const model = [id, hash?.sha256 ?? null, normalisation];
  return JSON.stringify([model, layer, options["of"] === "class" ? target : null, options]);
}
