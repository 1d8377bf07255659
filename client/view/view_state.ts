/** What is explained and how: the view, its revision, and what the server accepted. Pure. */
import { type Cover, coverProperty, sameCover } from "../../shared/cover.ts";
import { type MapNature, natureOf, unitOf as unitOfMethod } from "../../shared/map_values.ts";
import type { MethodInfo, OptionValues, Target, View } from "../../shared/protocol.ts";

/** The view that the page asks for and the one that the server confirmed. */
export interface ViewState {
  /** What the controls show and tiles must belong to. */
  readonly current: View;
  /** What is asked for of another model, which has to be loaded first; null: nothing. `current` continues until then. */
  readonly wanted: View | null;
  /** The last view that the server confirmed, to go back to; null before the first. */
  readonly accepted: View | null;
  /** Revisions only rise, whatever is refused in between. */
  readonly lastRevision: number;
  /** True after `current` was refused with nothing to go back to: the next confirmed view is taken whole. */
  readonly takesAnyView: boolean;
  /** Options that were set, by method, so that they are there again when the method comes back. */
  readonly options: Readonly<Record<string, OptionValues>>;
}

/** What happens to the view. */
export type ViewEvent =
  | { readonly kind: "model"; readonly model: string }
  /** Another model is not wanted any more. */
  | { readonly kind: "stay" }
  /** The layer stays where the next method can look at any. */
  | { readonly kind: "method"; readonly method: string; readonly keepsLayer: boolean }
  /** Null: the method's own. */
  | { readonly kind: "layer"; readonly layer: string | null }
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "option"; readonly name: string; readonly value: number | boolean | string }
  /** What of the picture is hidden from the network; null: nothing. */
  | { readonly kind: "cover"; readonly cover: Cover | null }
  /** A connection has begun: its server has confirmed nothing yet. */
  | { readonly kind: "welcomed" }
  | { readonly kind: "accepted"; readonly view: View }
  | { readonly kind: "refused"; readonly revision: number }
  /** The model that is wanted has no class of the locked one's name: its first class is wanted instead. */
  | { readonly kind: "class-missing" };

/** The class that is explained when none is locked: the first of every frame. */
export const FIRST_CLASS: Target = { kind: "rank", rank: 1 };

/** How maps are read of a method that the server has not named yet. */
const UNKNOWN_NATURE: MapNature = { signed: false, zero: "nothing", range: null };

/** How the numbers of a view's maps are to be read. */
export function natureOfView(
  view: Pick<View, "method" | "options">,
  methods: readonly MethodInfo[],
): MapNature {
  const method = methodOf(view, methods);
  return method === undefined ? UNKNOWN_NATURE : natureOf(method, view.options);
}

/** Reports whether the map shows the network itself instead of positions in the picture. */
export function showsNetwork(view: View, methods: readonly MethodInfo[]): boolean {
  return methodOf(view, methods)?.subject === "network";
}

/** The method of a view, as far as the server has named it. */
export function methodOf(
  { method: id }: Pick<View, "method">,
  methods: readonly MethodInfo[],
): MethodInfo | undefined {
  return methods.find((one) => one.id === id);
}

/** Unit of a view's raw values; empty of a method that the server has not named yet. */
export function unitOf(
  view: Pick<View, "method" | "options">,
  methods: readonly MethodInfo[],
): string {
  const method = methodOf(view, methods);
  return method === undefined ? "" : unitOfMethod(method, view.options);
}

/** The options that are remembered of a method; its name may come from an address, and be that of anything. */
export function optionsOf(options: ViewState["options"], method: string): OptionValues {
  return Object.hasOwn(options, method) ? options[method] ?? {} : {};
}

/** What a view may begin with beside method and class. */
export interface FirstChoices {
  readonly layer?: string | null;
  readonly model?: string | null;
  readonly cover?: Cover | null;
}

/** Begins with a method, a target, the options that were remembered and perhaps a target layer, a model and a cover. */
export function firstView(
  method: string,
  target: Target,
  options: ViewState["options"],
  { layer = null, model = null, cover = null }: FirstChoices = {},
): ViewState {
  const current = {
    revision: 1,
    ...(model !== null && { model }),
    method,
    target,
    options: optionsOf(options, method),
    ...(layer !== null && { layer }),
    ...coverProperty(cover),
  };
  return { current, wanted: null, accepted: null, lastRevision: 1, takesAnyView: false, options };
}

