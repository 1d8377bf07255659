/** A server of collections in memory: it learns at once what it has pictures for. */
import type { HeadKind } from "../../../../shared/head_model.ts";
import {
  type AddedPictures,
  type Box,
  type TaughtHead,
  type TaughtList,
  type TaughtState,
  type Why,
} from "../../../../shared/teach_wire.ts";
import { Refusal } from "../../../http/http.ts";
import type { CluesNews, NewPictures, TaughtPicture, TeachServer } from "../server.ts";
import { taughtState } from "./taught_state.ts";

interface MemoryClass {
  readonly key: string;
  readonly name: string;
  readonly box: Box | null;
}

/** What undo restores. */
interface Content {
  readonly classes: readonly MemoryClass[];
  readonly pictures: readonly TaughtPicture[];
}

interface Collection {
  readonly id: string;
  name: string;
  kind: HeadKind;
  base: string;
  content: Content;
  undo: { readonly words: string; readonly before: Content }[];
  revision: number;
  headRevision: number;
}

/** Pictures that a class needs, and classes that learning needs. */
const NEEDED = { pictures: 5, classes: 2 };

/** Collections in memory; refuses everything while `offline` says so. */
export class MemoryTeach implements TeachServer {
  readonly #collections = new Map<string, Collection>();
  readonly #watchers = new Set<() => void>();
  #numbers = 0;
  #changes = 0;
  offline: Refusal | null = null;
  /** Whether there is no room for another picture. */
  full = false;
  /** What the check for spurious clues says, line by line. */
  cluesNews: readonly CluesNews[] = [];
  /** Forms of pictures that came, as "class hold: count". */
  readonly sent: string[] = [];

