/** The words of a film as ffmpeg reads them. Pure. */

/** A line of words that a player shows over the film; times in s. */
export interface FilmWords {
  readonly fromS: number;
  readonly toS: number;
  readonly words: string;
}

/** What a film says beside its pictures. */
export interface FilmTexts {
  readonly title: string;
  readonly subtitles: readonly FilmWords[];
  /** Parts of the film that players list. */
  readonly chapters: readonly FilmWords[];
}

/** Subtitles in the form of SubRip. */
export function subRip(lines: readonly FilmWords[]): string {
  return lines.map(({ fromS, toS, words }, index) =>
    `${index + 1}\n${clock(fromS)} --> ${clock(toS)}\n${oneLine(words)}\n`
  ).join("\n");
}

/** Title and chapters in ffmpeg's own form. */
export function ffMetadata({ title, chapters }: Pick<FilmTexts, "title" | "chapters">): string {
  const parts = chapters.map(({ fromS, toS, words }) =>
    [
      "[CHAPTER]",
      "TIMEBASE=1/1000",
      `START=${millis(fromS)}`,
      `END=${millis(toS)}`,
      `title=${escaped(words)}`,
      "",
    ]
      .join("\n")
  );
  return [";FFMETADATA1", `title=${escaped(title)}`, "", ...parts].join("\n");
}

function millis(seconds: number): number {
  return Math.round(seconds * 1_000);
}

function clock(seconds: number): string {
  const ms = millis(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${two(ms / 3_600_000)}:${two(ms / 60_000 % 60)}:${two(ms / 1_000 % 60)},${
    String(ms % 1_000).padStart(3, "0")
  }`;
}

/** An empty line ends a subtitle, and markup is none of ours. */
function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").replace(/[<>{}]/g, "").trim();
}

function escaped(words: string): string {
  return words.replace(/\s+/g, " ").replace(/[=;#\\]/g, (sign) => `\\${sign}`);
}
