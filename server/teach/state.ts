/** A collection as people see it. */
import { HEAD_KINDS, type HeadKind } from "../../shared/head_model.ts";
import { MAX_TAUGHT_PICTURES } from "../../shared/limits.ts";
import type { TaughtState } from "../../shared/teach_wire.ts";
import { type Collection, type Pictures, picturesOf } from "./collection.ts";
import type { Fitted } from "./fitted.ts";
import type { Learner } from "./learner.ts";
import { chanceOf, chanceWarning, warningsOf } from "./warnings.ts";

/** What a state is put together from. */
export interface StateParts {
  readonly id: string;
  readonly collection: Collection;
  readonly pictures: Pictures;
  readonly learner: Learner;
  readonly baseName: string;
  readonly modelOf: (kind: HeadKind) => string;
  readonly room: {
    bytesOf(id: string): number;
    readonly usedBytes: number;
    readonly maxBytes: number;
  };
  readonly revision: number;
  readonly headRevision: number;
}

/** Warnings look at every picture: they are worked out once for each lesson. */
const warnings = new WeakMap<Fitted["lesson"], TaughtState["warnings"]>();

export function stateOf(parts: StateParts): TaughtState {
  const { id, collection, pictures, learner, baseName, modelOf, room, revision, headRevision } = parts;
  const chosen = learner.fitted(collection.kind);
  const validated = chosen?.validated ?? null;
  const { state, kind, done, reason } = learner.state;
  return {
    id,
    name: collection.name,
    base: { id: collection.base, name: baseName },
    kind: collection.kind,
    classes: collection.classes.map(({ key, name, box }) => {
      const own = picturesOf(pictures, key);
      return {
        ...{ key, name, box },
        pictures: own.length,
        cover: own.at(-1)?.id ?? null,
        learned: chosen?.lesson.keys.includes(key) ?? false,
      };
    }),
    pictures: picturesOf(pictures).length,
    maxPictures: MAX_TAUGHT_PICTURES,
    bytes: room.bytesOf(id),
    usedBytes: room.usedBytes,
    maxBytes: room.maxBytes,
    learning: { state, kind, done, reason, ms: chosen?.ms ?? null },
    heads: HEAD_KINDS.map((one) => headState(one, learner, modelOf(one))),
    accuracy: validated?.accuracy ?? null,
    deviation: validated?.deviation ?? null,
    chance: chosen === null ? null : chanceOf(chosen.lesson),
    confusion: validated === null ? null : {
      keys: [...validated.keys],
      counts: validated.confusion.map((row) => [...row]),
    },
    warnings: chosen === null ? [] : warningsNow(collection, pictures, chosen),
    undo: collection.acts.at(-1)?.words ?? null,
    revision,
    headRevision,
  };
}

function headState(kind: HeadKind, learner: Learner, model: string): TaughtState["heads"][number] {
  const fitted = learner.fitted(kind);
  return {
    kind,
    model,
    state: fitted === null ? "none" : learner.isNew(kind) ? "fitted" : "old",
    accuracy: fitted?.validated?.accuracy ?? null,
    deviation: fitted?.validated?.deviation ?? null,
    ms: fitted?.ms ?? null,
  };
}

function warningsNow(collection: Collection, pictures: Pictures, fitted: Fitted): TaughtState["warnings"] {
  const known = warnings.get(fitted.lesson) ?? warningsOf(collection, pictures, fitted.lesson);
  warnings.set(fitted.lesson, known);
  return [
    ...known,
    ...fitted.validated === null ? [] : chanceWarning(fitted.validated.accuracy, fitted.lesson),
  ];
}
