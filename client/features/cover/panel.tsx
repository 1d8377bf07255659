/** The panel "Cover a part": what paints, with what, and what it changes. */
import { Eraser, Paintbrush, Redo2, SquareDashed, Undo2 } from "lucide-preact";
import { useEffect, useMemo } from "preact/hooks";
import { COVER_FILLS, COVER_SIDE } from "../../../shared/cover.ts";
import { coverSentence } from "../../stage/cover_words.ts";
import { LiveRegion } from "../../ui/live_region.tsx";
import { PercentSlider } from "../../ui/percent_slider.tsx";
import type { CoverEvent, CoverState } from "./cover_state.ts";
import { CoverModel, type CoverPorts } from "./model.ts";
import { PaintArea, travelKey } from "./paint_layer.tsx";
import { FlipSearch } from "./flip_search.tsx";
import { coveredWords, FILL_WORDS } from "./words.ts";

/** The panel's content. */
export function Panel(ports: CoverPorts) {
  const { view, board, nameOf, mirrored, paintLayer } = ports;
  const model = useMemo(() => new CoverModel(ports), [view]);
  useEffect(() => {
    paintLayer.value = { Layer: () => <PaintArea model={model} mirrored={mirrored} /> };
    return () => {
      paintLayer.value = null;
      model.dispose();
    };
  }, [model]);
  const state = model.state.value;
  const take = (event: CoverEvent) => model.take(event);
  const { ranking, whole } = board.value;
  const sentence = model.cover === null ? "" : coverSentence(ranking, whole, nameOf);
  return (
    <div
      class="cover-tool"
      data-testid="cover"
      onKeyDown={(event) => {
        if (travelKey(event, model)) event.preventDefault();
      }}
    >
      <p class="cover-verdict" data-testid="cover-verdict">
        {sentence === "" ? "Paint over the picture: the network sees it so, live." : sentence}
      </p>
      <LiveRegion words={() => sentence} />
      <Tools state={state} take={take} />
      <Fills state={state} take={take} />
      <Acts model={model} state={state} />
      <FlipSearch model={model} />
      <p class="muted small">
        {coveredWords(state.cells)} By keyboard: <KeyboardButton />{" "}
        then arrow keys move a block as wide as the brush, the space bar covers it, <kbd>Shift</kbd>{" "}
        with an arrow key covers on the way. The right mouse button makes visible again.
      </p>
    </div>
  );
}

interface StateProps {
  readonly state: CoverState;
  readonly take: (event: CoverEvent) => void;
}

function Tools({ state: { tool, erases, size }, take }: StateProps) {
  return (
    <>
      <div class="cover-row" role="group" aria-label="What paints">
        <button
          type="button"
          class="button"
          aria-pressed={tool === "brush"}
          data-testid="cover-brush"
          onClick={() => take({ kind: "tool", tool: "brush" })}
        >
          <Paintbrush aria-hidden="true" /> Brush
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={tool === "rectangle"}
          data-testid="cover-rectangle"
          onClick={() => take({ kind: "tool", tool: "rectangle" })}
        >
          <SquareDashed aria-hidden="true" /> Rectangle
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={erases}
          data-testid="cover-eraser"
          onClick={() => take({ kind: "erases", on: !erases })}
        >
          <Eraser aria-hidden="true" /> Eraser
        </button>
      </div>
      <PercentSlider
        {...{ id: "cover-size", label: "Brush", min: 1, max: 16, step: 1, value: size, whole: COVER_SIDE }}
        onInput={(wanted) => take({ kind: "size", size: wanted })}
      />
    </>
  );
}

function Fills({ state: { fill }, take }: StateProps) {
  return (
    <fieldset class="cover-fills">
      <legend>What the network sees there</legend>
      {COVER_FILLS.map((one) => (
        <label key={one} class="check" title={FILL_WORDS[one][1]}>
          <input
            type="radio"
            name="cover-fill"
            data-testid={`cover-fill-${one}`}
            checked={fill === one}
            onChange={() => take({ kind: "filled", fill: one })}
          />
          {FILL_WORDS[one][0]}
        </label>
      ))}
    </fieldset>
  );
}

function Acts({ model, state }: { readonly model: CoverModel; readonly state: CoverState }) {
  const isBare = model.cover === null;
  return (
    <div class="cover-row" role="group" aria-label="What is covered">
      <button
        type="button"
        class="button"
        disabled={state.past.length === 0}
        data-testid="cover-undo"
        onClick={() => model.take({ kind: "undone" })}
      >
        <Undo2 aria-hidden="true" /> Undo
      </button>
      <button
        type="button"
        class="button"
        disabled={state.future.length === 0}
        data-testid="cover-redo"
        onClick={() => model.take({ kind: "redone" })}
      >
        <Redo2 aria-hidden="true" /> Redo
      </button>
      <button
        type="button"
        class="button"
        disabled={isBare}
        data-testid="cover-clear"
        onClick={() => model.clear()}
      >
        Clear
      </button>
      <button type="button" class="button" data-testid="cover-hottest" onClick={() => model.coverHottest()}>
        Cover the hottest 10 %
      </button>
      <button
        type="button"
        class="button"
        disabled={isBare}
        title="Only what is covered now stays visible"
        data-testid="cover-invert"
        onClick={() => model.take({ kind: "inverted" })}
      >
        Show only this
      </button>
      <button
        type="button"
        class="button"
        disabled={isBare}
        title="The covered picture becomes a pane beside the whole one"
        data-testid="cover-keep"
        onClick={() => model.keepAsPane()}
      >
        Keep as pane
      </button>
    </div>
  );
}

function KeyboardButton() {
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => document.querySelector<HTMLElement>(".cover-paint")?.focus()}
    >
      go to the picture
    </button>
  );
}
