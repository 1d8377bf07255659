/** Models over HTTP: uploaded, opened, described, changed and removed. */
import * as v from "valibot";
import {
  type ModelChange,
  type ModelRoom,
  ModelRoomSchema,
  type NewModel,
  type OpenedModel,
  OpenedModelSchema,
  type PresetRow,
  PresetRowSchema,
} from "../../../shared/model_wire.ts";
import { checked } from "../../http/http.ts";

const MODELS = "/api/models";

const BegunSchema = v.object({ id: v.string() });
const PresetsSchema = v.object({ presets: v.array(PresetRowSchema) });

/**
 * Asks how much room is left, and thereby whether this page may open models.
 *
 * @throws Refusal, or TypeError where the server cannot be reached; so do all the others
 */
export async function askRoom(): Promise<ModelRoom> {
  return v.parse(ModelRoomSchema, await (await checked(await fetch(`${MODELS}/room`))).json());
}

/** Announces an upload; returns its id. */
export async function announce(model: NewModel, signal: AbortSignal): Promise<string> {
  return v.parse(BegunSchema, await (await send("POST", MODELS, model, signal)).json()).id;
}

/** Sends a file of an upload; `onProgress` receives the bytes that have left. */
export function sendFile(
  { id, path, file }: { readonly id: string; readonly path: string; readonly file: File },
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const address = `${MODELS}/${id}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
  // Of `fetch` nobody learns how much has left.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    request.upload.addEventListener("progress", ({ loaded }) => onProgress(loaded));
    request.addEventListener("loadend", () => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return reject(signal.reason);
      if (request.status === 0) return reject(new TypeError("The server cannot be reached"));
      const answer = new Response(request.status === 204 ? null : request.responseText, {
        status: request.status,
      });
      checked(answer).then(() => resolve(), reject);
    });
    request.open("PUT", address);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });
}

/** Has an upload opened whose files are all there. */
export async function completeUpload(id: string, signal: AbortSignal): Promise<OpenedModel> {
  return v.parse(
    OpenedModelSchema,
    await (await send("POST", `${MODELS}/${id}/complete`, null, signal)).json(),
  );
}

/** Takes an upload back that is not complete. */
export async function abandonUpload(id: string): Promise<void> {
  await send("DELETE", `${MODELS}/${id}/upload`, null);
}

/** What is known of an uploaded model. */
export async function askOpened(id: string): Promise<OpenedModel> {
  return v.parse(OpenedModelSchema, await (await checked(await fetch(`${MODELS}/${id}`))).json());
}

/** What it says of the sample photos under each normalisation. */
export async function askPresets(id: string): Promise<readonly PresetRow[]> {
  return v.parse(PresetsSchema, await (await send("POST", `${MODELS}/${id}/presets`, null)).json()).presets;
}

/** Changes its card. */
export async function changeModel(id: string, change: ModelChange): Promise<OpenedModel> {
  return v.parse(OpenedModelSchema, await (await send("PATCH", `${MODELS}/${id}`, change)).json());
}

export async function removeModel(id: string): Promise<void> {
  await send("DELETE", `${MODELS}/${id}`, null);
}

export async function restoreModel(id: string): Promise<void> {
  await send("POST", `${MODELS}/${id}/restore`, null);
}

async function send(
  method: string,
  path: string,
  body: object | null,
  signal?: AbortSignal,
): Promise<Response> {
  return await checked(
    await fetch(path, {
      method,
      ...(signal !== undefined && { signal }),
      ...(body !== null && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    }),
  );
}
