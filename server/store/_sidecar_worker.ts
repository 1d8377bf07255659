/** Entry of the worker that checks one sidecar: first for its version, then from the beginning for everything else. */
import { parentPort } from "node:worker_threads";
import { SidecarReader, type SidecarVersion, SidecarVersionReader } from "../../shared/read_sidecar.ts";
import type { FromSidecarWorker, ToSidecarWorker } from "./_sidecar.ts";

let decoder = utf8();
const finder = new SidecarVersionReader();
let reader: SidecarReader | null = null;

parentPort?.on("message", (bytes: ToSidecarWorker) => parentPort?.postMessage(answerTo(bytes)));

function answerTo(bytes: ToSidecarWorker): FromSidecarWorker {
  try {
    const text = bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
    return reader === null ? find(text, bytes === null) : check(reader, text, bytes === null);
  } catch (error) {
    return { kind: "done", fault: error instanceof Error ? error.message : String(error) };
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
