/** Rows of collections in SQLite. */
import * as v from "valibot";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase, together } from "./database.ts";
import {
  type CollectionChange,
  type KeptCollection,
  type KeptFeatures,
  type KeptHead,
  type KeptPicture,
  TAUGHT_FORMATS,
  type TaughtTable,
} from "./taught_store.ts";

/** What a picture counts beside its file and its features, in bytes. */
const ROW_BYTES = 200;

const MIGRATIONS = [
  `CREATE TABLE collections (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  CREATE TABLE pictures (
    collection TEXT NOT NULL REFERENCES collections ON DELETE CASCADE,
    id INTEGER NOT NULL,
    class TEXT NOT NULL,
    hold INTEGER NOT NULL,
    format TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    features BLOB NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT;`,
  `CREATE TABLE heads (
    collection TEXT PRIMARY KEY REFERENCES collections ON DELETE CASCADE,
    kind TEXT NOT NULL,
    lesson TEXT NOT NULL,
    document TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;`,
] as const;

const PictureSchema = v.object({
  id: v.number(),
  class: v.string(),
  hold: v.number(),
  format: v.picklist(Object.keys(TAUGHT_FORMATS) as (keyof typeof TAUGHT_FORMATS)[]),
  bytes: v.number(),
  removed: v.pipe(v.number(), v.transform((value) => value === 1)),
});
const CollectionSchema = v.object({ id: v.string(), document: v.string() });
const FeaturesSchema = v.object({ id: v.number(), features: v.instance(Uint8Array) });
const HeadSchema = v.object({
  ...{ kind: v.string(), lesson: v.string(), document: v.string() },
  bytes: v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
});
const UsageSchema = v.object({ id: v.string(), bytes: v.number() });

/** The rows of a file; each change is one transaction. */
export class SqliteTaught implements TaughtTable {
  readonly #database: DatabaseSync;

  /** @throws as `openDatabase` does */
  constructor(path: string) {
    this.#database = openDatabase({ path, migrations: MIGRATIONS });
  }

  list(): readonly KeptCollection[] {
    return this.#all(CollectionSchema, "SELECT id, document FROM collections ORDER BY id");
  }

  pictures(collection: string): readonly KeptPicture[] {
    return this.#all(
      PictureSchema,
      "SELECT id, class, hold, format, bytes, removed FROM pictures WHERE collection = ? ORDER BY id",
      collection,
    );
  }

  features(collection: string): KeptFeatures {
    const rows = this.#all(
      FeaturesSchema,
      "SELECT id, features FROM pictures WHERE collection = ? ORDER BY id",
      collection,
    );
    const values = new Uint8Array(rows.reduce((sum, { features }) => sum + features.byteLength, 0));
    let at = 0;
    for (const { features } of rows) {
      values.set(features, at);
      at += features.byteLength;
    }
    return { ids: rows.map(({ id }) => id), values: new Float32Array(values.buffer) };
  }

  usage(): readonly { readonly id: string; readonly bytes: number }[] {
    return this.#all(
      UsageSchema,
      `SELECT collections.id AS id, octet_length(document) +
        coalesce(sum(bytes + length(features) + ${ROW_BYTES}), 0) + coalesce(
          (SELECT length(heads.bytes) + octet_length(heads.document) FROM heads WHERE heads.collection = collections.id), 0
        ) AS bytes
      FROM collections LEFT JOIN pictures ON pictures.collection = collections.id GROUP BY collections.id`,
    );
  }

  change(
    collection: string,
    { document, add = [], set = [], drop = [], features = [] }: CollectionChange,
  ): void {
    together(this.#database, () => {
      this.#database.prepare(
        "INSERT INTO collections (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
      ).run(collection, document);
      const insert = this.#database.prepare("INSERT INTO pictures VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
      for (const one of add) {
        const { id, class: key, hold, format, bytes, removed } = one;
        insert.run(collection, id, key, hold, format, bytes, removed ? 1 : 0, bytesOf(one.features));
      }
      const update = this.#database.prepare(
        "UPDATE pictures SET class = ?, removed = ? WHERE collection = ? AND id = ?",
      );
      for (const { id, class: key, removed } of set) update.run(key, removed ? 1 : 0, collection, id);
      const erase = this.#database.prepare("DELETE FROM pictures WHERE collection = ? AND id = ?");
      for (const id of drop) erase.run(collection, id);
      const replace = this.#database.prepare(
        "UPDATE pictures SET features = ? WHERE collection = ? AND id = ?",
      );
      for (const one of features) replace.run(bytesOf(one.features), collection, one.id);
    });
  }

  head(collection: string): KeptHead | null {
    const query = "SELECT kind, lesson, document, bytes FROM heads WHERE collection = ?";
    return this.#all(HeadSchema, query, collection)[0] ?? null;
  }

  keepHead(collection: string, { kind, lesson, document, bytes }: KeptHead): void {
    together(this.#database, () =>
      this.#database.prepare(
        `INSERT OR REPLACE INTO heads (collection, kind, lesson, document, bytes)
        SELECT id, ?, ?, ?, ? FROM collections WHERE id = ?`,
      ).run(kind, lesson, document, bytes, collection));
  }

  remove(collection: string): void {
    together(
      this.#database,
      () => this.#database.prepare("DELETE FROM collections WHERE id = ?").run(collection),
    );
  }

  close(): void {
    this.#database.close();
  }

  #all<Schema extends v.GenericSchema>(
    schema: Schema,
    query: string,
    ...values: string[]
  ): v.InferOutput<Schema>[] {
    return this.#database.prepare(query).all(...values).map((row) => v.parse(schema, row));
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
