/** What each panel gets of the page. */
import { computed } from "@preact/signals";
import { aspectOf } from "../../shared/aspect.ts";
import type { CoverPorts } from "../features/cover/mod.ts";
import type { EveryFramePorts } from "../features/every_frame/mod.ts";
import type { InsidePorts } from "../features/inside/mod.ts";
import type { LogPanelPorts } from "../features/log/mod.ts";
import type { ModelsPorts } from "../features/models/mod.ts";
import type { TeachPorts } from "../features/teach/mod.ts";
import type { TrustPorts } from "../features/trust/mod.ts";
import { headlineWithNumber } from "../ui/headline.ts";
import { inputOf } from "../live/served_models.ts";
import { askedView, methodOf } from "../view/view_state.ts";
import type { Page } from "./page.ts";
import { seenNow } from "./seen_now.ts";

/** What "Cover a part" gets. */
export function coverPorts(
  { live, view, names: { nameOf }, settings, change, source, stage, map, compare, toasts }: Page,
): CoverPorts {
  const { mirrored, painting, paintLayer } = stage;
  return {
    observe: live.observe,
    view: view.state,
    setCover: (cover) => view.setCover(cover),
    board: live.board.state,
    isStill: () => source.isStill(),
    nameOf,
    sendFlip: (asked) => live.link.sendFlip(asked),
    settings,
    change,
    mirrored,
    aspect: () => aspectOf(inputOf(live.welcome.value)),
    map: () => map.overlay.map,
    painting,
    paintLayer,
    addPane: (content) => compare.add(content),
    say: toasts.say,
  };
}

/** What "Look inside" gets. */
export function insidePorts(
  { source, surface, live: { welcome }, view, names, stage }: Page,
): InsidePorts {
  const setLayer = (layer: string | null) => view.setLayer(layer);
  const { labels, nameOf } = names;
  return { source, surface, view: view.state, welcome, labels, enlarged: stage.enlarged, nameOf, setLayer };
}

/** What "Trust" gets. */
export function trustPorts(
  { source, surface, live: { welcome, board }, view, names: { nameOf }, blindView }: Page,
): TrustPorts {
  const onMeasured = (revision: number | null) => blindView.value = revision;
  return { source, surface, view: view.state, welcome, board: board.state, nameOf, onMeasured };
}

/** What "Explain every frame" gets. */
export function everyFramePorts(page: Page): EveryFramePorts {
  const { source, live: { welcome }, view, names: { nameOf }, settings, change, toasts } = page;
  const current = () => view.state.value.current;
  return {
    source,
    mainView: () => ({
      seen: seenNow(page),
      input: inputOf(welcome.value),
      method: methodOf(current(), welcome.value?.methods ?? []) ?? null,
    }),
    targetName() {
      const { target } = current();
      switch (target.kind) {
        case "rank":
          return target.rank === 1 ? null : `class ${target.rank} of each frame`;
        case "class":
          return nameOf(target.index);
        case "label":
          return target.label;
        default: {
          const _never: never = target;
          return _never;
        }
      }
    },
    look: () => settings.value,
    choices: computed(() => settings.value.everyFrame),
    choose: (part) => change({ everyFrame: { ...settings.peek().everyFrame, ...part } }),
    say: toasts.say,
  };
}

/** What the log gets. */
export function logPorts(
  { log, toasts, layers, live: { welcome, models }, names: { nameOf }, settings, source: { frozen } }: Page,
): LogPanelPorts {
  return { log, toasts, layers, welcome, models: models.listed, nameOf, settings, frozen };
}

/** What "Models" gets. */
export function modelsPorts({ live: { welcome, models }, view, toasts }: Page): ModelsPorts {
  return {
    listed: models.listed,
    loading: models.loading,
    welcome,
    chosen: () => askedView(view.state.value).model,
    setModel: (id) => view.setModel(id),
    say: toasts.say,
  };
}

/** What "Teach" gets. */
export function teachPorts(
  {
    source,
    surface,
    live: { welcome, board },
    view,
    names: { nameOf },
    stage,
    compare,
    toasts,
    settings,
    change,
  }: Page,
): TeachPorts {
  return {
    source,
    surface,
    welcome,
    chosen: () => askedView(view.state.value).model,
    setModel: (id) => view.setModel(id),
    enlarged: stage.enlarged,
    compare: (contents) => compare.show(contents),
    say: toasts.say,
    saying: () =>
      headlineWithNumber(board.state.value.ranking, " ", ({ index, label }) => nameOf(index, label)),
    remembered() {
      const { taught, teaching } = settings.peek();
      return { collection: taught, open: teaching };
    },
    remember: ({ collection, open }) => change({ taught: collection, teaching: open }),
  };
}
