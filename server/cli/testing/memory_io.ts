/** A world of its own for tests of the command: files are read from disk, written to memory. */
import { resolve } from "node:path";
import { GradcastError } from "../../../shared/errors.ts";
import { describeModel } from "../../engine/mod.ts";
import type { Engine } from "../../engine/port.ts";
import { type Io, realPath } from "../_io.ts";

/** An Io that remembers. */
export interface MemoryIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  readonly written: ReadonlyMap<string, Uint8Array>;
  /** Models that were opened, by folder. */
  readonly opened: readonly string[];
}

/** What differs from the quiet default. */
export interface MemoryIoOptions {
  /** Stays open when the command closes it. */
  readonly engine?: Engine;
  readonly terminal?: Io["terminal"];
  readonly interrupted?: AbortSignal;
  /** Files beside those on disk. */
  readonly files?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

/** Makes an Io without a terminal; without an engine, opening one fails as a damaged model does. */
export function memoryIo({ engine, terminal, interrupted, files = {} }: MemoryIoOptions = {}): MemoryIo {
  const texts = { out: "", err: "" };
  const written = new Map<string, Uint8Array>();
  const opened: string[] = [];
  return {
    out: () => texts.out,
    err: () => texts.err,
    written,
    opened,
    stdout: (text) => void (texts.out += text),
    stderr: (text) => void (texts.err += text),
    readFile: (path) => files[path] === undefined ? Deno.readFile(path) : Promise.resolve(files[path]),
    async kindOf(path) {
      try {
        return (await Deno.stat(path)).isDirectory ? "folder" : "file";
      } catch {
        return null;
      }
    },
    writeFile(path, bytes) {
      if (path.includes("locked")) {
        return Promise.reject(new Deno.errors.PermissionDenied("Permission denied"));
      }
      written.set(path, bytes);
      return Promise.resolve();
    },
    openFile(path) {
      const parts: Uint8Array[] = [];
      return Promise.resolve({
        write: (bytes: Uint8Array) => Promise.resolve(void parts.push(bytes)),
        async close() {
          written.set(path, new Uint8Array(await new Blob(parts.map((part) => part.slice())).arrayBuffer()));
        },
        discard: () => Promise.resolve(),
      });
    },
    wholePath: (path) => resolve(path),
    rename: (from, to) => Deno.rename(from, to),
    remove: (path) => Deno.remove(path).catch(() => {}),
    realPath: (path) => realPath(resolve(path)),
    openEngine({ modelDir }) {
      opened.push(modelDir);
      if (engine !== undefined) return Promise.resolve(kept(engine));
      return Promise.reject(new GradcastError("engine-failed", "Cannot load the model: it is damaged"));
    },
    describeModel: (path) => describeModel(path),
    now: () => performance.now(),
    interrupted: interrupted ?? new AbortController().signal,
    terminal: terminal ?? { watched: false, colour: false },
  };
}

function kept(engine: Engine): Engine {
  return {
    model: engine.model,
    threads: engine.threads,
    threadsNote: engine.threadsNote,
    admit: (key, format, picture) => engine.admit(key, format, picture),
    release: (key) => engine.release(key),
    run: (batch) => engine.run(batch),
    setHead: (key, head) => engine.setHead(key, head),
    stats: () => engine.stats(),
    vitals: () => engine.vitals(),
    close: () => Promise.resolve(),
  };
}
