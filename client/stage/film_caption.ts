/** The words of a film's caption: what is seen, by which method, class and model, and what the colours mean. Pure. */
import type { ColormapName } from "../../shared/colormaps.ts";
import type { Shading } from "../map/shade.ts";
import { scaleEnds } from "../ui/format.ts";

/** What the colours of a map mean. */
export interface FilmLegend {
  readonly low: string;
  readonly high: string;
  readonly unit: string;
  readonly colormap: ColormapName;
  /** Whether only the half above zero of a diverging table is used. */
  readonly upper: boolean;
}

/** A caption. */
export interface FilmCaption {
  /** What is seen: "espresso  94 %". */
  readonly title: string;
  /** Method, class and model. */
  readonly detail: string;
  /** What is seen and why, in a sentence; its room is kept while it is empty. Absent: it has none, and no room. */
  readonly sentence?: string;
  /** Null: no colours are drawn, or they are those of a picture. */
  readonly legend: FilmLegend | null;
}

/** What a caption is made of. */
export interface CaptionFacts {
  /** What the network says, with its number; empty where it said nothing. */
  readonly headline: string;
  /** Name of the class that the map explains, or null. */
  readonly target: string | null;
  readonly methodName: string;
  readonly modelName: string;
  /** What is seen and why; null: the caption has no room for it. */
  readonly sentence?: string | null;
  readonly unit: string;
  /** Null: no colours are drawn, or they are those of a picture. */
  readonly shading: Shading | null;
  /** With which the map lies over the picture, 0…1; nothing is said of one that is hidden. */
  readonly opacity: number;
  /** Whether the map shows the network itself. */
  readonly network: boolean;
}

/** Writes a caption. */
export function filmCaption(facts: CaptionFacts): FilmCaption {
  const { headline, target, methodName, modelName, network, opacity, sentence = null } = facts;
  const explained = target === null || network ? methodName : `${methodName}: evidence for ${target}`;
  return {
    title: headline,
    detail: [opacity === 0 ? "" : explained, modelName].filter((words) => words !== "").join(" · "),
    ...(sentence !== null && { sentence }),
    legend: legendOf(facts),
  };
}

function legendOf({ shading, unit, opacity }: CaptionFacts): FilmLegend | null {
  if (shading === null || opacity === 0) return null;
  const { signed, colormap, range } = shading;
  const [low, high] = scaleEnds(range, signed);
  return { low, high, unit, colormap, upper: !signed && colormap === "diverging" };
}
