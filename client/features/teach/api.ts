/** Collections over HTTP. */
import * as v from "valibot";
import { readNdjson } from "../../../shared/ndjson.ts";
import {
  AddedPicturesSchema,
  CluesLineSchema,
  HOLD_PARAMETER,
  ImportedSchema,
  NewClassSchema,
  TaughtEventSchema,
  TaughtHeadSchema,
  TaughtIdSchema,
  TaughtListSchema,
  TaughtPicturesSchema,
  type TaughtState,
  TaughtStateSchema,
  UndoneSchema,
  WhySchema,
} from "../../../shared/teach_wire.ts";
import { checked, Refusal } from "../../http/http.ts";
import type { CluesNews, NewPictures, TeachServer } from "./server.ts";

const TAUGHT = "/api/taught";

/** The server that the page came from. */
export const teachServer: TeachServer = {
  list: () => read(TaughtListSchema, ask("GET", TAUGHT)),
  async begin(taught) {
    return (await read(TaughtIdSchema, ask("POST", TAUGHT, taught))).id;
  },
  state: (id) => read(TaughtStateSchema, ask("GET", at(id))),
  async *watch(id, signal) {
    const { body } = await checked(await fetch(`${at(id)}/events`, { signal }));
    for await (const line of readNdjson(body)) yield accepted<TaughtState>(v.parse(TaughtEventSchema, line));
  },
  change: (id, change) => send("PATCH", at(id), change),
  async addClass(id, name) {
    return (await read(NewClassSchema, ask("POST", `${at(id)}/classes`, { name }))).key;
  },
  renameClass: (id, key, name) => send("PATCH", `${at(id)}/classes/${key}`, { name }),
  mergeClass: (id, key, into) => send("POST", `${at(id)}/classes/${key}/merge`, { into }),
  removeClass: (id, key) => send("DELETE", `${at(id)}/classes/${key}`),
  addPictures,
  async pictures(id) {
    return (await read(TaughtPicturesSchema, ask("GET", `${at(id)}/pictures`))).pictures;
  },
  changePictures: (id, ids, key) => send("PATCH", `${at(id)}/pictures`, { ids, class: key }),
  async undo(id) {
    return (await read(UndoneSchema, ask("POST", `${at(id)}/undo`))).undone;
  },
  setBox: (id, key, box) => send("POST", `${at(id)}/box`, { class: key, box }),
  async *clues(id, signal) {
    const { body } = await checked(await fetch(`${at(id)}/clues`, { method: "POST", signal }));
    for await (const line of readNdjson(body)) yield accepted<CluesNews>(v.parse(CluesLineSchema, line));
  },
  head: (id, kind, signal) =>
    read(TaughtHeadSchema, ask("GET", `${at(id)}/head?kind=${kind}`, undefined, signal)),
  compare: (id) => send("POST", `${at(id)}/compare`),
  async why(id, kind, body, signal) {
    const headers = { "content-type": "image/png" };
    const answer = await fetch(`${at(id)}/why?kind=${kind}`, { method: "POST", headers, body, signal });
    return v.parse(WhySchema, await (await checked(answer)).json());
  },
  async importFiles(files) {
    const form = new FormData();
    for (const { path, file } of files) form.append("file", file, path);
    return await read(ImportedSchema, fetch(`${TAUGHT}/import`, { method: "POST", body: form }));
  },
  remove: (id) => send("DELETE", at(id)),
};

/** One picture goes as it is, several as parts of a form. */
async function addPictures(id: string, { classKey, hold, pictures }: NewPictures) {
  const query = hold > 0 ? `?${HOLD_PARAMETER}=${hold}` : "";
  const [first, ...rest] = pictures;
  if (first === undefined) return { ids: [], count: 0, refused: [] };
  const form = new FormData();
  for (const [index, picture] of pictures.entries()) form.append("picture", picture, `picture ${index + 1}`);
  return await read(
    AddedPicturesSchema,
    fetch(`${at(id)}/classes/${classKey}/pictures${query}`, {
      method: "POST",
      body: rest.length === 0 ? first : form,
    }),
  );
}

function at(id: string): string {
  return `${TAUGHT}/${encodeURIComponent(id)}`;
}

function ask(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
  return fetch(path, {
    method,
    ...(signal !== undefined && { signal }),
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });
}

async function read<Schema extends v.GenericSchema>(
  schema: Schema,
  answer: Promise<Response>,
): Promise<v.InferOutput<Schema>> {
  return v.parse(schema, await (await checked(await answer)).json());
}

async function send(method: string, path: string, body?: object): Promise<void> {
  const answer = await checked(await ask(method, path, body));
  await answer.body?.cancel();
}

/** Lets a line through that is no refusal. */
function accepted<Line extends object>(line: Line | WireRefusal): Line {
  if (isRefusal(line)) throw new Refusal(line.words, line.code, line.message);
  return line;
}

/** What an answer of lines ends with where it fails. */
type WireRefusal = Extract<v.InferOutput<typeof TaughtEventSchema>, { code: unknown }>;

function isRefusal(line: object): line is WireRefusal {
  return "code" in line && "words" in line;
}
