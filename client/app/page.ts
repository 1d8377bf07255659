/** The page's models in one place: made once, read by the components, changed by actions. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createRef, type RefObject } from "preact";
import * as v from "valibot";
import { pageActions } from "./actions.ts";
import type { Action } from "../ui/action.ts";
import { itemOfKey, takesKeys } from "../ui/keys.ts";
import { type Camera, createCamera } from "../picture/camera.ts";
import { chooseMirror } from "../picture/mirror.ts";
import { Compare } from "../features/compare/mod.ts";
import { createLog, type Log } from "../features/log/mod.ts";
import { namedContent, type PaneContent } from "../view/pane_content.ts";
import { PANELS } from "./panels.ts";
import {
  firstView,
  FREE,
  lockedClass,
  natureOfView,
  optionsOf,
  showsNetwork,
  unitOf,
} from "../view/view_state.ts";
import { readClass } from "../../shared/class_text.ts";
import { nameOf } from "../view/labels.ts";
import { createShare, type Share } from "../features/share/mod.ts";
import { obey } from "./remote_commands.ts";
import { Layers } from "../ui/layers.ts";
import { pageLayers } from "./page_layers.ts";
import { TAB_HISTORY } from "../ui/tab_history.ts";
import {
  createGifMaker,
  createRecorder,
  type FilmingPorts,
  type GifMaker,
  type Recorder,
  type RecorderActions,
  recorderActions,
} from "../features/recorder/mod.ts";
import { keepOnShelf } from "../features/clips/mod.ts";
import type { Seen } from "../stage/seen.ts";
import { createSession, type Session } from "../live/session.ts";
import { readAddress, writeAddress } from "../view/address.ts";
import { loadSettings, saveSettings, type Settings } from "../view/settings.ts";
import { applyTheme } from "../view/theme.ts";
import { createSource, type Source } from "../picture/source.ts";
import { Surface } from "../picture/surface.ts";
import type { Enlarged } from "../stage/enlarged.ts";
import type { ClassList, ClassTarget } from "../stage/classes.ts";
import { saveSnapshot } from "../stage/snapshot.ts";
import { StageModel } from "../stage/stage_model.ts";
import { snapshotFacts } from "./snapshot_facts.ts";
import { createToasts, type Toasts } from "../ui/toasts.ts";

/** Share of the scale that present mode leaves out, so that the back row sees one clear spot. */
const PRESENT_FLOOR = 0.15;

/** What `/api/model` says about the classes; the rest comes with the welcome. */
const ModelAnswerSchema = v.object({ labels: v.array(v.string()) });

/** Everything that components read and actions change. */
export interface Page {
  readonly surface: Surface;
  readonly camera: Camera;
  readonly source: Source;
  readonly session: Session;
  readonly compare: Compare;
  readonly recorder: Recorder;
  readonly gif: GifMaker;
  /** Whether the server writes down what is seen. */
  readonly log: Log;
  readonly recorderActions: RecorderActions;
  /** Whether and how others watch this page. */
  readonly share: Share;
  readonly toasts: Toasts;
  readonly settings: ReadonlySignal<Settings>;
  /** Every class label by index; empty until they are loaded. */
  readonly labels: ReadonlySignal<readonly string[]>;
  /** What the page knows of what is seen now, for whatever keeps it. */
  seen(): Seen;
  /** How the map lies over the picture. */
  readonly stage: StageModel;
  readonly classes: ClassList;
  readonly target: ClassTarget;
  /** What is searched for among the classes; null while nothing is. */
  readonly classQuery: Signal<string | null>;
  /** A class's short name, by its index alone where nothing more is known; it says which class of that name is meant. */
  nameOf(index: number, label?: string): string;
  /** Index of the class that is locked, or null. */
  readonly locked: ReadonlySignal<number | null>;
  readonly present: Signal<boolean>;
  readonly helpOpen: Signal<boolean>;
  /** The view that is open beside the picture, or null. */
  readonly drawer: Signal<string | null>;
  /** The channel that is shown over the picture in place of the heatmap, or null. */
  readonly enlarged: Signal<Enlarged | null>;
  /** Revision of the view whose map was found not to depend on its class, or null. */
  readonly blindView: Signal<number | null>;
  readonly mapHidden: Signal<boolean>;
  /** Share of the square, from its left as it is seen, over which the heatmap lies, 0…1: 1 = everywhere. */
  readonly wipe: Signal<number>;
  /** Whether the picture is shown as a mirror; never what is sent. */
  readonly mirrored: ReadonlySignal<boolean>;
  /** What is open, for Escape and Back. */
  readonly layers: Layers;
  /** Whether the heatmap follows a guess that the network is not sure of. */
  readonly mapDimmed: ReadonlySignal<boolean>;
  /** Opacity with which the heatmap lies over the picture now, 0…1. */
  readonly mapOpacity: ReadonlySignal<number>;
  /** The field that opens the browser's file dialog. */
  readonly fileField: RefObject<HTMLInputElement>;
  start(): void;
  /** Everything that can be done, in the order of the help. */
  readonly actions: readonly Action[];
  action(id: string): Action;
  change(part: Partial<Settings>): void;
  setOpacity(opacity: number): void;
  setMethod(method: string): void;
  /** Chooses the target layer; null: the method's own. */
  setLayer(layer: string | null): void;
  setOption(name: string, value: number | boolean | string): void;
  /** Locks a class, or frees it when it is the locked one. */
  toggleLock(index: number): void;
  /** Shows the camera that is on as a mirror or not, now and whenever it is on again. */
  setMirror(on: boolean): void;
  openFile(file: File): void;
  chooseFile(): void;
  /** `heatmap`: whether it lies over the picture. */
  saveSnapshot(heatmap: boolean): void;
  copyLink(): void;
}

