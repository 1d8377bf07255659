/** The search among a model's class names: whole words first, then what only ends or begins like the query. */
import { comparable, namesOf } from "./labels.ts";
import { wordForms } from "./plural.ts";

/** A class that a search found. */
export interface LabelMatch {
  readonly index: number;
  readonly label: string;
}

/**
 * Classes with every word of the query from which on beginnings of words are left out: "cat" finds cats, no catamaran.
 */
const ENOUGH_WORDS = 3;

/** Shortest word that is looked for at the ends of others. */
const MIN_ENDING = 3;

/** How well a class fits; the lower, the better. */
const RANK = {
  /** Its index was written. */
  index: 0,
  /** One of its names is the query. */
  name: 1,
  /** One of its names ends with it, as "tiger cat" does with "cat": that is what the thing is. */
  head: 2,
  /** One of its names has all words. */
  words: 3,
  /** All of its names together have all words. */
  spread: 4,
  /** A word begins with it. */
  beginning: 5,
  /** A word ends with it: "teacup", "goldfish". */
  ending: 6,
  /** It stands anywhere, which counts where nothing else was found. */
  inside: 7,
} as const;

/**
 * Finds classes by index, or by any of their names in singular or plural, the best fit first and the shorter label
 * first among equals. Accents, case, hyphens and apostrophes do not count.
 */
export function searchLabels(labels: readonly string[], query: string, limit: number): LabelMatch[] {
  const index = indexOf(labels);
  const asked = wordsOf(query);
  const forms = asked.map(wordForms);
  const ranks = new Map<number, number>();
  const add = (classIndex: number, rank: number) =>
    ranks.set(classIndex, Math.min(rank, ranks.get(classIndex) ?? rank));

  const number = /^\s*(\d+)\s*(?::|$)/.exec(query)?.[1];
  if (number !== undefined && Number(number) < labels.length) add(Number(number), RANK.index);
  for (const one of asked.length === 0 ? [] : index.compact.get(asked.join("")) ?? []) add(one, RANK.name);
  for (const one of inAll(forms.map((some) => classesOf(index, some)))) {
    add(one, rankOfWords(index.names[one] ?? [], forms));
  }
  const enough = ranks.size >= ENOUGH_WORDS;
  for (const [one, rank] of partial(index, asked, forms)) {
    if (!enough || rank === RANK.ending) add(one, rank);
  }
  if (ranks.size === 0) {
    for (const one of inside(index, comparable(query))) add(one, RANK.inside);
  }
  return [...ranks]
    .map(([at, rank]) => ({ index: at, label: labels[at] ?? "", rank }))
    .sort((a, b) => a.rank - b.rank || a.label.length - b.label.length || a.index - b.index)
    .slice(0, limit)
    .map(({ index, label }) => ({ index, label }));
}

interface Word {
  readonly text: string;
  readonly forms: readonly string[];
}

interface WordIndex {
  /** Each class's whole label, comparable. */
  readonly texts: readonly string[];
  /** Each class's names, as words with what they may be the plural of. */
  readonly names: readonly (readonly (readonly Word[])[])[];
  /** Classes by a name without spaces and hyphens: "cell phone" is "cellphone". */
  readonly compact: ReadonlyMap<string, ReadonlySet<number>>;
  /** Classes by each word of their names and its singulars. */
  readonly forms: ReadonlyMap<string, ReadonlySet<number>>;
  /** Classes by each word as it is written. */
  readonly words: ReadonlyMap<string, ReadonlySet<number>>;
  /** Those words, sorted, so that all that begin alike lie together. */
  readonly sorted: readonly string[];
  /** The same words written from their end, sorted. */
  readonly backwards: readonly string[];
}

/** Indexes of the models in use; labels never change. */
const indexes = new WeakMap<readonly string[], WordIndex>();

function indexOf(labels: readonly string[]): WordIndex {
  const known = indexes.get(labels);
  if (known !== undefined) return known;
  const names = labels.map((label) =>
    namesOf(label)
      .map((name) => wordsOf(name).map((text) => ({ text, forms: wordForms(text) })))
      .filter((words) => words.length > 0)
  );
  const words = classesBy(names, (of) => of.map(({ text }) => text));
  const made: WordIndex = {
    texts: labels.map(comparable),
    names,
    compact: classesBy(names, (words) => [words.map(({ text }) => text).join("")]),
    forms: classesBy(names, (words) => words.flatMap(({ forms }) => forms)),
    words,
    sorted: [...words.keys()].sort(),
    backwards: [...words.keys()].map(backwards).sort(),
  };
  indexes.set(labels, made);
  return made;
}

