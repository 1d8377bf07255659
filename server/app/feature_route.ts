/** `GET /api/feature`: a feature visualisation that is told while it grows, line by line (PROTOCOL.md, I). */
import type { Handler } from "hono";
import { ERRORS, GradcastError } from "../../shared/errors.ts";
import type { FeatureLine } from "../../shared/inside.ts";
import { MAX_FEATURE_RUNS, MAX_KEPT_FEATURES } from "../../shared/limits.ts";
import type { LoadedModel } from "../engine/port.ts";
import { checkFeature, type FeatureProgress, visualise } from "../inside/mod.ts";
import { featureVisualization, type ResolvedRequest } from "../methods/mod.ts";
import { encodePng } from "../report/mod.ts";
import { Kept } from "./_kept.ts";
import { resolveQuery } from "./_inside_query.ts";
import type { Guest } from "./guest.ts";
import type { Hub } from "./hub.ts";

/** Lines of JSON. */
const LINES_TYPE = "application/x-ndjson";

/** Runs feature visualisations as guests of the hub and keeps what was finished. */
export function featureRoute(hub: Hub): Handler {
  const kept = new Kept<string>(MAX_KEPT_FEATURES);
  let runs = 0;
  return function featureRouteHandler({ req }) {
    const model = hub.loadedModel;
    const request = resolveQuery(model, {
      parameters: new URL(req.url).searchParams,
      method: featureVisualization.id,
    });
    checkFeature(model, request);
    const key = keyOf(model, request);
    const known = kept.get(key);
    if (known !== undefined) return new Response(known, { headers: { "content-type": LINES_TYPE } });
    if (runs >= MAX_FEATURE_RUNS) {
      throw new GradcastError(
        "busy",
        `Cannot visualise as ${MAX_FEATURE_RUNS} visualisations run at a time: current value is ${runs} under way`,
      );
    }
    const stop = new AbortController();
    const guest = hub.guest(AbortSignal.any([req.raw.signal, stop.signal]));
    runs++;
    const end = () => {
      guest[Symbol.dispose]();
      runs--;
    };
    const lines = linesOf(model, request, { guest, keep: (line) => kept.set(key, line), end });
    return new Response(streamOf(lines, stop), { headers: { "content-type": LINES_TYPE } });
  };
}

interface Run {
  readonly guest: Guest;
  readonly keep: (line: string) => void;
  readonly end: () => void;
}

async function* linesOf(
  model: LoadedModel,
  request: ResolvedRequest,
  { guest, keep, end }: Run,
): AsyncGenerator<string, void, undefined> {
  const { frame, signal } = guest;
  try {
    await guest.admit("png", blankPicture(model));
    for await (const progress of visualise(request, { engine: guest, frame, signal })) {
      const line = textOf(lineOf(model, progress));
      if (progress.done) keep(line);
      yield line;
    }
  } catch (error) {
    yield textOf(refusalOf(error));
  } finally {
    end();
  }
}

/** The lines as they are asked for: a client that stops reading stops the work. */
function streamOf(
  lines: AsyncGenerator<string, void, undefined>,
  stop: AbortController,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      // Before the generator is ended: it may be waiting for a row, which only the signal cuts short.
      stop.abort();
      await lines.return();
    },
  });
}

function lineOf({ height, width }: LoadedModel, { step, steps, done, rgb }: FeatureProgress): FeatureLine {
  return { step, steps, done, png: rgb === null ? null : encodePng({ height, width, rgb }).toBase64() };
}

function refusalOf(error: unknown): FeatureLine {
  const code = error instanceof GradcastError ? error.code : "server-fault";
  const { words } = ERRORS[code];
  return { code, message: error instanceof GradcastError ? error.message : words, words };
}

function textOf(line: FeatureLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** A frame for the rows to belong to: what it shows plays no part. */
function blankPicture({ height, width }: LoadedModel): Uint8Array<ArrayBuffer> {
  return encodePng({ height, width, rgb: new Uint8Array(height * width * 3).fill(128) });
}

function keyOf({ id }: LoadedModel, { target, layer, options }: ResolvedRequest): string {
  return JSON.stringify([id, layer, options["of"] === "class" ? target : null, options]);
}
