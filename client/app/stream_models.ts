/** What is explained, the stream that explains it and the map that comes of it, wired together. */
import { aspectOf } from "../../shared/aspect.ts";
import { LiveSession } from "../live/live_session.ts";
import { inputOf } from "../live/served_models.ts";
import { SocketLink } from "../live/socket_link.ts";
import type { StreamObserver } from "../live/stream_observers.ts";
import { MapModel, type MapPorts } from "../map/map_model.ts";
import type { AddressState } from "../view/address.ts";
import { ClassNames } from "../view/class_names.ts";
import type { SettingsStore } from "../view/settings_store.ts";
import { namedTarget } from "../view/target_text.ts";
import { askedView, FIRST_CLASS, firstView, methodOf } from "../view/view_state.ts";
import { ViewStore } from "../view/view_store.ts";
import { createFrameEncoder } from "./frame_encoder.ts";
import type { PictureModels } from "./picture_models.ts";

/** The models of the stream. */
export interface StreamModels {
  readonly live: LiveSession;
  readonly view: ViewStore;
  readonly map: MapModel;
  readonly names: ClassNames;
}

/** What they need. */
export interface StreamPorts extends Pick<MapPorts, "shading" | "commonScale"> {
  readonly address: AddressState;
  readonly settings: SettingsStore;
  readonly picture: PictureModels;
  /** Whether somebody watches or writes, and takes a small copy of every frame. */
  readonly wantsCopy: () => boolean;
  /** Shows a notice. */
  readonly say: (words: string) => void;
}

/** Makes them; nothing is sent before `live.start()`. */
export function createStream(ports: StreamPorts): StreamModels {
  const { address, settings, picture: { source } } = ports;
  const methods = () => live.welcome.value?.methods ?? [];
  const { model, method, options } = settings.current.peek();
  const view = new ViewStore(
    firstView(method, address.target ?? FIRST_CLASS, options, {
      layer: address.layer ?? null,
      model: address.model ?? model,
      cover: address.cover ?? null,
    }),
    {
      methods,
      ask(asked, sameValues) {
        if (!sameValues) map.forgetScale();
        live.link.sendView(asked);
        map.refresh();
      },
      remember(chosen) {
        if (!("model" in chosen)) return settings.change(chosen);
        const first = live.models.listed.peek()[0]?.id;
        const next = chosen.model === first ? null : chosen.model;
        if (next !== settings.current.peek().model) settings.change({ model: next });
      },
    },
  );
  const names = new ClassNames({
    known: () => live.welcome.value,
    modelOf: (id) => live.models.factsOf(id),
    fetchModel: async (id) => (await fetch(`/api/model?model=${encodeURIComponent(id)}`)).json(),
  });
  const current = () => view.state.value.current;
  const live: LiveSession = createLive(ports, () => {
    // The server may have come back with another model, where the index is another class.
    const { target, ...rest } = askedView(view.state.value);
    return { ...rest, target: namedTarget(target, names.labels.peek()) };
  });
  const map: MapModel = new MapModel({
    ...ports,
    view: current,
    method: () => methodOf(current(), methods()),
    isStill: () => source.isStill(),
    ageMs: (nowMs) => live.mapAgeMs(nowMs),
    onDrawn: (nowMs, growing) => live.drawn(nowMs, growing),
  });
  live.observe(viewObserver({
    ...{ view, map, live, say: ports.say },
    onInput(sameShape) {
      // Another part of the picture is as another picture: no map of a frame of before may lie over it.
      if (!sameShape) live.pictureChanged("source");
      source.repeatStill();
    },
  }));
  live.observe(map);
  return { live, view, map, names };
}

function createLive(
  { picture: { surface, source }, wantsCopy }: StreamPorts,
  view: () => ReturnType<typeof firstView>["current"],
): LiveSession {
  const url = new URL("/ws", location.href.replace(/^http/, "ws")).href;
  const live: LiveSession = new LiveSession({
    connect: (ports) => new SocketLink({ ...ports, url }),
    now: () => performance.now(),
    view,
    encode: createFrameEncoder({
      surface,
      input: () => inputOf(live.welcome.peek()),
      wantsCopy,
    }),
    isStill: () => source.isStill(),
    isHidden: () => document.visibilityState === "hidden",
    repeatStill: () => source.repeatStill(),
  });
  return live;
}

/** What follows the view of the stream. */
interface ViewObserverPorts extends Pick<StreamModels, "view" | "map" | "live">, Pick<StreamPorts, "say"> {
  /** The picture stands for another input: what waits or is under way was cut for the one before. */
  readonly onInput: (sameShape: boolean) => void;
}

/** Hands the view what the server says of it; what the map shows may be of another view from then on. */
function viewObserver({ view, map, live, say, onInput }: ViewObserverPorts): StreamObserver {
  let input = inputOf(null);
  return {
    welcomed(welcome) {
      input = inputOf(welcome);
      view.welcomed();
      map.refresh();
    },
    accepted(shown, notes) {
      // Values of another network say nothing about the scale.
      if (shown.model !== view.state.peek().current.model) map.forgetScale();
      view.accepted(shown);
      for (const note of notes) say(`${note}.`);
      const before = input;
      input = inputOf(live.welcome.peek());
      if (input.width !== before.width || input.height !== before.height) {
        onInput(aspectOf(input) === aspectOf(before));
      }
      map.refresh();
    },
    message(message) {
      if (message.type !== "error" || message.pane !== null || message.revision === null) return;
      const wanted = view.state.peek().wanted?.model;
      if (message.code === "unknown-class" && view.classMissing(message.revision)) {
        const name = live.models.listed.peek().find(({ id }) => id === wanted)?.name ?? wanted;
        say(`${name} has no class of this name. Its first class is explained.`);
      } else view.refused(message.revision);
      map.refresh();
    },
  };
}
