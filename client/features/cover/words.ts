/** What the tool says. Pure. */
import { COVER_SIDE, type CoverFill, coverShare } from "../../../shared/cover.ts";
import type { FlipResult } from "../../../shared/protocol.ts";
import { inSentence } from "../../../shared/labels.ts";
import { type Box, placeName } from "../../../shared/region.ts";
import { percent } from "../../ui/format.ts";
import type { NameOf } from "../../view/labels.ts";
import type { CoverState } from "./cover_state.ts";
import type { Cells } from "./stamp.ts";

/** Fills with their names, and what the network sees. */
export const FILL_WORDS: Readonly<Record<CoverFill, readonly [name: string, meaning: string]>> = {
  grey: ["Grey", "an even grey, which is the network’s zero"],
  blur: ["Blur", "the picture far out of focus"],
  black: ["Black", "nothing but black"],
  neighbour: ["Texture", "the nearest visible parts, mirrored"],
};

/** How much is covered: "6 % of the picture is covered", or that everything or nothing is. */
export function coveredWords(cells: Cells): string {
  const share = coverShare(cells);
  if (share === 0) return "Nothing is covered.";
  if (share === 1) return "Everything is covered: the network sees nothing of the picture.";
  return `${percent(share)} of the picture is covered.`;
}

/** What a search has found. */
export function foundWords(
  { from, to }: Pick<FlipResult, "from" | "to">,
  cells: Cells | null,
  { nameOf, mirrored }: { readonly nameOf: NameOf; readonly mirrored: boolean },
): string {
  const name = inSentence(nameOf(from.index, from.label));
  if (cells === null || to === null) {
    return `No region was found that changes the answer: ${name} stays first whatever was covered.`;
  }
  const [share, around] = [coverShare(cells), placeName(boxOfCells(cells, mirrored))];
  // The box around pieces that lie apart is larger than they are.
  const place = around === "nearly everywhere" && share < 0.5 ? "in several places" : around;
  return `Covering ${percent(share)} (${place}) turns ${name} into ${
    inSentence(nameOf(to.index, to.label))
  }. It is the smallest region found, not the smallest there is.`;
}

/** Where the top left cell of the keyboard's block stands as it is seen, and whether it is covered. */
export function blockWords(
  { cells, block: { row, column }, size }: Pick<CoverState, "cells" | "block" | "size">,
  mirrored: boolean,
): string {
  const isCovered = cells[row * COVER_SIDE + column] === 1;
  const seen = mirrored ? COVER_SIDE - column - size : column;
  return `Row ${row + 1}, column ${seen + 1} of ${COVER_SIDE}, ${isCovered ? "covered" : "visible"}`;
}

/** The sides of the covered cells as they are seen, as shares of the picture's. */
function boxOfCells(cells: Cells, mirrored: boolean): Box {
  const covered = [...cells.keys()].filter((cell) => cells[cell] === 1);
  const rows = covered.map((cell) => Math.floor(cell / COVER_SIDE));
  const columns = covered.map((cell) => cell % COVER_SIDE);
  const [left, right] = [Math.min(...columns) / COVER_SIDE, (Math.max(...columns) + 1) / COVER_SIDE];
  return {
    left: mirrored ? 1 - right : left,
    right: mirrored ? 1 - left : right,
    top: Math.min(...rows) / COVER_SIDE,
    bottom: (Math.max(...rows) + 1) / COVER_SIDE,
  };
}
