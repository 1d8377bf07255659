/** What the tour gets of the page, and how it gives the page back. */
import { COVER_CELLS, COVER_SIDE, coverOf } from "../../shared/cover.ts";
import type { Prediction } from "../../shared/protocol.ts";
import type { Fall, TourFacts, TourPorts } from "../features/tour/mod.ts";
import { connectionWord } from "../live/connection.ts";
import { withHottest } from "../map/hot_cells.ts";
import type { MapStatus } from "../map/map_status.ts";
import type { SourceKind } from "../picture/source_kind.ts";
import type { StageModel } from "../stage/stage_model.ts";
import type { Action } from "../ui/action.ts";
import { percent } from "../ui/format.ts";
import { askedView, methodOf } from "../view/view_state.ts";
import type { PageState } from "./page_state.ts";
import type { PictureModels } from "./picture_models.ts";
import type { StreamModels } from "./stream_models.ts";

/** Share of the picture that the tour covers where it is hottest. */
const HOT_SHARE = 0.2;

/** Side of the corner that is left where nearly all is covered, in cells. */
const CORNER = 2;

/** The method that the tour explains with, where the chosen one has no map of the picture's parts. */
const TOUR_METHOD = "grad-cam";

/** All cells but those of a corner. */
const NEARLY_ALL = Uint8Array.from(
  { length: COVER_CELLS },
  (_, cell) => cell % COVER_SIDE < COVER_SIDE - CORNER || cell < COVER_CELLS - CORNER * COVER_SIDE ? 1 : 0,
);

/** What the ports are made of. */
export interface TourParts {
  readonly state: PageState;
  readonly picture: PictureModels;
  readonly stream: StreamModels;
  readonly stage: StageModel;
}

/** Makes what the tour needs; `record` is the page's action. */
export function tourPorts(parts: TourParts, record: Action): TourPorts {
  const { stream: { view, map, live }, stage } = parts;
  return {
    facts: () => factsOf(parts),
    stage: {
      hideMap: (hidden) => stage.mapHidden.value = hidden,
      coverHottest() {
        const cells = withHottest(map.overlay.map, new Uint8Array(COVER_CELLS), HOT_SHARE);
        if (cells !== null) view.setCover(coverOf(cells, "grey"));
        return cells !== null;
      },
      coverNearlyAll: () => void view.setCover(coverOf(NEARLY_ALL, "grey")),
      uncover: () => void view.setCover(null),
      lockSecond() {
        const second = live.board.state.peek().ranking.rows[1];
        if (second !== undefined) view.lockClass(second.index);
        return second !== undefined;
      },
      unlock: () => view.unlock(),
    },
    borrow: () => borrow(parts),
    now: () => performance.now(),
    every: everyMs,
    record: () => record.when() && record.run(),
  };
}

/** Runs something every `ms` until the returned function is called. */
export function everyMs(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

function factsOf({ picture: { source }, stream: { live, view, map, names } }: TourParts): TourFacts {
  const { ranking, target, whole } = live.board.state.value;
  const named = ({ index, label }: Prediction) => names.nameOf(index, label);
  const told = (row: Prediction) => ({ name: named(row), percent: percent(row.probability) });
  const [first, second] = ranking.rows;
  const locked = view.locked.value;
  return {
    live: connectionWord(live.link.state.value) === "live",
    source: sourceWords(source.kind.value),
    first: first === undefined ? null : told(first),
    second: second === undefined ? null : named(second),
    unsure: ranking.unsure,
    mapped: hasEvidence(map.status.value),
    fall: whole === null ? null : fallOf(whole[0], ranking.rows, told),
    locked: locked !== null && target?.index === locked ? named(target) : null,
  };
}

function fallOf(
  before: Prediction | undefined,
  rows: readonly Prediction[],
  told: (row: Prediction) => { name: string; percent: string },
): Fall | null {
  const [now] = rows;
  if (before === undefined || now === undefined) return null;
  const left = rows.find(({ index }) => index === before.index);
  return {
    ...{ name: told(before).name, from: percent(before.probability) },
    to: left === undefined ? null : percent(left.probability),
    falls: left === undefined || Math.round(100 * (left.probability - before.probability)) < 0,
    over: now.index === before.index ? null : told(now),
  };
}

function sourceWords({ kind }: SourceKind): string {
  switch (kind) {
    case "camera":
      return "what the camera sees";
    case "video":
      return "this video";
    case "photo":
    case "sample":
      return "this photo";
    case "none":
      return "the picture";
    default: {
      const _never: never = kind;
      return _never;
    }
  }
}

/** Whether there is a map to speak of. */
function hasEvidence({ kind }: MapStatus): boolean {
  return kind === "live" || kind === "complete" || kind === "partial" || kind === "unclear";
}

/** Shows the picture with a map of its parts and nothing beside it; returns what gives back how it was. */
function borrow({ state, picture: { source }, stream: { view, live }, stage }: TourParts): () => void {
  const before = askedView(view.state.peek());
  const hidden = stage.mapHidden.peek();
  const drawer = state.drawer.peek();
  state.drawer.value = null;
  state.helpOpen.value = false;
  if (source.kind.peek().kind === "none") void source.fallBack();
  const method = methodOf(before, live.welcome.peek()?.methods ?? []);
  const suits = method === undefined || method.subject === "picture" && method.family !== "gradient";
  if (!suits) view.setMethod(TOUR_METHOD);
  if (before.cover !== undefined) view.setCover(null);
  view.unlock();
  return () => {
    stage.mapHidden.value = hidden;
    view.setCover(null);
    if (!suits) {
      view.setMethod(before.method);
      view.setLayer(before.layer ?? null);
    }
    const isSameModel = askedView(view.state.peek()).model === before.model;
    if (isSameModel) view.explain(before.target);
    else view.unlock();
    if (isSameModel && before.cover !== undefined) view.setCover(before.cover);
    state.drawer.value = drawer;
  };
}