  list(): Promise<TaughtList> {
    return this.#answer(() => ({
      taught: [...this.#collections.values()].map((one) => ({
        ...{ id: one.id, name: one.name, base: one.base, kind: one.kind },
        classes: one.content.classes.length,
        pictures: one.content.pictures.length,
        bytes: 20_000 * one.content.pictures.length,
        updatedMs: 0,
        learned: one.headRevision > 0,
      })),
      usedBytes: 0,
      maxBytes: 1e9,
    }));
  }

  begin({ name, base }: { name: string; base?: string | undefined }): Promise<string> {
    return this.#answer(() => {
      const id = `taught-${++this.#numbers}`;
      this.#collections.set(id, {
        ...{ id, name, kind: "linear", base: base ?? "first", undo: [], revision: 0, headRevision: 0 },
        content: { classes: [], pictures: [] },
      });
      return id;
    });
  }

  state(id: string): Promise<TaughtState> {
    return this.#answer(() => stateOf(this.#find(id)));
  }

  async *watch(id: string, signal: AbortSignal): AsyncGenerator<TaughtState, void, undefined> {
    let seen = -1;
    while (!signal.aborted) {
      if (this.#changes > seen) {
        seen = this.#changes;
        yield await this.state(id);
      } else await this.#nextChange(signal);
    }
  }

  change(id: string, { name, kind }: { name?: string | undefined; kind?: HeadKind | undefined }) {
    return this.#act(id, (one) => {
      one.name = name ?? one.name;
      one.kind = kind ?? one.kind;
    });
  }

  addClass(id: string, name: string): Promise<string> {
    const key = `c${++this.#numbers}`;
    return this.#act(id, (one) => {
      const { classes } = one.content;
      if (classes.some((other) => other.name === name)) {
        throw new Refusal(`There is a class ${name} already.`);
      }
      one.content = { ...one.content, classes: [...classes, { key, name, box: null }] };
    }).then(() => key);
  }

  renameClass(id: string, key: string, name: string) {
    return this.#edit(id, `Rename to ${name}`, (content) => ({
      ...content,
      classes: content.classes.map((one) => one.key === key ? { ...one, name } : one),
    }));
  }

  mergeClass(id: string, key: string, into: string) {
    return this.#edit(id, "Merge", ({ classes, pictures }) => ({
      classes: classes.filter((one) => one.key !== key),
      pictures: pictures.map((one) => one.class === key ? { ...one, class: into } : one),
    }));
  }

  removeClass(id: string, key: string) {
    return this.#edit(id, "Delete a class", ({ classes, pictures }) => ({
      classes: classes.filter((one) => one.key !== key),
      pictures: pictures.filter((one) => one.class !== key),
    }));
  }

  addPictures(id: string, { classKey, hold, pictures }: NewPictures): Promise<AddedPictures> {
    if (this.full) {
      const refused = pictures.map(() => ({
        name: "",
        ...{ code: "taught-full", message: "", words: "There is no room." } as const,
      }));
      return Promise.resolve({ ids: [], count: 0, refused });
    }
    const ids = pictures.map(() => ++this.#numbers);
    return this.#act(id, (one) => {
      this.sent.push(`${classKey} ${hold}: ${pictures.length}`);
      const added = ids.map((id) => ({ id, class: classKey, hold, said: null, probability: null }));
      one.content = { ...one.content, pictures: [...one.content.pictures, ...added] };
    }).then(() => ({ ids, count: ids.length, refused: [] }));
  }

  pictures(id: string): Promise<readonly TaughtPicture[]> {
    return this.#answer(() => this.#find(id).content.pictures);
  }

  changePictures(id: string, ids: readonly number[], classKey: string | null) {
    const words = `${classKey === null ? "Remove" : "Move"} ${ids.length} pictures`;
    return this.#edit(id, words, (content) => ({
      ...content,
      pictures: content.pictures.flatMap((one) => {
        if (!ids.includes(one.id)) return [one];
        return classKey === null ? [] : [{ ...one, class: classKey }];
      }),
    }));
  }

  compare(): Promise<void> {
    return Promise.resolve();
  }

  undo(id: string): Promise<string | null> {
    let undone: string | null = null;
    return this.#act(id, (one) => {
      const last = one.undo.pop();
      if (last === undefined) return;
      one.content = last.before;
      undone = last.words;
    }).then(() => undone);
  }

  setBox(id: string, key: string, box: Box | null) {
    return this.#act(id, (one) => {
      const classes = one.content.classes.map((other) => other.key === key ? { ...other, box } : other);
      one.content = { ...one.content, classes };
    });
  }

  async *clues(): AsyncGenerator<CluesNews, void, undefined> {
    for (const news of this.cluesNews) yield await Promise.resolve(news);
  }

  head(): Promise<TaughtHead> {
    return Promise.reject(new Refusal("Heads are not kept in memory."));
  }

  why(): Promise<Why> {
    return Promise.reject(new Refusal("Heads are not kept in memory."));
  }

  importFiles() {
    return Promise.reject(new Refusal("Nothing is imported into memory."));
  }

  remove(id: string): Promise<void> {
    return this.#answer(() => void this.#collections.delete(id));
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.add(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #find(id: string): Collection {
    const one = this.#collections.get(id);
    if (one === undefined) throw new Refusal("There is no such collection.");
    return one;
  }

  async #answer<Value>(work: () => Value): Promise<Value> {
    await Promise.resolve();
    if (this.offline !== null) throw this.offline;
    return work();
  }

  #act(id: string, change: (one: Collection) => void): Promise<void> {
    return this.#answer(() => {
      const one = this.#find(id);
      change(one);
      one.revision++;
      if (learnedKeys(one).size >= NEEDED.classes) one.headRevision++;
      this.#changes++;
      this.#watchers.forEach((wake) => wake());
      this.#watchers.clear();
    });
  }

  #edit(id: string, words: string, change: (content: Content) => Content): Promise<void> {
    return this.#act(id, (one) => {
      one.undo.push({ words, before: one.content });
      one.content = change(one.content);
    });
  }
}

function picturesOf({ content }: Collection, key: string): readonly TaughtPicture[] {
  return content.pictures.filter((one) => one.class === key);
}

function learnedKeys(one: Collection): ReadonlySet<string> {
  const ready = one.content.classes.filter(({ key }) => picturesOf(one, key).length >= NEEDED.pictures);
  return new Set(ready.map(({ key }) => key));
}

function stateOf(one: Collection): TaughtState {
  const learned = learnedKeys(one);
  const isLearned = learned.size >= NEEDED.classes;
  const { headRevision, content: { classes } } = one;
  const state = taughtState({ counts: {}, state: isLearned ? "learned" : "waiting", headRevision });
  return {
    ...state,
    ...{ id: one.id, name: one.name, kind: one.kind, base: { id: one.base, name: one.base } },
    classes: classes.map(({ key, name, box }) => ({
      ...{ key, name, box, learned: isLearned && learned.has(key) },
      pictures: picturesOf(one, key).length,
      cover: picturesOf(one, key).at(-1)?.id ?? null,
    })),
    pictures: one.content.pictures.length,
    undo: one.undo.at(-1)?.words ?? null,
    revision: one.revision,
  };
}
