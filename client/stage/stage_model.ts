/** How the map lies over the picture: everywhere or up to a divider, hidden, dimmed, or replaced by a channel. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Cover } from "../../shared/cover.ts";
import type { MethodInfo, ReadRanking, View } from "../../shared/protocol.ts";
import { isDimmed, mapOpacity } from "../map/dimming.ts";
import type { Camera } from "../picture/camera.ts";
import { isMirrored, type MirrorChoices } from "../picture/mirror.ts";
import type { Source } from "../picture/source.ts";
import { showsNetwork } from "../view/view_state.ts";
import type { Enlarged } from "./enlarged.ts";

/** What lies over the picture to be painted on. */
export interface PaintLayer {
  readonly Layer: ComponentType;
}

/** What the stage needs of the page; every function reads signals. */
export interface StagePorts {
  readonly view: () => View;
  /** What the view that is asked for hides from the network, or null. */
  readonly cover: () => Cover | null;
  /** The methods of the server, as far as it has named them. */
  readonly methods: () => readonly MethodInfo[];
  readonly ranking: () => ReadRanking;
  /** The map's opacity as it was chosen, 0…1. */
  readonly opacity: () => number;
  /** The cameras that somebody chose to see as a mirror, or not. */
  readonly mirrors: () => MirrorChoices;
  readonly camera: Pick<Camera, "state">;
  readonly source: Pick<Source, "kind">;
}

/** The state of the stage. */
export class StageModel {
  readonly mapHidden: Signal<boolean> = signal(false);
  /** Share of the square, from its left as it is seen, over which the heatmap lies, 0…1: 1 = everywhere. */
  readonly wipe: Signal<number> = signal(1);
  /** The channel that is shown over the picture in place of the heatmap, or null. */
  readonly enlarged: Signal<Enlarged | null> = signal(null);
  /** What is covered while somebody paints; null: what the view covers. */
  readonly painting: Signal<{ readonly cover: Cover | null } | null> = signal(null);
  /** What lies over the picture to be painted on, or null. */
  readonly paintLayer: Signal<PaintLayer | null> = signal(null);
  /** What is shown as covered, or null. */
  readonly cover: ReadonlySignal<Cover | null>;
  /** Whether the picture is shown as a mirror; never what is sent. */
  readonly mirrored: ReadonlySignal<boolean>;
  /** Whether the map shows the network itself, in place of the picture. */
  readonly network: ReadonlySignal<boolean>;
  /** Whether the heatmap follows a guess that the network is not sure of. */
  readonly mapDimmed: ReadonlySignal<boolean>;
  /** Opacity with which the heatmap lies over the picture now, 0…1. */
  readonly mapOpacity: ReadonlySignal<number>;

  constructor({ view, cover, methods, ranking, opacity, mirrors, camera, source }: StagePorts) {
    this.mirrored = computed(() => {
      const { value } = camera.state;
      return source.kind.value.kind === "camera" && value.phase === "on" && isMirrored(mirrors(), value);
    });
    this.cover = computed(() => {
      const { value } = this.painting;
      return value === null ? cover() : value.cover;
    });
    this.network = computed(() => showsNetwork(view(), methods()));
    this.mapDimmed = computed(() => !this.network.value && isDimmed(ranking(), view().target));
    this.mapOpacity = computed(() =>
      mapOpacity({
        opacity: opacity(),
        hidden: this.mapHidden.value || this.enlarged.value !== null,
        network: this.network.value,
        dims: this.mapDimmed.value,
      })
    );
  }
}
