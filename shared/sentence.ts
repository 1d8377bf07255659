/** One sentence on what is seen, because of what, and what happens when that is hidden: words from numbers. Pure. */
import type { Head, Reason } from "./protocol.ts";
import { inSentence } from "./labels.ts";
import { type Box, placeName } from "./region.ts";
import { meterVerdict } from "./small_meter.ts";
import { unsureWords } from "./unsure.ts";

/** A class with the probability that people read of it. */
export interface NamedClass {
  readonly index: number;
  readonly name: string;
  readonly probability: number;
}

/** What a sentence is made of. */
export interface SentenceFacts {
  /** The class that the map explains, as the list has it; null: nothing is known yet. */
  readonly target: NamedClass | null;
  /** The first class of the list; null: nothing is known yet. */
  readonly first: NamedClass | null;
  /** Whether the first class is no more than a guess. */
  readonly unsure: boolean;
  /** What was measured of the map; null: nothing was, or it is of another view. */
  readonly reason: Reason | null;
  /** Whether the map is known not to depend on the class. */
  readonly blind: boolean;
  /** Whether picture and map are old: the connection is gone, or the map is late. */
  readonly stale: boolean;
  /** Whether the map has evidence against the class as well. */
  readonly signed: boolean;
  readonly head: Head;
  /** Whether left and right are shown exchanged. */
  readonly mirrored: boolean;
}

/** How names and numbers are written. */
export interface SentenceWords {
  /** Name of a class for people. */
  nameOf(index: number, label: string): string;
  /** A probability as a percentage: "94 %". */
  percent(probability: number): string;
}

/** A sentence. */
export interface Sentence {
  readonly text: string;
  /** The same without its numbers: what has to be read again when it changes. */
  readonly words: string;
  /** Index of the class that it is about; null: of none. */
  readonly about: number | null;
  /** Whether a reason is part of it. */
  readonly explains: boolean;
}

/** Nothing to say. */
export const NO_SENTENCE: Sentence = { text: "", words: "", about: null, explains: false };

/** A probability that changes by less than this, and by less than a tenth of itself, hardly changes. */
const HARDLY_POINTS = 0.05;
const HARDLY_SHARE = 0.1;

/** From this share of the evidence on a region holds most of it. */
const MOST = 0.5;

/** Makes the sentence. */
export function sentenceOf(facts: SentenceFacts, words: SentenceWords): Sentence {
  const { stale, reason } = facts;
  const [target, first] = [named(facts.target), named(facts.first)];
  if (target === null || first === null) return NO_SENTENCE;
  const measured = reason !== null && reason.target.index === target.index && !stale ? reason : null;
  const write = (percent: SentenceWords["percent"]) =>
    `${stale ? "A moment ago: " : ""}${subjectOf(facts, target, first, { ...words, percent })}${
      measured === null ? "" : because(facts, measured, { ...words, percent })
    }.`;
  return {
    text: write(words.percent),
    words: write(() => "…"),
    about: target.index,
    explains: measured !== null,
  };
}

function named(one: NamedClass | null): NamedClass | null {
  return one === null ? null : { ...one, name: inSentence(one.name) };
}

/** What is seen: "espresso, 94 %"; of a class that is not first, which one is. */
function subjectOf(
  { unsure }: SentenceFacts,
  target: NamedClass,
  first: NamedClass,
  { percent }: SentenceWords,
): string {
  if (target.index !== first.index) {
    const leads = unsure ? "not sure" : `first is ${first.name}, ${percent(first.probability)}`;
    return `${target.name}, ${percent(target.probability)} (${leads})`;
  }
  const number = percent(target.probability);
  return unsure ? unsureWords(target.name, number) : `${target.name}, ${number}`;
}

/** Because of what: ": mostly because of the upper middle; hide that and it falls to 21 %". */
function because(facts: SentenceFacts, { region, target, meter }: Reason, words: SentenceWords): string {
  if (region === null) return ": this map shows no evidence for it";
  const place = placeName(facts.mirrored ? mirrored(region.box) : region.box);
  const hidden = words.percent(region.hidden);
  if (place === "nearly everywhere") return ": the evidence lies nearly everywhere, no single place decides";
  const lowTrust = facts.blind || (meter !== null && meterVerdict(meter) === "doubtful");
  const part = region.share >= MOST ? "mostly" : "above all";
  const cause = facts.signed
    ? `what speaks for it is ${part} the ${place}`
    : `${part} because of the ${place}`;
  const hedge = facts.unsure ? "if so, " : lowTrust ? "perhaps " : "";
  return `: ${hedge}${cause}${facts.blind ? ", as this map would say of any class" : ""}${
    effectOf(region, target.probability, hidden, { facts, words })
  }`;
}

/** What happens when the place is hidden. */
function effectOf(
  { hidden, takesOver }: NonNullable<Reason["region"]>,
  whole: number,
  percent: string,
  { facts, words }: { readonly facts: SentenceFacts; readonly words: SentenceWords },
): string {
  const change = hidden - whole;
  const isSmall = Math.abs(change) < HARDLY_POINTS && Math.abs(change) < HARDLY_SHARE * whole;
  if (isSmall) return `, but hiding that hardly changes it (${percent}): the evidence is spread out`;
  if (change > 0) return `, but hide that and it rises to ${percent}: the network does not need it`;
  const other = takesOver === null ? null : inSentence(words.nameOf(takesOver.index, takesOver.label));
  // A class that was not first before has nothing to lose to another one.
  const isFirst = facts.first?.index === facts.target?.index;
  if (other === null || !isFirst) return `; hide that and it falls to ${percent}`;
  // Classes that do not exclude each other take nothing over.
  const next = facts.head === "sigmoid" ? `${other} is then stronger` : `it becomes ${other}`;
  return `; hide that and it falls to ${percent}, and ${next}`;
}

/** The same box with left and right exchanged. */
function mirrored({ left, right, ...rest }: Box): Box {
  return { ...rest, left: 1 - right, right: 1 - left };
}
