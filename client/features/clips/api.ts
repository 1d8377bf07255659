/** The clips on the server, over HTTP (rules C). */
import * as v from "valibot";
import {
  type ClipChange,
  ClipListSchema,
  type NewUploadMessage,
  type StoredClipMessage,
  type TrashedClipMessage,
  TrashSchema,
  UPLOAD_OFFSET,
  UPLOAD_TOKEN,
  UploadKeySchema,
} from "../../../shared/clip_wire.ts";
import { checked } from "../../http/http.ts";

/** What resumes an upload. */
export type UploadKey = v.InferOutput<typeof UploadKeySchema>;

/** What an upload asks of the server; every call throws Refusal, or TypeError where the server cannot be reached. */
export interface UploadServer {
  begin(upload: NewUploadMessage): Promise<UploadKey>;
  /** Returns how many bytes are there. */
  offset(key: UploadKey): Promise<number>;
  /** Sends bytes from `offset` on; returns how many are there then. */
  append(key: UploadKey, offset: number, bytes: Blob, signal: AbortSignal): Promise<number>;
  complete(key: UploadKey): Promise<void>;
}

const CLIPS = "/api/clips";

const Offset = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

/** The server that the page came from. */
export const uploadServer: UploadServer = {
  async begin(upload) {
    return v.parse(UploadKeySchema, await (await ask(CLIPS, "POST", JSON.stringify(upload))).json());
  },
  async offset({ id, token }) {
    const headers = { [UPLOAD_TOKEN]: token };
    return offsetOf(await checked(await fetch(`${CLIPS}/${id}/upload`, { headers })));
  },
  async append({ id, token }, offset, body, signal) {
    const headers = { [UPLOAD_TOKEN]: token, [UPLOAD_OFFSET]: String(offset) };
    return offsetOf(
      await checked(await fetch(`${CLIPS}/${id}/upload`, { method: "PATCH", headers, body, signal })),
    );
  },
  async complete({ id, token }) {
    const headers = { [UPLOAD_TOKEN]: token };
    await checked(await fetch(`${CLIPS}/${id}/complete`, { method: "POST", headers }));
  },
};

/** Cancels an upload: the server deletes what it has of it. */
export async function abandonUpload({ id, token }: UploadKey): Promise<void> {
  const headers = { [UPLOAD_TOKEN]: token };
  await checked(await fetch(`${CLIPS}/${id}/upload`, { method: "DELETE", headers }));
}

/** Lists every clip on the server. */
export async function listStored(): Promise<readonly StoredClipMessage[]> {
  return v.parse(ClipListSchema, await (await ask(CLIPS, "GET")).json()).clips;
}

/** Renames, pins or unpins a clip. */
export async function changeStored(id: string, change: ClipChange): Promise<void> {
  await ask(`${CLIPS}/${id}`, "PATCH", JSON.stringify(change));
}

/** Puts a clip into the server's trash. */
export async function removeStored(id: string): Promise<void> {
  await ask(`${CLIPS}/${id}`, "DELETE");
}

/** Lists the server's trash, the last deleted first. */
export async function listTrash(): Promise<readonly TrashedClipMessage[]> {
  return v.parse(TrashSchema, await (await ask(`${CLIPS}/trash`, "GET")).json()).clips;
}

/** Deletes for good what lies in the server's trash. */
export async function emptyTrash(): Promise<void> {
  await ask(`${CLIPS}/trash`, "DELETE");
}

/** Takes a clip out of the server's trash. */
export async function restoreStored(id: string): Promise<void> {
  await ask(`${CLIPS}/${id}/restore`, "POST");
}

/** Reads the sidecar of a clip. */
export async function readStoredSidecar(id: string): Promise<string> {
  return await (await checked(await fetch(storedAddress(id, "sidecar")))).text();
}

/** Address of a part of a clip. */
export function storedAddress(id: string, part: "media" | "sidecar" | "thumbnail", download = false): string {
  return `${CLIPS}/${id}/${part}${download ? "?download=1" : ""}`;
}

async function ask(path: string, method: string, body: string | null = null): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return await checked(await fetch(path, body === null ? { method } : { method, body, headers }));
}

function offsetOf({ headers }: Response): number {
  return v.parse(Offset, headers.get(UPLOAD_OFFSET));
}
