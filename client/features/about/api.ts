/** What the model is made of, over HTTP. */
import * as v from "valibot";
import { type ModelAbout, ModelAboutSchema } from "../../../shared/model_about.ts";
import { checked } from "../../http/http.ts";

const AnswerSchema = v.object({ about: ModelAboutSchema });

/**
 * Asks for the facts about a model.
 *
 * @throws Refusal, or TypeError where the server cannot be reached
 */
export async function askAbout(model: string, signal: AbortSignal): Promise<ModelAbout> {
  const query = new URLSearchParams({ model });
  const response = await checked(await fetch(`/api/model?${query}`, { signal }));
  return v.parse(AnswerSchema, await response.json()).about;
}
