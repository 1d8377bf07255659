import { ArrowLeft, ArrowRight, Maximize2, Minimize2, SlidersHorizontal, X } from "lucide-preact";
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { standardErrorOf } from "../../../shared/map_values.ts";
import { methodOf } from "../../view/view_state.ts";
import type { Page } from "../../app/page.ts";
import { useLayer } from "../../ui/use_layer.ts";
import { madeWords } from "../../map/made_words.ts";
import { dimmed, isDimmed } from "../../map/dimming.ts";
import { PaneForm } from "./pane_form.tsx";
import type { PaneMap } from "./pane_map.ts";
import type { PaneContent } from "../../view/pane_content.ts";
import { type PaneState, targetWords } from "./pane_set.ts";

interface PaneCellProps {
  readonly page: Page;
  readonly pane: PaneState;
  /** Place among the panes, from 0. */
  readonly place: number;
  readonly count: number;
  readonly hidden: boolean;
}

/** One pane: what it shows, the picture with its map, and what the map cost. */
export function PaneCell({ page, pane, place, count, hidden }: PaneCellProps) {
  const { compare } = page;
  const square = useRef<HTMLDivElement>(null);
  const editing = useSignal(false);
  const map = compare.map(pane.id);
  const { content } = pane;
  const title = titleOf(page, content);
  const isMap = content.kind === "map";
  const dims = isMap && isDimmed(page.session.board.state.value.ranking, content.target);

  useLayoutEffect(() => {
    square.current?.replaceChildren(map.picture, ...(isMap ? [map.overlay.canvas] : []));
    compare.frame();
  }, [map, isMap]);
  useEffect(() => {
    if (square.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      map.resize((entry?.contentRect.width ?? 0) * devicePixelRatio);
      compare.frame();
    });
    observer.observe(square.current);
    return () => observer.disconnect();
  }, [map]);

  return (
    <article class="pane" aria-label={title.join(", ")} data-testid={`pane-${pane.id}`} hidden={hidden}>
      <header class="pane-head">
        <Title title={title} />
        {isMap && (
          <button
            type="button"
            class="icon-button"
            aria-label={`Change ${title.join(", ")}`}
            title="Change what this pane shows"
            aria-expanded={editing.value}
            data-testid="pane-edit"
            onClick={() => editing.value = !editing.value}
          >
            <SlidersHorizontal aria-hidden="true" />
          </button>
        )}
        <EnlargeButton page={page} id={pane.id} title={title.join(", ")} />
        <button
          type="button"
          class="icon-button"
          aria-label={`Remove ${title.join(", ")}`}
          title="Remove this pane"
          data-testid="pane-remove"
          onClick={() => page.removePane(pane.id)}
        >
          <X aria-hidden="true" />
        </button>
      </header>
      {editing.value && content.kind === "map" && (
        <Popover page={page} onClose={() => editing.value = false}>
          <PaneForm page={page} pane={pane} content={content} />
          <div class="pane-moves">
            <MoveButton page={page} id={pane.id} by={-1} disabled={place === 0} />
            <MoveButton page={page} id={pane.id} by={1} disabled={place === count - 1} />
          </div>
        </Popover>
      )}
      <div
        class="pane-square"
        ref={square}
        data-mirror={page.mirrored.value}
        style={{ "--map-opacity": page.mapHidden.value ? 0 : dimmed(page.settings.value.opacity, dims) }}
        title="Click to enlarge"
        onClick={() => compare.enlarged.value = compare.enlarged.value === null ? pane.id : null}
      />
      <p class="pane-foot" data-testid="pane-figures">
        {pane.refused === null ? paneWords(page, content, map) : <span class="warn">{pane.refused}</span>}
      </p>
    </article>
  );
}

/** The head of the main pane, whose settings stand beside the picture. */
export function MainHead({ page }: { readonly page: Page }) {
  const { method, target } = page.session.view.value.current;
  const title = titleOf(page, { kind: "map", method, target, against: null, layer: null, options: {} });
  return (
    <header class="pane-head">
      <Title title={title} />
      <EnlargeButton page={page} id={0} title={title.join(", ")} />
    </header>
  );
}

/** The same figures of the main pane's map. */
export function MainFoot({ page }: { readonly page: Page }) {
  const { figures, costMs, status, made } = page.session;
  const { kind } = status.value;
  const held = page.source.isStill() && kind !== "waiting" && kind !== "stale";
  const words = costMs.value === null ? "waiting for the map" : figureWords(
    held ? null : figures.value.ageMs,
    costMs.value,
    status.value.kind === "growing" ? status.value.progress : 1,
    made.value,
    kind === "unclear",
  );
  return <p class="pane-foot">{words}</p>;
}

