/** What models are taught from, as it is kept: a row for each collection, a row and a file for each picture. */

/** Formats of pictures that are kept as they came, with the endings of their files. */
export const TAUGHT_FORMATS = { jpeg: "jpg", png: "png", webp: "webp" } as const;
export type TaughtFormat = keyof typeof TAUGHT_FORMATS;

/** A collection as it is listed. */
export interface KeptCollection {
  readonly id: string;
  /** What `server/teach` wrote of it, as JSON. */
  readonly document: string;
}

/** A picture of a collection, its features left out. */
export interface KeptPicture {
  readonly id: number;
  readonly class: string;
  readonly hold: number;
  readonly format: TaughtFormat;
  readonly bytes: number;
  /** Whether it was removed and can still be restored. */
  readonly removed: boolean;
}

/** Features of pictures, one row behind the other. */
export interface KeptFeatures {
  readonly ids: readonly number[];
  /** `[ids, width]` 32-bit floats; empty where there are none. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** A picture that is new. */
export interface NewPicture extends KeptPicture {
  readonly features: Float32Array<ArrayBuffer>;
}

/** What becomes of a collection, all of it or nothing. */
export interface CollectionChange {
  readonly document: string;
  readonly add?: readonly NewPicture[];
  readonly set?: readonly Pick<KeptPicture, "id" | "class" | "removed">[];
  /** Pictures that are gone for good. */
  readonly drop?: readonly number[];
  /** Other features of pictures that are there. */
  readonly features?: readonly { readonly id: number; readonly features: Float32Array<ArrayBuffer> }[];
}

/** A head that was fitted to a collection's pictures. */
export interface KeptHead {
  readonly kind: string;
  /** Which pictures, in which classes, it was fitted to. */
  readonly lesson: string;
  /** What else is known of it, as JSON. */
  readonly document: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The rows, in a worker of their own. */
export interface TaughtTable {
  list(): readonly KeptCollection[];
  /** By rising id. */
  pictures(collection: string): readonly KeptPicture[];
  features(collection: string): KeptFeatures;
  /** Bytes of pictures, features and head, by collection. */
  usage(): readonly { readonly id: string; readonly bytes: number }[];
  change(collection: string, change: CollectionChange): void;
  /** The head of a collection; null where none is kept. */
  head(collection: string): KeptHead | null;
  /** Keeps a head in place of the one before; of a collection that is gone nothing is kept. */
  keepHead(collection: string, head: KeptHead): void;
  remove(collection: string): void;
  close(): void;
}

export const TAUGHT_CALLS = [
  ...["list", "pictures", "features", "usage", "change", "head", "keepHead", "remove"] as const,
] as const;

/** Collections of a data folder: what a call has done is on the disk when it returns. */
export interface TaughtStore {
  list(): Promise<readonly KeptCollection[]>;
  pictures(collection: string): Promise<readonly KeptPicture[]>;
  features(collection: string): Promise<KeptFeatures>;
  usage(): Promise<readonly { readonly id: string; readonly bytes: number }[]>;
  /**
   * Changes a collection, which is made where it is not there; `files` are those of `change.add`, in its order.
   *
   * @throws GradcastError `disk-full`, `data-gone`, … where nothing of it was kept
   */
  change(
    collection: string,
    change: CollectionChange,
    files?: readonly Uint8Array<ArrayBuffer>[],
  ): Promise<void>;
  /** The head of a collection; null where none is kept. */
  head(collection: string): Promise<KeptHead | null>;
  /** Keeps a head in place of the one before, all of it or nothing. Throws GradcastError as `change` does. */
  keepHead(collection: string, head: KeptHead): Promise<void>;
  /** The file of a picture. Throws GradcastError `not-found` where it is gone. */
  read(collection: string, picture: Pick<KeptPicture, "id" | "format">): Promise<Uint8Array<ArrayBuffer>>;
  remove(collection: string): Promise<void>;
  close(): Promise<void>;
}
