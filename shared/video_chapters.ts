/** The chapters of a film: which class it shows when. Pure. */
import { shortLabel } from "./labels.ts";
import type { VideoContents } from "./video_spans.ts";

/** Shortest chapter, in s: nobody jumps to less. */
const SHORTEST_S = 1;

/** Chapters of a film at most. */
const MAX_CHAPTERS = 200;

/** What a chapter is called in which no class stays first. */
const CHANGING = "changing";

/** A part of a film that players list; times in s. */
export interface Chapter {
  readonly fromS: number;
  readonly toS: number;
  readonly words: string;
}

/** A chapter for each span, and for the time between them; together they are the whole film, as players expect it. */
export function chaptersOf({ spans }: Pick<VideoContents, "spans">, endS: number): Chapter[] {
  const chapters: Chapter[] = [];
  const add = (fromS: number, toS: number, words: string) => {
    if (toS - fromS < SHORTEST_S) return;
    const last = chapters.at(-1);
    if (last?.words === words) chapters[chapters.length - 1] = { ...last, toS };
    else chapters.push({ fromS, toS, words });
  };
  let seenS = 0;
  for (const { fromS, toS, label } of spans) {
    add(seenS, fromS, CHANGING);
    add(fromS, toS, shortLabel(label));
    seenS = toS;
  }
  add(seenS, endS, CHANGING);
  // What is too short for a chapter of its own belongs to the one before it, or to the first.
  return chapters.slice(0, MAX_CHAPTERS).map((chapter, place, all) => ({
    ...chapter,
    fromS: place === 0 ? 0 : chapter.fromS,
    toS: all[place + 1]?.fromS ?? endS,
  }));
}
