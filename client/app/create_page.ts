/** Makes the page's models and hands each its ports. */
import { computed } from "@preact/signals";
import { TEACH_PANEL } from "../features/teach/mod.ts";
import { madeWords } from "../stage/made_words.ts";
import { StageModel } from "../stage/stage_model.ts";
import type { Action } from "../ui/action.ts";
import { Layers } from "../ui/layers.ts";
import { TAB_HISTORY } from "../ui/tab_history.ts";
import { createToasts } from "../ui/toasts.ts";
import { type AddressState, readAddress } from "../view/address.ts";
import { SettingsStore } from "../view/settings_store.ts";
import { askedView, methodOf } from "../view/view_state.ts";
import { pageActions } from "./actions.ts";
import { createFeatures, type FeatureModels } from "./feature_models.ts";
import type { Page } from "./page.ts";
import { createPageState, type PageState } from "./page_state.ts";
import { PANELS } from "./panels.ts";
import { createPicture, type PictureModels } from "./picture_models.ts";
import { mainBox } from "./main_box.ts";
import { problemObserver } from "./problems.ts";
import { doCommand } from "./remote_commands.ts";
import { shadingOf } from "./shading.ts";
import { startPage } from "./start_page.ts";
import { createStream, type StreamModels } from "./stream_models.ts";

/** The page, and what begins it. */
export interface CreatedPage {
  readonly page: Page;
  /** Connects, listens and shows the first picture. */
  readonly start: () => void;
}

/** Makes the page as its address and the visit before say; nothing runs until `start()`. */
export function createPage(): CreatedPage {
  const address = readAddress(location.search);
  const settings = new SettingsStore(localStorage, address);
  const toasts = createToasts();
  const opened = address.view ?? (settings.current.peek().teaching ? TEACH_PANEL.id : null);
  const state = createPageState({
    present: address.present === true,
    drawer: PANELS.find(({ id }) => id === opened)?.id ?? null,
  });
  const picture = createPicture({
    settings,
    onFrame: (nowMs, capturedMs, still) => stream.live.frameReady(nowMs, capturedMs, still),
    onChange(change) {
      stream.live.pictureChanged(change);
      if (change === "source") features.recorder.pictureChanged();
    },
    onProblem: toasts.say,
    onCameraEnd: () => features.recorder.pictureChanged(),
  });
  const stream: StreamModels = createStream({
    address,
    settings,
    picture,
    shading: shadingOf(settings, state.present),
    commonScale: (kind) => features.compare.commonScale(kind),
    say: (words) => void toasts.say(words),
    wantsCopy: () => features.log.writing.peek() || features.share.on.peek(),
  });
  const stage = createStage(settings, picture, stream);
  const features: FeatureModels = createFeatures({
    address,
    settings,
    state,
    picture,
    stream,
    stage,
    toasts,
  });
  const page = createShownPage({ settings, state, picture, stream, features, stage, toasts });
  stream.live.observe(problemObserver(toasts.say, () => stream.view.state.peek().wanted !== null));
  stream.live.observe({ commanded: (command) => doCommand(page, command) });
  return { page, start: () => startPage(page, askedLabel(address), address.demo === true) };
}

function createStage(
  settings: SettingsStore,
  { camera, source }: PictureModels,
  { live, view }: StreamModels,
): StageModel {
  return new StageModel({
    view: () => view.state.value.current,
    cover: () => askedView(view.state.value).cover ?? null,
    methods: () => live.welcome.value?.methods ?? [],
    ranking: () => live.board.state.value.ranking,
    opacity: () => settings.current.value.opacity,
    mirrors: () => settings.current.value.mirrors,
    camera,
    source,
  });
}

/** What the page's components get. */
interface PageParts extends Pick<Page, "stage" | "toasts"> {
  readonly settings: SettingsStore;
  readonly state: PageState;
  readonly picture: PictureModels;
  readonly stream: StreamModels;
  readonly features: FeatureModels;
}

function createShownPage({ settings, state, picture, stream, features, stage, toasts }: PageParts): Page {
  const { live, view, map } = stream;
  const page: Page = {
    ...state,
    ...picture,
    ...stream,
    ...features,
    stage,
    toasts,
    made: computed(() => {
      const method = methodOf(view.state.value.current, live.welcome.value?.methods ?? []);
      return madeWords(map.samples.value, method?.sampling ?? null);
    }),
    box: mainBox(stream, stage, settings.current),
    settings: settings.current,
    change: (part) => settings.change(part),
    setOpacity: (opacity) => settings.setOpacity(opacity),
    layers: new Layers(TAB_HISTORY, (run) => void setTimeout(run, 0)),
    get actions() {
      return actions;
    },
    action: (id) => actionOf(actions, id),
    openFile: (file) => void picture.source.openFile(file, file.name),
    chooseFile: () => state.fileField.current?.click(),
  };
  const actions = pageActions(page);
  return page;
}

function actionOf(actions: readonly Action[], id: string): Action {
  const action = actions.find((one) => one.id === id);
  if (action === undefined) throw new RangeError(`Cannot find the action: none has the id ${id}`);
  return action;
}

/** The class that a link names in words, of which the model may have several. */
function askedLabel({ target }: AddressState): string | null {
  return target?.kind === "label" ? target.label : null;
}