/** What the server is asked for: the view of a model that has to be loaded, or the one that is shown. */
export function askedView({ current, wanted }: ViewState): View {
  return wanted ?? current;
}

/** Takes one event; the caller sends the asked view when `lastRevision` rose. */
export function viewed(state: ViewState, event: ViewEvent): ViewState {
  switch (event.kind) {
    case "model":
      return withModel(state, event.model);
    case "stay":
      return state.wanted === null ? state : change({ ...state, wanted: null }, {});
    case "method": {
      if (event.method === askedView(state).method) return state;
      const from = event.keepsLayer ? state : withoutLayer(state);
      return change(from, { method: event.method, options: optionsOf(state.options, event.method) });
    }
    case "layer":
      return event.layer === null ? change(withoutLayer(state), {}) : change(state, { layer: event.layer });
    case "target":
      return sameTarget(event.target, askedView(state).target) ? state : change(state, {
        target: state.wanted === null ? event.target : ofModel(event.target, state.current),
      });
    case "option": {
      const { method, options: before } = askedView(state);
      const options = { ...before, [event.name]: event.value };
      return change({ ...state, options: { ...state.options, [method]: options } }, { options });
    }
    case "cover": {
      const { cover: before = null, ...rest } = askedView(state);
      if (sameCover(before, event.cover)) return state;
      return change(withAsked(state, rest), coverProperty(event.cover));
    }
    case "welcomed":
      return { ...state, accepted: null, takesAnyView: false };
    case "accepted":
      return accepted(state, event.view);
    case "refused":
      return refused(state, event.revision);
    case "class-missing":
      return state.wanted === null ? state : change(state, { target: FIRST_CLASS });
    default: {
      const _never: never = event;
      return _never;
    }
  }
}

/** Gives the locked class's index, null while it is free or its label is not resolved yet. */
export function lockedClass(target: Target): number | null {
  return target.kind === "class" ? target.index : null;
}

/** Asks for another model: its layers are others, and a locked class goes along by its name. */
function withModel(state: ViewState, model: string): ViewState {
  if (model === state.current.model) return viewed(state, { kind: "stay" });
  if (model === state.wanted?.model) return state;
  const { layer: _layer, target, ...current } = state.current;
  const revision = state.lastRevision + 1;
  const wanted = { ...current, target: ofModel(target, current), model, revision };
  return { ...state, lastRevision: revision, wanted };
}

/** A class of a view as another model's view names it: with the model whose class has the index. */
function ofModel(target: Target, { model }: Pick<View, "model">): Target {
  return target.kind !== "class" || model === undefined ? target : { ...target, model };
}

function change(state: ViewState, part: Partial<View>): ViewState {
  const revision = state.lastRevision + 1;
  const next = { ...askedView(state), ...part, revision };
  return {
    ...state,
    lastRevision: revision,
    ...(state.wanted === null ? { takesAnyView: false, current: next } : { wanted: next }),
  };
}

function withoutLayer(state: ViewState): ViewState {
  const { layer: _layer, ...next } = askedView(state);
  return withAsked(state, next);
}

function withAsked(state: ViewState, view: View): ViewState {
  return state.wanted === null ? { ...state, current: view } : { ...state, wanted: view };
}

function accepted(state: ViewState, view: View): ViewState {
  if (view.revision === state.wanted?.revision) {
    return accepted({ ...state, current: view, wanted: null }, view);
  }
  const isAnswer = view.revision === state.current.revision;
  if (!isAnswer && !state.takesAnyView) return { ...state, accepted: view };
  return {
    ...state,
    current: view,
    accepted: view,
    takesAnyView: false,
    lastRevision: Math.max(state.lastRevision, view.revision),
  };
}

function refused(state: ViewState, revision: number): ViewState {
  if (revision === state.wanted?.revision) return { ...state, wanted: null };
  if (revision !== state.current.revision) return state;
  const options = { ...state.options };
  // An option that the server refuses is not worth remembering.
  delete options[state.current.method];
  return state.accepted === null
    ? { ...state, takesAnyView: true, options }
    : { ...state, current: state.accepted, options };
}

function sameTarget(a: Target, b: Target): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
