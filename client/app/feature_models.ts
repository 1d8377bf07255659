/** The models of the features that live as long as the page: each gets the ports that it names, never the page. */
import { aspectOf } from "../../shared/aspect.ts";
import type { SidecarModel } from "../../shared/sidecar.ts";
import { inputOf } from "../live/served_models.ts";
import { keepOnShelf } from "../features/clips/mod.ts";
import { Compare } from "../features/compare/mod.ts";
import { createLog, type Log } from "../features/log/mod.ts";
import {
  createGifMaker,
  createRecorder,
  type FilmingPorts,
  type GifMaker,
  type Recorder,
  type RecorderActions,
  recorderActions,
} from "../features/recorder/mod.ts";
import { createShare, type Share } from "../features/share/mod.ts";
import { createTimeline, type Timeline } from "../features/timeline/mod.ts";
import { createTour, type Tour } from "../features/tour/mod.ts";
import { createWhy, type Why } from "../features/why/mod.ts";
import { connectionWord } from "../live/connection.ts";
import type { Prediction } from "../../shared/protocol.ts";
import { percent } from "../ui/format.ts";
import type { StageModel } from "../stage/stage_model.ts";
import type { Action } from "../ui/action.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { AddressState } from "../view/address.ts";
import { namedContent, type PaneContent } from "../view/pane_content.ts";
import type { SettingsStore } from "../view/settings_store.ts";
import type { PageState } from "./page_state.ts";
import type { PictureModels } from "./picture_models.ts";
import { filmName, seenNow, sidecarModel } from "./seen_now.ts";
import { shadingOf } from "./shading.ts";
import type { StreamModels } from "./stream_models.ts";

/** The features' models. */
export interface FeatureModels {
  readonly compare: Compare;
  readonly recorder: Recorder;
  readonly gif: GifMaker;
  readonly recorderActions: RecorderActions;
  /** Whether the server writes down what is seen. */
  readonly log: Log;
  /** Whether and how others watch this page. */
  readonly share: Share;
  readonly timeline: Timeline;
  /** What the map rests on. */
  readonly why: Why;
  readonly tour: Tour;
}

/** What their ports are made of. */
export interface FeatureParts {
  readonly address: AddressState;
  readonly settings: SettingsStore;
  readonly state: PageState;
  readonly picture: PictureModels;
  readonly stream: StreamModels;
  readonly stage: StageModel;
  readonly toasts: Toasts;
}

/** Makes them. */
export function createFeatures(parts: FeatureParts): FeatureModels {
  const { stream: { live } } = parts;
  const compare = createCompare(parts);
  const log = createLog({ observe: live.observe, send: (on) => live.link.sendLog(on) });
  const why = createReasons(parts);
  const captioned = () =>
    parts.settings.current.peek().recordSentence ? why.sentence.peek().shown.text : null;
  const filming = createFilming(parts, captioned);
  const share = createSharing(parts, () => filming.recorder.state.value.kind === "recording");
  return {
    compare,
    log,
    ...filming,
    share,
    timeline: createTimelineOf(parts, captioned),
    why,
    tour: createTourOf(parts, filming.recorderActions.record),
  };
}

function createReasons({ state, picture, stream, stage }: FeatureParts): Why {
  const { live, view, map, names } = stream;
  const named = (row: Prediction | null) =>
    row === null ? null : { ...row, name: names.nameOf(row.index, row.label) };
  return createWhy({
    observe: live.observe,
    send: (on) => live.link.sendReasons(on),
    now: () => performance.now(),
    isStill: () => picture.source.isStill(),
    words: { nameOf: names.nameOf, percent },
    said() {
      const { ranking, target } = live.board.state.value;
      const { revision } = view.state.value.current;
      const isLive = connectionWord(live.link.state.value) === "live";
      return {
        revision,
        target: named(target),
        first: named(ranking.rows[0] ?? null),
        unsure: ranking.unsure,
        blind: state.blindView.value === revision,
        stale: !isLive || map.status.value.kind === "stale",
        signed: map.kind.nature.signed,
        head: live.welcome.value?.model.head ?? "softmax",
        mirrored: stage.mirrored.value,
      };
    },
  });
}

