/** Occlusion sensitivity (Zeiler and Fergus 2014, https://arxiv.org/abs/1311.2901). */
import { GradcastError } from "../../../shared/errors.ts";
import { extentProperty } from "../../../shared/map_extent.ts";
import { FILLS } from "../../engine/port.ts";
import { cellMeans, type DropMeans } from "./_drop_means.ts";
import { evidenceOf } from "./_evidence.ts";
import { classMap, frameRow } from "../rows/frame_row.ts";
import { wholeTile } from "../rows/sample_groups.ts";
import { MIN_STRIDE_PX, MIN_WINDOW_PX, occlusionOptions, windowPresets } from "./_occlusion_options.ts";
import { SCORE_OPTION, scoreOf } from "../options/score_option.ts";
import { StreamDrops, Sweep } from "./_sweep.ts";
import { layWindows, placeOf, rectangleOf, type WindowGrid } from "../numerics/windows.ts";
import type { Attribution, MapTile, Method, MethodContext, RawMap } from "../method.ts";
import { targetClass } from "../ranking.ts";

/** Windows measured at a time on a still picture; a moving one takes them singly, to give way at once. */
export const GROUP_ROWS = 8;

/** Where a stream keeps its drops. */
const CARRY_KEY = "occlusion";

/** Largest budget; more than there are windows measures all of them. */
const MAX_BUDGET = 1_000_000;

/** Longest window of any model, in pixels. */
const MAX_WINDOW_PX = 4096;

/**
 * Raw map: y_c(x) − y_c(x with a window filled), `[⌈height/stride⌉, ⌈width/stride⌉]` cells of stride×stride
 * pixels, each the mean over the windows that overlap any pixels of it; in logit units, or as a share of 1 with the
 * score `probability`. With a budget: the disjoint coarse grid first, then eight at a time the windows that are
 * worth most by what was found near them; the drops of the rest are interpolated.
 */