/** One line for each part, so that none is cut for another. */
function Title({ title }: { readonly title: readonly string[] }) {
  return (
    <h3 title={title.join(" · ")}>
      {title.map((part, line) => <span key={line} class={line === 0 ? undefined : "muted"}>{part}</span>)}
    </h3>
  );
}

function EnlargeButton(
  { page, id, title }: { readonly page: Page; readonly id: number; readonly title: string },
) {
  const { enlarged } = page.compare;
  const large = enlarged.value === id;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={large ? "Back to all panes" : `Enlarge ${title}`}
      title={large ? "Back to all panes (Esc)" : "Enlarge"}
      data-testid="pane-enlarge"
      onClick={() => enlarged.value = large ? null : id}
    >
      {large ? <Minimize2 aria-hidden="true" /> : <Maximize2 aria-hidden="true" />}
    </button>
  );
}

function MoveButton(
  { page, id, by, disabled }: {
    readonly page: Page;
    readonly id: number;
    readonly by: -1 | 1;
    readonly disabled: boolean;
  },
) {
  return (
    <button
      type="button"
      class="button"
      disabled={disabled}
      onClick={() => page.compare.change({ kind: "moved", id, by })}
    >
      {by < 0 ? <ArrowLeft aria-hidden="true" /> : <ArrowRight aria-hidden="true" />}
      {by < 0 ? "Move left" : "Move right"}
    </button>
  );
}

/** Settings over a pane; Escape, Back and a press anywhere else close them. */
function Popover(
  { page, onClose, children }: {
    readonly page: Page;
    readonly onClose: () => void;
    readonly children: preact.ComponentChildren;
  },
) {
  const box = useRef<HTMLDivElement>(null);
  const toggleOf = () => box.current?.closest(".pane")?.querySelector<HTMLElement>("[aria-expanded]");
  const close = () => {
    const button = toggleOf();
    onClose();
    button?.focus();
  };
  useLayer(page.layers, { isOpen: () => true, close, escape: "page", back: true });
  useEffect(() => {
    box.current?.querySelector("select")?.focus();
    const onPress = ({ target }: PointerEvent) => {
      const isInside = [box.current, toggleOf()].some((one) => one?.contains(target as Node) === true);
      if (!isInside) onClose();
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, []);
  return <div class="pane-popover" ref={box}>{children}</div>;
}

/** What a pane shows, in a few words: first what differs from the other panes, then the rest. */
function titleOf(page: Page, content: PaneContent): readonly string[] {
  if (content.kind === "original") return ["Picture"];
  const { method, target, against } = content;
  const name = page.session.welcome.value?.methods.find(({ id }) => id === method)?.name ?? method;
  const rows = page.session.board.state.value.ranking.rows;
  const words = (one: typeof target) => {
    const guessed = one.kind === "rank" ? rows[one.rank - 1] : undefined;
    if (guessed !== undefined) return page.nameOf(guessed.index, guessed.label);
    return targetWords(one, page.nameOf);
  };
  const what = against === null ? words(target) : `${words(target)} rather than ${words(against)}`;
  return methodsDiffer(page) ? [name, what] : [what, name];
}

/** Whether the panes, the main one included, show maps of several methods. */
function methodsDiffer(page: Page): boolean {
  const main = page.session.view.value.current.method;
  return page.compare.set.value.panes.some(({ content }) =>
    content.kind === "map" && content.method !== main
  );
}

function paneWords(page: Page, content: PaneContent, map: PaneMap): string {
  const { ageMs, costMs, progress, complete, samples } = map.figures.value;
  if (content.kind === "original") return "as the camera sees it";
  if (costMs === null) return "waiting for the map";
  const method = methodOf(content, page.session.welcome.value?.methods ?? []);
  const sampling = method?.sampling ?? null;
  const unclear = complete && ageMs === null && method?.subject === "picture" &&
    map.overlay.clarity(standardErrorOf(samples, sampling)) !== "clear";
  return figureWords(ageMs, costMs, complete ? 1 : progress, madeWords(samples, sampling), unclear);
}

/** Age of a live map, or how much of a held picture's one is there; what a finished one is made of; and what it cost. */
function figureWords(
  ageMs: number | null,
  costMs: number,
  progress: number,
  made: string,
  unclear: boolean,
): string {
  const state = ageMs !== null
    ? `${Math.round(ageMs)} ms old`
    : progress === 1
    ? made === "" ? "exact" : made
    : `${Math.floor(100 * progress)} %`;
  const place = unclear ? " · no clear place" : "";
  return `${state}${place} · cost ${costMs < 9.5 ? costMs.toFixed(1) : Math.round(costMs)} ms`;
}