function classesBy(
  names: WordIndex["names"],
  keysOf: (words: readonly Word[]) => readonly string[],
): Map<string, Set<number>> {
  const classes = new Map<string, Set<number>>();
  for (const [at, of] of names.entries()) {
    for (const key of of.flatMap(keysOf)) {
      const set = classes.get(key) ?? new Set();
      classes.set(key, set.add(at));
    }
  }
  return classes;
}

/** Makes what searches among these labels need, which takes tens of ms for a thousand; later searches find it. */
export function prepareSearch(labels: readonly string[]): void {
  indexOf(labels);
}

function backwards(word: string): string {
  return word.split("").reverse().join("");
}

/** Entries of a sorted list that begin with a text. */
function beginningWith(sorted: readonly string[], text: string): string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (sorted[end]?.startsWith(text) === true) end++;
  return sorted.slice(low, end);
}

/** Words of a text in lower case, without accents and apostrophes. */
function wordsOf(text: string): string[] {
  const plain = comparable(text).normalize("NFD").replace(/[\u0300-\u036f'’]/g, "").normalize("NFC");
  return plain.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== "");
}

function classesOf({ forms }: WordIndex, wanted: readonly string[]): Set<number> {
  return new Set(wanted.flatMap((form) => [...(forms.get(form) ?? [])]));
}

function inside({ texts }: WordIndex, part: string): number[] {
  return part === "" ? [] : [...texts.keys()].filter((at) => texts[at]?.includes(part));
}

/** What is in all sets; nothing for no sets. */
function inAll([first, ...others]: readonly ReadonlySet<number>[]): number[] {
  return [...(first ?? [])].filter((one) => others.every((set) => set.has(one)));
}

function rankOfWords(names: readonly (readonly Word[])[], asked: readonly (readonly string[])[]): number {
  const fits = (word: Word | undefined, forms: readonly string[]) =>
    word?.forms.some((form) => forms.includes(form)) === true;
  const ends = (words: readonly Word[]) =>
    words.length >= asked.length && asked.every((forms, at) => fits(words.at(at - asked.length), forms));
  if (names.some(ends)) return RANK.head;
  const has = (words: readonly Word[]) => asked.every((forms) => words.some((word) => fits(word, forms)));
  return names.some(has) ? RANK.words : RANK.spread;
}

/** Classes of which each asked word is a word, the beginning of one or the end of one, with the worst of these. */
function partial(
  index: WordIndex,
  asked: readonly string[],
  askedForms: readonly (readonly string[])[],
): ReadonlyMap<number, number> {
  let ranks: ReadonlyMap<number, number> | null = null;
  for (const [place, wanted] of asked.entries()) {
    if (asked.indexOf(wanted) < place) continue;
    const found = partialOf(index, wanted, askedForms[place] ?? []);
    ranks = ranks === null ? found : worstOfBoth(ranks, found);
    // What has no class in common with the first words will not get one by the others.
    if (ranks.size === 0) return ranks;
  }
  return ranks ?? new Map();
}

/** Classes of which one asked word is a word, the beginning of one or the end of one, with the best of these. */
function partialOf(
  { words, forms, sorted, backwards: reversed }: WordIndex,
  wanted: string,
  singulars: readonly string[],
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const add = (classes: ReadonlySet<number> | undefined, rank: number) => {
    for (const one of classes ?? []) found.set(one, Math.min(rank, found.get(one) ?? rank));
  };
  for (const word of beginningWith(sorted, wanted)) add(words.get(word), RANK.beginning);
  for (const form of singulars) {
    add(forms.get(form), RANK.beginning);
    if (form.length < MIN_ENDING) continue;
    for (const word of beginningWith(reversed, backwards(form))) add(words.get(backwards(word)), RANK.ending);
  }
  return found;
}

/** What is in both, with the higher number. */
function worstOfBoth(
  some: ReadonlyMap<number, number>,
  others: ReadonlyMap<number, number>,
): Map<number, number> {
  const both = new Map<number, number>();
  for (const [one, rank] of some) {
    const other = others.get(one);
    if (other !== undefined) both.set(one, Math.max(rank, other));
  }
  return both;
}