export const occlusion: Method = {
  id: "occlusion",
  name: "Occlusion",
  family: "outside",
  plain: "Hides one patch of the picture at a time and watches how far the score of the class drops.",
  expert: "y_c(x) − y_c(x with a window filled), averaged over the windows that cover a cell; looks at the " +
    "network from outside, so it needs no layer; one forward for the frame and one for each window: 170 " +
    "with a window of 32 px and a stride of 16 px on 224 px; a budget of 89 windows keeps a correlation of 0.97 " +
    "with the exact map on average.",
  weakness: "Slow; the fill is itself something to see, and evidence that is larger than a window or there " +
    "twice hardly shows.",
  // Raw values below zero stay in the map; the display shows where hiding lowers the score, in any colour map.
  signed: false,
  progressive: true,
  cost: 170,
  withoutGradients: true,
  carries: true,
  values: {
    unit: { logit: "logits", probability: "probability" },
    meaning: "How far the score of the class drops when the place is hidden",
    zero: "nothing",
    range: null,
  },
  sampling: { one: "window", many: "windows", error: "none" },
  options: [
    {
      kind: "integer",
      name: "window",
      default: 32,
      min: MIN_WINDOW_PX,
      max: MAX_WINDOW_PX,
      unit: "px",
      help: "Side of the patch that is hidden; by default about a seventh of the input's.",
    },
    {
      kind: "integer",
      name: "stride",
      default: 16,
      min: MIN_STRIDE_PX,
      max: MAX_WINDOW_PX,
      unit: "px",
      help:
        "Step from one patch to the next, and side of a cell of the map; by default half a window, at most one.",
    },
    {
      kind: "choice",
      name: "fill",
      default: "grey",
      choices: [...FILLS],
      help: "What the patch is filled with; grey is the model's zero.",
    },
    SCORE_OPTION,
    {
      kind: "integer",
      name: "budget",
      default: 0,
      min: 0,
      max: MAX_BUDGET,
      unit: "windows",
      help: "Windows that are measured at most, the others are interpolated; 0 measures all of them.",
    },
  ],
  layers: () => [],
  presets: windowPresets,
  check(_model, options) {
    const { window, stride } = occlusionOptions(options);
    if (stride <= window) return;
    throw new GradcastError(
      "bad-option",
      `Cannot set the option 'stride': it is at most the window of ${window} px, or some of the picture ` +
        `would never be hidden, got ${stride}`,
    );
  },
  *attribute(context): Attribution {
    const { logits, projection } = yield* frameRow(context);
    const classIndex = targetClass(logits, context.target);
    const { model, frame, still } = context;
    const options = occlusionOptions(context.options);
    const grid = layWindows(model.height, model.width, options);
    const evidence = evidenceOf(grid, model, classMap(projection, classIndex));
    const { stream, before } = streamDrops(context, classIndex, grid);
    const sweep = new Sweep({
      grid,
      frame,
      sketch: context.sketch?.() ?? null,
      evidence,
      stream,
      still,
      budget: options.budget ?? grid.count,
    });
    const scored = { score: options.score, head: model.head };
    const score = scoreOf(scored, logits, classIndex);
    if (before) {
      // What is shown of earlier frames may not hold on this one: the whole map as far as it is known, NaN elsewhere.
      const known = mapOf(grid, sweep.shown(), classIndex);
      if (!still || known.values.some((value) => !Number.isNaN(value))) {
        yield { kind: "tile", tile: wholeTile({ ...known, samples: sweep.shownSamples }, 0) };
      }
    }
    const groupRows = still ? GROUP_ROWS : 1;
    for (let group = sweep.next(groupRows); group.length > 0; group = sweep.next(groupRows)) {
      const probes = group.map((index) => ({
        frame,
        variation: { kind: "fill", window: rectangleOf(grid, index), fill: options.fill },
        want: { kind: "logits" },
      } as const));
      const rows = yield { kind: "probes", lane: "tile", probes };
      for (const [place, index] of group.entries()) {
        const row = rows[place];
        if (row !== undefined) sweep.record(index, score - scoreOf(scored, row.logits, classIndex));
      }
      const [means, samples] = [sweep.shown(), sweep.shownSamples];
      for (const index of group) {
        const rest = { classIndex, progress: sweep.progress, samples };
        yield { kind: "tile", tile: tileOf(grid, means, index, rest) };
      }
    }
    return { ...mapOf(grid, sweep.finished(), classIndex), samples: sweep.samples };
  },
};

/** What the stream has measured for this class; `before`: an earlier frame has shown something, of whichever class. */
function streamDrops(
  { carry }: MethodContext,
  classIndex: number,
  grid: WindowGrid,
): { readonly stream: StreamDrops; readonly before: boolean } {
  const carried = carry.get(CARRY_KEY);
  if (carried instanceof StreamDrops && carried.classIndex === classIndex) {
    return { stream: carried, before: true };
  }
  const stream = new StreamDrops(classIndex, grid.count);
  carry.set(CARRY_KEY, stream);
  return { stream, before: carried !== undefined };
}

/** The cells that a window touches. */
function tileOf(
  grid: WindowGrid,
  means: DropMeans,
  index: number,
  rest: Pick<MapTile, "classIndex" | "progress" | "samples">,
): MapTile {
  const { row, column } = placeOf(grid, index);
  const rows = grid.rows.cellsOfWindow[row] ?? { first: 0, end: 0 };
  const columns = grid.columns.cellsOfWindow[column] ?? { first: 0, end: 0 };
  return {
    ...rest,
    mapHeight: grid.rows.cells,
    mapWidth: grid.columns.cells,
    ...extentProperty(grid.extent),
    row: rows.first,
    column: columns.first,
    rows: rows.end - rows.first,
    columns: columns.end - columns.first,
    values: cellMeans(grid, means, rows, columns),
  };
}

function mapOf(grid: WindowGrid, means: DropMeans, classIndex: number): RawMap {
  const rows = { first: 0, end: grid.rows.cells };
  const columns = { first: 0, end: grid.columns.cells };
  return {
    classIndex,
    layer: null,
    height: rows.end,
    width: columns.end,
    ...extentProperty(grid.extent),
    values: cellMeans(grid, means, rows, columns),
  };
}
