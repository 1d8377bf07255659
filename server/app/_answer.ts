/** The answer to a picture: explained, then written in the form that was asked for. */
import { WHOLE_INPUT } from "../../shared/map_extent.ts";
import { NDJSON_TYPE, ndjsonLine } from "../../shared/ndjson.ts";
import { decodePicture, fitInput } from "../engine/mod.ts";
import type { Engine, FrameKey } from "../engine/port.ts";
import { documentOf, explainPicture, type Explanation, planOf, readAsk, type Words } from "../explain/mod.ts";
import { drawOverlay, encodePng, REPORT_POLICY, reportOf, scaleOf, writeNpy } from "../report/mod.ts";
import type { Format } from "./_query.ts";

/** What is asked for of a picture; plain data. */
export interface AnswerJob {
  readonly words: Words;
  readonly format: Format;
  /** What the picture is called. */
  readonly image: string;
  /** What a person should know of the picture's file. */
  readonly notes: readonly string[];
  /** The picture as the engine has accepted it. */
  readonly picture: Uint8Array<ArrayBuffer>;
  /** Key of the picture at the engine. */
  readonly frame: FrameKey;
}

/** What the work needs of the world. */
export interface AnswerWorld {
  readonly engine: Pick<Engine, "run" | "model">;
  readonly signal: AbortSignal;
  /** Monotonic time, in ms. */
  readonly now: () => number;
  /** Receives the share that is done, 0…1. */
  readonly onProgress?: (share: number) => void;
}

/** Body and headers of an answer; plain data. */
export interface Answer {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Explains a picture and writes the answer.
 *
 * @throws GradcastError as planning and the engine do, or the signal's reason
 */
export async function makeAnswer(job: AnswerJob, world: AnswerWorld): Promise<Answer> {
  const plan = planOf(world.engine.model, readAsk(job.words));
  const { image, notes, frame } = job;
  const explanation = await explainPicture({ ...world, plan, image, notes, frame });
  return await write(job, explanation);
}

async function write({ format, picture }: AnswerJob, explanation: Explanation): Promise<Answer> {
  const { model, maps: [only] } = explanation;
  const seen = async () => fitInput(await decodePicture(picture), model.width, model.height);
  switch (format) {
    case "json":
      return answer(text(JSON.stringify(documentOf(explanation))), "application/json");
    case "lines":
      return answer(text(ndjsonLine({ document: documentOf(explanation) })), NDJSON_TYPE);
    case "npy": {
      const none = { height: 0, width: 0, values: new Float32Array(), extent: WHOLE_INPUT };
      const { height, width, values, extent = WHOLE_INPUT } = only?.map ?? none;
      const { top, left, height: down, width: across } = extent;
      return answer(writeNpy({ shape: [height, width], values }), "application/octet-stream", {
        "map-extent": [top, left, down, across].join(", "),
      });
    }
    case "png": {
      const drawn = only === undefined ? await seen() : drawOverlay(await seen(), only, scaleOf([only]));
      return answer(encodePng(drawn), "image/png");
    }
    case "html":
      return answer(
        text(reportOf([{ explanation, picture: await seen() }], model.about)),
        "text/html; charset=utf-8",
        { "content-security-policy": REPORT_POLICY },
      );
    default: {
      const never: never = format;
      throw new TypeError(`Cannot answer: the format's kind ${never} is unknown`);
    }
  }
}

function text(characters: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(characters);
}

function answer(body: Uint8Array<ArrayBuffer>, type: string, more: Answer["headers"] = {}): Answer {
  return { body, headers: { "content-type": type, ...more } };
}
