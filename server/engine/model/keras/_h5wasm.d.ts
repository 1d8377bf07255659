/** The part of h5wasm that is used: its own types declare globals that collide with those of other packages. */

export interface Attribute {
  readonly value: unknown;
}

declare abstract class Owner {
  readonly attrs: Readonly<Record<string, Attribute>>;
}

export declare class Group extends Owner {
  readonly file_id: bigint;
  get(path: string): unknown;
}

export declare class File extends Group {
  constructor(path: string, mode: "r");
  close(): number;
}

export declare class Datatype extends Owner {
  private readonly datatype: never;
}

export declare class Dataset extends Owner {
  readonly metadata: { readonly size: number; readonly total_size: number };
  readonly filters: readonly unknown[];
  readonly shape: readonly number[] | null;
  readonly dtype: unknown;
  readonly value: unknown;
  slice(ranges: readonly (readonly [number, number])[]): unknown;
}

/** A file of the library's own file system in memory. */
export interface FileNode {
  usedBytes: number;
  stream_ops: Readonly<Record<string, unknown>>;
}

export interface Library {
  readonly FS: {
    createFile(parent: string, name: string, properties: object, read: boolean, write: boolean): FileNode;
    unlink(path: string): void;
  };
  activate_throwing_error_handler(): number;
}

declare const h5wasm: { readonly ready: Promise<Library> };
export default h5wasm;
