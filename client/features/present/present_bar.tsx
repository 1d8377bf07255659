import type { ReadonlySignal } from "@preact/signals";
import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { PacedSentence } from "../../../shared/sentence_pace.ts";
import { SentenceLine } from "../../ui/sentence_line.tsx";
import type { PresentPart } from "../../view/settings.ts";
import {
  Headline,
  MethodLine,
  type MethodLineProps,
  Others,
  Status,
  type StatusProps,
} from "./present_lines.tsx";
import { PresentMenu, type PresentMenuProps } from "./present_menu.tsx";
import { usePointerShown } from "./use_pointer_shown.ts";

/** Properties of the bar. */
export interface PresentBarProps extends MethodLineProps, StatusProps, Omit<PresentMenuProps, "visible"> {
  /** What is seen and why, in a sentence. */
  readonly sentence: ReadonlySignal<PacedSentence>;
  /** What lets phones watch. */
  readonly code: ComponentChildren;
  readonly onLeave: () => void;
}

/** Present mode's words, large enough for the back row: the first label, and what else is wanted. */
export function PresentBar(props: PresentBarProps) {
  const { board, nameOf, view, welcome, connection, figures, parts, offered, sentence, code, onLeave } =
    props;
  const pointing = usePointerShown();
  const shows = (part: PresentPart) => parts.includes(part) && offered.includes(part);
  return (
    <div class="present-bar">
      <h1 class="visually-hidden">Gradcast</h1>
      {shows("label") && <Headline board={board} nameOf={nameOf} />}
      {shows("others") && <Others board={board} nameOf={nameOf} />}
      <div class="present-lines">
        {shows("sentence") && <SentenceLine sentence={sentence.value} class="present-sentence" />}
        {shows("method") && <MethodLine {...{ board, nameOf, view, welcome }} />}
        {shows("status") && <Status connection={connection} figures={figures} />}
      </div>
      {shows("code") && code}
      <PresentMenu {...menuOf(props)} visible={pointing.value} />
      <button
        type="button"
        class="button present-exit"
        data-visible={pointing.value}
        onClick={onLeave}
      >
        <X aria-hidden="true" /> Leave
      </button>
    </div>
  );
}

function menuOf(
  { layers, parts, offered, onPart, mapHidden, mirror, fullscreen }: PresentBarProps,
): Omit<PresentMenuProps, "visible"> {
  return { layers, parts, offered, onPart, mapHidden, mirror, fullscreen };
}