function createCompare({ address, settings, state, picture, stream, toasts }: FeatureParts): Compare {
  const { live, map, view, names } = stream;
  const stored = settings.current.peek();
  return new Compare({
    observe: live.observe,
    surface: picture.surface,
    methods: (model) =>
      ((model === undefined ? undefined : live.models.factsOf(model)) ?? live.welcome.value)?.methods ?? [],
    aspectOf: (model) =>
      aspectOf(
        (model === undefined ? undefined : live.models.factsOf(model)?.model) ?? inputOf(live.welcome.value),
      ),
    mainModel: () => view.state.value.current.model,
    mainCover: () => view.state.value.current.cover ?? null,
    needNames: (model) => void names.need(model),
    shading: shadingOf(settings, state.present),
    isStill: () => picture.source.isStill(),
    isHidden: () => state.present.value,
    main: () => ({ ...map.kind, scale: map.overlay.ownScale }),
    mainMethod: () => view.state.value.current.method,
    send: (panes) => live.link.sendPanes(panes),
    labels: () => names.labels.peek(),
    onChange: (contents) => settings.change(rememberedPanes(contents, names.labels.peek())),
    onOneScale: (oneScale) => settings.change({ oneScale }),
    redrawMain: () => map.redraw(),
    say: toasts.say,
  }, {
    contents: address.panes ?? stored.panes,
    open: address.panes !== undefined || stored.comparing,
    oneScale: stored.oneScale,
  });
}

/** What the next visit knows of the panes; a comparison that is closed is opened again as it was. */
function rememberedPanes(contents: readonly PaneContent[] | null, labels: readonly string[]) {
  if (contents === null) return { comparing: false };
  return { comparing: true, panes: contents.map((content) => namedContent(content, labels)) };
}

/** Lets an observer follow the stream and its maps until the returned function is called. */
function observeAll({ live, map }: Pick<StreamModels, "live" | "map">): FilmingPorts["observe"] {
  return (observer) => {
    const leave = [live.observe(observer), map.observe(observer)];
    return () => leave.forEach((one) => one());
  };
}

/** The model whose maps are seen, as sidecars name it. */
function shownModel({ live }: Pick<StreamModels, "live">): SidecarModel {
  const { model } = live.welcome.value ?? {};
  return model === undefined ? { id: "", name: "" } : sidecarModel(model);
}

function createTimelineOf(
  { settings, state, picture, stream, stage, toasts }: FeatureParts,
  captioned: () => string | null,
): Timeline {
  const { live } = stream;
  const { source } = picture;
  return createTimeline({
    observe: observeAll(stream),
    seen: () => seenNow({ ...stream, stage }, captioned()),
    input: () => inputOf(live.welcome.value),
    frozen: source.frozen,
    isStill: () => source.isStill(),
    isLive: () => live.link.state.value.phase === "live",
    hold: (shown) => source.hold(shown),
    release: () => source.setFrozen(false),
    size: () => settings.current.value.timeline,
    resize: (timeline) => settings.change({ timeline }),
    caption: () => settings.current.value.recordCaption,
    model: () => shownModel(stream),
    keep: keepOnShelf,
    showClips: () => state.drawer.value = "clips",
    say: toasts.say,
  });
}

function createTourOf(parts: FeatureParts, record: Action): Tour {
  const { settings, toasts } = parts;
  return createTour({
    load: async () => (await import("./tour_ports.ts")).tourPorts(parts, record),
    say: toasts.say,
    offered: () => settings.current.value.tourOffered,
    setOffered: () => settings.change({ tourOffered: true }),
  });
}

function createFilming(
  { settings, state, picture, stream, stage, toasts }: FeatureParts,
  captioned: () => string | null,
) {
  const { live } = stream;
  const filming: FilmingPorts = {
    observe: observeAll(stream),
    say: toasts.say,
    surface: () => picture.surface.current(),
    isStill: () => picture.source.isStill(),
    seen: () => seenNow({ ...stream, stage }, captioned()),
    caption: () => settings.current.value.recordCaption,
    name: () => filmName(stream),
  };
  const recorder = createRecorder({
    ...filming,
    sound: () => settings.current.value.recordSound,
    drawn: () => settings.current.value.recordDrawn,
    model: () => shownModel(stream),
    isLive: () => live.link.state.value.phase === "live",
    resizeCamera: (size) => picture.camera.resize(size),
    keep: keepOnShelf,
    showClips: () => state.drawer.value = "clips",
  });
  const gif = createGifMaker(filming);
  const canRecord = () => live.welcome.value !== null && picture.source.kind.value.kind !== "none";
  return { recorder, gif, recorderActions: recorderActions({ recorder, gif, canRecord }) };
}

function createSharing(
  { settings, state, picture, stream: { live }, stage }: FeatureParts,
  isRecording: () => boolean,
): Share {
  return createShare({
    observe: live.observe,
    isLive: () => live.link.state.value.phase === "live",
    origin: location.origin,
    serverReachable: () => live.welcome.value?.reachable ?? false,
    sendKey: (key) => live.link.sendShare(key),
    sendStage: (report) => live.link.sendStage(report),
    repeatStill: () => picture.source.repeatStill(),
    storage: sessionStorage,
    stage: () => ({
      colormap: settings.current.value.colormap,
      opacity: settings.current.value.opacity,
      mapHidden: stage.mapHidden.value,
      frozen: picture.source.frozen.value,
      recording: isRecording(),
      presenting: state.present.value,
      mirrored: stage.mirrored.value,
    }),
  });
}
