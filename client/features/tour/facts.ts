/** What of the page the tour speaks of, and its words. Pure. */
import type { TourStep } from "./tour_state.ts";

/** A class with its probability in words. */
export interface Told {
  readonly name: string;
  readonly percent: string;
}

/** What is to be seen. */
export interface TourFacts {
  /** Whether the server answers. */
  readonly live: boolean;
  /** What the picture comes from: "the camera", "this photo". */
  readonly source: string;
  /** The first class; null before the first answer. */
  readonly first: Told | null;
  /** Name of the second class; null: there is none. */
  readonly second: string | null;
  readonly unsure: boolean;
  /** Whether there is a map with evidence. */
  readonly mapped: boolean;
  /** The picture's first class without the cover and with it, and what is first now; null: nothing is covered. */
  readonly fall: Fall | null;
  /** Name of the class that is locked and explained; null: none is. */
  readonly locked: string | null;
}

/** What a cover does. */
export interface Fall {
  readonly name: string;
  /** Probability in words: before, and now; null: out of the classes that are listed. */
  readonly from: string;
  readonly to: string | null;
  /** Whether it has fallen at all, in whole percentage points. */
  readonly falls: boolean;
  /** What is first now, where that is another class. */
  readonly over: Told | null;
}

/** What a step says. */
export interface StepWords {
  readonly title: string;
  readonly words: string;
}

/** Whether what a step shows is to be seen. */
export function isShown(step: TourStep, { first, mapped, fall, locked }: TourFacts): boolean {
  switch (step) {
    case "point":
      return first !== null;
    case "glow":
      return mapped;
    case "cover":
    case "fall":
      return fall !== null;
    case "another":
      return locked !== null && mapped;
    case "unsure":
      return fall !== null;
    case "record":
      return true;
    default: {
      const _never: never = step;
      return _never;
    }
  }
}

/** What a step says; `missed`: what it shows is not to be seen here. */
export function wordsOf(step: TourStep, facts: TourFacts, missed: boolean): StepWords {
  return { title: TITLES[step], words: missed ? MISSED[step] : SPOKEN[step](facts) };
}

const TITLES: Readonly<Record<TourStep, string>> = {
  point: "What the network sees",
  glow: "Why it says so",
  cover: "Is that true? Hide it",
  fall: "What happens then",
  another: "Ask for another class",
  unsure: "When it does not know",
  record: "Keep what you see",
};

const SPOKEN: Readonly<Record<TourStep, (facts: TourFacts) => string>> = {
  point({ source, first, unsure }) {
    const goes = `The bright square of ${source} goes to a network that names what it sees.`;
    if (first === null) return `${goes} Its answer is on the way.`;
    return unsure
      ? `${goes} It is not sure: its best guess is ${first.name}, ${first.percent}.`
      : `${goes} It says ${first.name}, and is ${first.percent} sure.`;
  },
  glow: ({ first }) =>
    `The colours show where in the picture it finds ${
      first?.name ?? "its answer"
    }: the brighter a place, the more it counts.`,
  cover: () => "The brightest part is grey now: the network has to answer without it.",
  fall(facts) {
    const { fall } = facts;
    if (fall === null) return "The network answers again.";
    const { name, from, to, falls, over } = fall;
    if (!falls) return `${name} stays at ${to ?? from}: what is left of the picture is enough.`;
    const down = to === null
      ? `${name} was at ${from} and is not listed any more`
      : `${name} falls from ${from} to ${to}`;
    return over === null || facts.unsure
      ? `${down}. So that part did count.`
      : `${down}, and ${over.name} takes over with ${over.percent}. So that part did count.`;
  },
  another: ({ locked }) =>
    `The cover is gone. Now the colours show what speaks for ${
      locked ?? "the second class"
    } in the same picture. Press a class in the list to ask for it.`,
  unsure({ first, unsure }) {
    const hidden = "Now nearly the whole picture is hidden.";
    if (first === null) return hidden;
    return unsure
      ? `${hidden} The network has to guess: ${first.name}, ${first.percent}. Gradcast says “Not sure” then, and dims the colours.`
      : `${hidden} It still says ${first.name}, ${first.percent}: a network always answers something. Below 20 % Gradcast says “Not sure”.`;
  },
  record: () =>
    "Record makes a film of the picture with its colours and words. That was the tour: point the camera at something.",
};

const MISSED: Readonly<Record<TourStep, string>> = {
  point:
    "There is no answer yet. It comes as soon as a picture is there: start the camera, or press a sample photo.",
  glow: "There are no colours here: the network finds nothing in this picture that speaks for its answer.",
  cover: "There is nothing bright to hide in this picture. With “Cover” you can hide any part yourself.",
  fall: "Nothing is hidden, so nothing falls. With “Cover” you can hide any part yourself.",
  another: "There is no second class to ask for here. Press a class in the list to ask for it.",
  unsure: "Below 20 % Gradcast says “Not sure” in place of a class, and dims the colours.",
  record: "",
};