/** Makes the page's models; nothing runs until `start()`. */
export function createPage(): Page {
  const address = readAddress(location.search);
  const stored = loadSettings(localStorage);
  const settings = signal<Settings>({
    ...stored,
    ...(address.method !== undefined && { method: address.method }),
    ...(address.colormap !== undefined && { colormap: address.colormap }),
    ...(address.opacity !== undefined && { opacity: address.opacity }),
    ...(address.options !== undefined &&
      { options: { ...stored.options, [address.method ?? stored.method]: address.options } }),
  });
  const labels = signal<readonly string[]>([]);
  const classQuery = signal<string | null>(null);
  const present = signal(address.present === true);
  const helpOpen = signal(false);
  const drawer = signal<string | null>(PANELS.find(({ id }) => id === address.view)?.id ?? null);
  const blindView = signal<number | null>(null);
  const layers = new Layers(TAB_HISTORY, (run) => void setTimeout(run, 0));
  const fileField = createRef<HTMLInputElement>();
  const toasts = createToasts();
  const surface = new Surface();
  const camera = createCamera(() => {
    // Before another picture takes its place: that takes a moment, and what is recorded is of this camera.
    recorder.pictureChanged();
    void source.fallBack();
  });

  const shading = (signed: boolean) => ({
    colormap: signed ? "diverging" : settings.value.colormap,
    floor: present.value ? PRESENT_FLOOR : 0,
  } as const);

  const session: Session = createSession({
    url: new URL("/ws", location.href.replace(/^http/, "ws")).href,
    surface,
    view: firstView(
      settings.value.method,
      address.target ?? FREE,
      settings.value.options,
      address.layer ?? null,
    ),
    shading,
    labels: () => labels.peek(),
    commonScale: (of) => compare.commonScale(of),
    wantsCopy: () => log.writing.peek() || share.on.peek(),
    isStill: () => source.isStill(),
    repeatStill: () => source.repeatStill(),
    onCommand: (command) => obey(page, command),
    onProblem: toasts.say,
  });

  /** Unit and nature of the main map. */
  function kind() {
    const { current } = session.view.value;
    const methods = session.welcome.value?.methods ?? [];
    return { unit: unitOf(current, methods), nature: natureOfView(current, methods) };
  }

  const compare: Compare = new Compare({
    observe: session.observe,
    surface,
    methods: () => session.welcome.value?.methods ?? [],
    shading,
    isStill: () => source.isStill(),
    isHidden: () => present.value,
    main: () => ({ ...kind(), scale: session.overlay.ownScale }),
    mainMethod: () => session.view.value.current.method,
    send: (panes) => session.link.sendPanes(panes),
    labels: () => labels.peek(),
    onChange: rememberPanes,
    onOneScale: (oneScale) => change({ oneScale }),
    redrawMain: () => session.overlay.redraw(),
    say: toasts.say,
  }, {
    contents: address.panes ?? stored.panes,
    open: address.panes !== undefined || stored.comparing,
    oneScale: stored.oneScale,
  });
  const log = createLog({ observe: session.observe, send: (on) => session.link.sendLog(on) });

  const source: Source = createSource({
    surface,
    camera,
    onFrame: session.frameReady,
    onChange(change) {
      session.pictureChanged(change);
      if (change === "source") recorder.pictureChanged();
    },
    onProblem: toasts.say,
  });

  const locked = computed(() => lockedClass(session.view.value.current.target));
  const stage = new StageModel({
    view: () => session.view.value.current,
    methods: () => session.welcome.value?.methods ?? [],
    ranking: () => session.board.state.value.ranking,
    opacity: () => settings.value.opacity,
    mirrors: () => settings.value.mirrors,
    camera,
    source,
  });
  const { mirrored, mapHidden, mapDimmed, mapOpacity, enlarged, wipe } = stage;

  /** What the page knows now, for each picture of a recording. */
  function seen(): Seen {
    const { current } = session.view.value;
    const { model, methods = [] } = session.welcome.value ?? {};
    return {
      view: current,
      methodName: methodName(),
      modelName: model?.name ?? "",
      signed: kind().nature.signed,
      unit: kind().unit,
      shading: session.overlay.shading,
      opacity: mapOpacity.value,
      network: showsNetwork(current, methods),
      mirrored: mirrored.value,
      sharedNames: session.welcome.value?.sharedNames ?? [],
    };
  }

  const filming: FilmingPorts = {
    observe: (observer) => session.observe(observer),
    say: toasts.say,
    surface: () => surface.current(),
    isStill: () => source.isStill(),
    seen,
    caption: () => settings.value.recordCaption,
    name() {
      const { rows: [top], unsure } = session.board.state.value.ranking;
      const name = top === undefined ? "Clip" : unsure ? "Not sure" : page.nameOf(top.index, top.label);
      return [name, methodName()].join(", ");
    },
  };
  const gif = createGifMaker(filming);
  const recorder: Recorder = createRecorder({
    ...filming,
    sound: () => settings.value.recordSound,
    drawn: () => settings.value.recordDrawn,
    model() {
      const { model } = session.welcome.value ?? {};
      return { id: model?.id ?? "", name: model?.name ?? "" };
    },
    isLive: () => session.link.state.value.phase === "live",
    resizeCamera: (size) => camera.resize(size),
    keep: keepOnShelf,
    showClips: () => drawer.value = "clips",
  });

  const share = createShare({
    observe: session.observe,
    isLive: () => session.link.state.value.phase === "live",
    sendKey: (key) => session.link.sendShare(key),
    sendStage: (stage) => session.link.sendStage(stage),
    repeatStill: () => source.repeatStill(),
    storage: sessionStorage,
    stage: () => ({
      colormap: settings.value.colormap,
      opacity: settings.value.opacity,
      mapHidden: mapHidden.value,
      frozen: source.frozen.value,
      recording: recorder.state.value.kind === "recording",
      presenting: present.value,
      mirrored: mirrored.value,
    }),
  });

  function methodName(): string {
    const { method } = session.view.value.current;
    return session.welcome.value?.methods.find(({ id }) => id === method)?.name ?? method;
  }

  function change(part: Partial<Settings>): void {
    settings.value = { ...settings.value, ...part };
    saveSettings(localStorage, settings.value);
    session.overlay.redraw();
    compare.redraw();
  }

  function rememberPanes(contents: readonly PaneContent[] | null): void {
    // A comparison that is closed comes back as it was.
    change(
      contents === null ? { comparing: false } : {
        comparing: true,
        panes: contents.map((content) => namedContent(content, labels.peek())),
      },
    );
  }

  function setOpacity(opacity: number): void {
    change({ opacity: Math.round(Math.min(1, Math.max(0, opacity)) * 100) / 100 });
  }

  function onKey(event: KeyboardEvent): void {
    const { target } = event;
    if (event.key === "Escape" && recorder.state.value.kind === "countdown") recorder.cancel();
    else if (event.key === "Escape") layers.escape();
    if (!settings.value.shortcuts && event.key !== "?") return;
    if (target instanceof HTMLElement) {
      if (takesKeys(target.tagName, target.getAttribute("type"), event.key)) return;
    }
    // An open dialog has the keyboard to itself; only its own key closes it.
    const closesHelp = helpOpen.value && event.key === "?";
    if (!closesHelp && document.querySelector("dialog[open]") !== null) return;
    const action = itemOfKey(actions, event);
    if (action === null || !action.when()) return;
    event.preventDefault();
    action.run();
  }

  /** A layer that was chosen stays from one method that can look at any to the next. */
  function keepsLayer(method: string): boolean {
    const { methods = [] } = session.welcome.value ?? {};
    const before = session.view.value.current.method;
    return [method, before].every((id) => methods.find((one) => one.id === id)?.looksAt === "any-layer");
  }

  async function loadLabels(): Promise<void> {
    try {
      const response = await fetch("/api/model");
      const answer = v.safeParse(ModelAnswerSchema, await response.json());
      if (!answer.success) return;
      labels.value = answer.output.labels;
      // A link with a name of several classes asks which one is meant.
      const asked = address.target?.kind === "label" ? address.target.label : "";
      const unanswered = classQuery.peek() === null && locked.peek() === null;
      if (unanswered && readClass(labels.value, asked).kind === "several") classQuery.value = asked;
    } catch {
      // Without labels only the five classes on screen can be locked; the next welcome tries again.
    }
  }

  const target: ClassTarget = {
    locked,
    lockClass: (index) => session.changeView({ kind: "target", target: { kind: "class", index } }),
    unlock: () => session.changeView({ kind: "target", target: FREE }),
    toggleClass: (index) => locked.value === index ? target.unlock() : target.lockClass(index),
  };
  const classes: ClassList = {
    labels,
    query: classQuery,
    nameOf: (index, label = labels.value[index] ?? "") => nameOf({ index, label }, session.welcome.value),
  };

  const page: Page = {
    surface,
    stage,
    classes,
    target,
    camera,
    source,
    session,
    compare,
    recorder,
    gif,
    recorderActions: recorderActions({
      recorder,
      gif,
      canRecord: () => session.welcome.value !== null && source.kind.value.kind !== "none",
    }),
    log,
    share,
    toasts,
    settings,
    labels,
    classQuery,
    seen,
    nameOf: classes.nameOf,
    locked,
    present,
    helpOpen,
    drawer,
    blindView,
    enlarged,
    mapHidden,
    mapDimmed,
    mapOpacity,
    wipe,
    mirrored,
    layers,
    fileField,
    start() {
      effect(() => applyTheme(settings.value.theme));
      effect(() => {
        // Each time: a server that was started again may have another model.
        if (session.welcome.value !== null) void loadLabels();
      });
      effect(() => {
        // The floor of present mode changes what is drawn.
        void present.value;
        session.overlay.redraw();
      });
      addEventListener("keydown", onKey);
      addEventListener("popstate", () => layers.arrived());
      for (const layer of pageLayers(page)) layers.add(layer);
      layers.start();
      session.start();
      void source.fallBack();
    },
    get actions() {
      return actions;
    },
    action(id) {
      const action = actions.find((one) => one.id === id);
      if (action === undefined) throw new RangeError(`Cannot find the action as none has this id: ${id}`);
      return action;
    },
    change,
    setOpacity,
    setMethod(method) {
      session.changeView({ kind: "method", method, keepsLayer: keepsLayer(method) });
      change({ method });
    },
    setLayer(layer) {
      session.changeView({ kind: "layer", layer });
    },
    setOption(name, value) {
      session.changeView({ kind: "option", name, value });
      change({ options: session.view.value.options });
    },
    toggleLock: target.toggleClass,
    setMirror(on) {
      const { value } = camera.state;
      if (value.phase === "on") change({ mirrors: chooseMirror(settings.value.mirrors, value, on) });
    },
    openFile: (file) => void source.openFile(file, file.name),
    chooseFile: () => fileField.current?.click(),
    saveSnapshot(heatmap) {
      saveSnapshot(snapshotFacts(page, heatmap)).catch(() =>
        toasts.say("The snapshot could not be saved by this browser.")
      );
    },
    copyLink() {
      const { current } = session.view.value;
      const method = session.welcome.value?.methods.find(({ id }) => id === current.method);
      const query = writeAddress({
        method: current.method,
        target: current.target,
        ...(method?.looksAt === "any-layer" && current.layer !== undefined && { layer: current.layer }),
        options: optionsOf(session.view.value.options, current.method),
        ...(drawer.value !== null && { view: drawer.value }),
        colormap: settings.value.colormap,
        opacity: settings.value.opacity,
        present: present.value,
        ...(compare.open.value && { panes: compare.set.value.panes.map(({ content }) => content) }),
      }, labels.value);
      const link = new URL(query, location.href).href;
      navigator.clipboard?.writeText(link).then(
        () => toasts.say("The link to this view is copied."),
        () => toasts.say(`The browser does not let the page copy. The link is ${link}`),
      );
    },
  };
  const actions = pageActions(page);
  return page;
}
