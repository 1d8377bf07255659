/** Entry of the worker that checks one sidecar: first for its version, then from the beginning for everything else. */
import { parentPort } from "node:worker_threads";
import { UnfitFile } from "../../shared/json_parts.ts";
import { SidecarReader, type SidecarVersion, SidecarVersionReader } from "../../shared/read_sidecar.ts";
import type { FromSidecarWorker, ToSidecarWorker } from "./_sidecar.ts";

let decoder = utf8();
const finder = new SidecarVersionReader();
let reader: SidecarReader | null = null;

parentPort?.on("message", (bytes: ToSidecarWorker) => parentPort?.postMessage(answerTo(bytes)));

function answerTo(bytes: ToSidecarWorker): FromSidecarWorker {
  try {
    const text = textOf(bytes);
    return reader === null ? find(text, bytes === null) : check(reader, text, bytes === null);
  } catch (error) {
    if (error instanceof UnfitFile) return { kind: "done", fault: error.message };
    // Whatever else is thrown ends the worker, and nothing of it is what a client reads.
    throw error;
  }
}

function textOf(bytes: ToSidecarWorker): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new UnfitFile("Cannot read the sidecar: expected UTF-8 text, got other bytes", { cause });
  }
}

function find(text: string, ended: boolean): FromSidecarWorker {
  const version: SidecarVersion | null = finder.push(text) ?? (ended ? finder.end() : null);
  if (version === null) return { kind: "more" };
  reader = new SidecarReader(version, false);
  decoder = utf8();
  return { kind: "again" };
}

function check(reader: SidecarReader, text: string, ended: boolean): FromSidecarWorker {
  reader.push(text);
  if (!ended) return { kind: "more" };
  reader.end();
  return { kind: "done", fault: null };
}

function utf8(): TextDecoder {
  return new TextDecoder("utf-8", { fatal: true });
}
