/**
 * The start state in the page's address: `?method=occlusion&class=1:goldfish&colormap=cividis&opacity=0.6&present=1`, with `model`,
 * `layer`, what is covered as `cover` and `fill`, the view beside the picture as `view`, the method's options as `o.window=24`, and compared panes as JSON.
 */
import * as v from "valibot";
import { type Cover, CoverSchema, effectiveCover } from "../../shared/cover.ts";
import { type ColormapName, isColormapName } from "../../shared/colormaps.ts";
import { namedContent, type PaneContent, PaneListSchema } from "./pane_content.ts";
import {
  type OptionValue,
  type OptionValues,
  OptionValuesSchema,
  type Target,
  ViewSchema,
} from "../../shared/protocol.ts";
import { targetOfText, targetText } from "./target_text.ts";

/** What an address may say; what it does not say, or says badly, is absent. */
export interface AddressState {
  /** Id of the model that explains. */
  readonly model?: string;
  readonly method?: string;
  readonly target?: Target;
  /** Target layer. */
  readonly layer?: string;
  /** The method's options; the server has the last word on them. */
  readonly options?: OptionValues;
  /** Name of the view beside the picture. */
  readonly view?: string;
  readonly colormap?: ColormapName;
  readonly opacity?: number;
  readonly present?: boolean;
  /** Whether the tour runs unattended. */
  readonly demo?: boolean;
  /** What of the picture is hidden from the network. */
  readonly cover?: Cover;
  /** Panes of an open comparison. */
  readonly panes?: readonly PaneContent[];
}

/** What stands before the name of an option. */
const OPTION_PREFIX = "o.";

/** Options that are read at most. */
const MAX_OPTIONS = 32;

/** Reads the query of an address. */
export function readAddress(query: string): AddressState {
  const given = new URLSearchParams(query);
  const [model, method] = [given.get("model"), given.get("method")];
  const target = targetOfText(given.get("class"));
  const colormap = given.get("colormap");
  const [layer, view] = [given.get("layer"), given.get("view")];
  const options = Object.fromEntries(
    [...given].filter(([name]) => name.startsWith(OPTION_PREFIX))
      .map(([name, text]) => [name.slice(OPTION_PREFIX.length), readOption(text)] as const)
      // A hello that does not fit would end the connection (H1): what cannot be one of its options is left out.
      .filter((option) => v.is(OptionValuesSchema, Object.fromEntries([option])))
      .slice(0, MAX_OPTIONS),
  );
  const cover = readCover(given.get("cover"), given.get("fill") ?? "grey");
  const opacity = Number.parseFloat(given.get("opacity") ?? "");
  return {
    ...(v.is(ViewSchema.entries.model.wrapped, model) && { model }),
    ...(v.is(ViewSchema.entries.method, method) && { method }),
    ...(target !== null && { target }),
    ...(v.is(ViewSchema.entries.layer.wrapped, layer) && { layer }),
    ...(view !== null && view !== "" && { view }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(colormap !== null && isColormapName(colormap) && { colormap }),
    ...(Number.isFinite(opacity) && { opacity: Math.min(1, Math.max(0, opacity)) }),
    ...(given.get("present") === "1" && { present: true }),
    ...(given.get("demo") === "1" && { demo: true }),
    ...(cover !== null && { cover }),
    ...readPanes(given.get("panes")),
  };
}

/** Writes a query that gives the same view again; classes stand in it by index and name, as `labels` has them. */
export function writeAddress(state: AddressState, labels: readonly string[]): string {
  const query = new URLSearchParams();
  if (state.model !== undefined) query.set("model", state.model);
  if (state.method !== undefined) query.set("method", state.method);
  const { target } = state;
  if (target !== undefined && target.kind !== "rank") query.set("class", targetText(target, labels));
  if (state.layer !== undefined) query.set("layer", state.layer);
  for (const [name, value] of Object.entries(state.options ?? {})) {
    query.set(`${OPTION_PREFIX}${name}`, String(value));
  }
  if (state.view !== undefined) query.set("view", state.view);
  if (state.colormap !== undefined) query.set("colormap", state.colormap);
  if (state.opacity !== undefined) query.set("opacity", String(Math.round(state.opacity * 100) / 100));
  if (state.present === true) query.set("present", "1");
  if (state.cover !== undefined) {
    const { cells, fill } = state.cover;
    query.set("cover", cells.replaceAll("+", "-").replaceAll("/", "_").replace("=", ""));
    query.set("fill", fill);
  }
  if (state.panes !== undefined) {
    query.set("panes", JSON.stringify(state.panes.map((content) => namedContent(content, labels))));
  }
  // A colon may stand in a query as it is, and is easier to read.
  return `?${query}`.replaceAll("%3A", ":");
}

/** The cells stand in an address as base64url without padding. */
function readCover(text: string | null, fill: string): Cover | null {
  const cells = `${text ?? ""}=`.replaceAll("-", "+").replaceAll("_", "/");
  const read = v.safeParse(CoverSchema, { cells, fill });
  return read.success ? effectiveCover(read.output) : null;
}

function readPanes(text: string | null): Pick<AddressState, "panes"> {
  try {
    const read = v.safeParse(PaneListSchema, JSON.parse(text ?? ""));
    return read.success ? { panes: read.output } : {};
  } catch {
    return {};
  }
}

function readOption(text: string): OptionValue {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
