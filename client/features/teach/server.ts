/** What teaching asks of the server: a port, so that tests can answer from memory. */
import type { HeadKind } from "../../../shared/head_model.ts";
import type {
  AddedPictures,
  Box,
  CluesLine,
  Imported,
  NewTaught,
  TaughtChange,
  TaughtHead,
  TaughtList,
  TaughtPictures,
  TaughtState,
  Why,
} from "../../../shared/teach_wire.ts";
import type { PathFile } from "../../ui/path_files.ts";

/** Pictures for a class; `hold` numbers the press of the button that took them, 0 where there was none. */
export interface NewPictures {
  readonly classKey: string;
  readonly hold: number;
  readonly pictures: readonly Blob[];
}

/** A picture of a collection. */
export type TaughtPicture = TaughtPictures["pictures"][number];

/** What the check for spurious clues found. */
export type Clues = Extract<CluesLine, { clues: unknown }>["clues"];

/** News of the check: the share that is done, 0…1, or the result, which comes last. */
export type CluesNews = Exclude<CluesLine, { code: unknown }>;

/** The collections of a server; every call throws Refusal, or TypeError where the server cannot be reached. */
export interface TeachServer {
  list(): Promise<TaughtList>;
  /** Begins a collection; returns its id. */
  begin(taught: NewTaught): Promise<string>;
  state(id: string): Promise<TaughtState>;
  /** Yields the state now and whenever it has changed. */
  watch(id: string, signal: AbortSignal): AsyncIterable<TaughtState>;
  change(id: string, change: TaughtChange): Promise<void>;
  /** Adds a class; returns its key. */
  addClass(id: string, name: string): Promise<string>;
  renameClass(id: string, classKey: string, name: string): Promise<void>;
  mergeClass(id: string, classKey: string, into: string): Promise<void>;
  removeClass(id: string, classKey: string): Promise<void>;
  /** Adds pictures; resolves when they are on the server's disk. */
  addPictures(id: string, added: NewPictures): Promise<AddedPictures>;
  pictures(id: string): Promise<readonly TaughtPicture[]>;
  /** Moves pictures to a class, or removes them (null): one act, which one undo takes back. */
  changePictures(id: string, pictures: readonly number[], classKey: string | null): Promise<void>;
  /** Takes the last act back; returns what it was in words, or null where there was none. */
  undo(id: string): Promise<string | null>;
  setBox(id: string, classKey: string, box: Box | null): Promise<void>;
  clues(id: string, signal: AbortSignal): AsyncIterable<CluesNews>;
  head(id: string, kind: HeadKind, signal: AbortSignal): Promise<TaughtHead>;
  /** Has all heads fitted, to be shown side by side. */
  compare(id: string): Promise<void>;
  /** Asks why a head says what it says of a picture. */
  why(id: string, kind: HeadKind, picture: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Why>;
  /** Imports an export, or the files of a folder that one was unpacked into. */
  importFiles(files: readonly PathFile[]): Promise<Imported>;
  remove(id: string): Promise<void>;
}

/** Address of a picture. */
export function pictureUrl(id: string, picture: number): string {
  return `/api/taught/${encodeURIComponent(id)}/pictures/${picture}`;
}

/** Address of the export: the model's folder, with the pictures that it was taught from or without them. */
export function exportUrl(id: string, withPictures: boolean): string {
  return `/api/taught/${encodeURIComponent(id)}/export${withPictures ? "?pictures=1" : ""}`;
}
