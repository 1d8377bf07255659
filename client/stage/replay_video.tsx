import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { COLORMAP_NAMES, type ColormapName } from "../../shared/colormaps.ts";
import type { Sidecar } from "../../shared/sidecar.ts";
import { colormapTitle } from "../map/colormap_title.ts";
import { playTime } from "../ui/format.ts";
import { VideoBar } from "../ui/video_bar.tsx";
import { ReplayLayer, type ReplayLook } from "./replay_layer.tsx";

/** How the maps of a clip look at first. */
export interface ReplayStart {
  readonly colormap: ColormapName;
  /** Of the maps, 0…1. */
  readonly opacity: number;
  /** Whether a caption lies over the picture where its maps do. */
  readonly caption: boolean;
}

/** Properties of a clip's video. */
export interface ReplayVideoProps extends ReplayStart {
  readonly source: string;
  /** What was seen, or null where that is not known. */
  readonly sidecar: Sidecar | null;
  readonly name: string;
  readonly autoplay?: boolean;
  /** Receives the element, for whoever moves it to another time. */
  readonly video?: RefObject<HTMLVideoElement>;
  readonly onFail: () => void;
}

/** A clip that plays: with its maps, where they are not in the picture, its markers and what the network said. */
export function ReplayVideo(props: ReplayVideoProps) {
  const { source, sidecar, name, autoplay = false, onFail } = props;
  const own = useRef<HTMLVideoElement>(null);
  const video = props.video ?? own;
  const words = useSignal("");
  const look = useSignal<ReplayLook>({ colormap: props.colormap, opacity: props.opacity, floor: 0 });
  const layered = sidecar !== null && !sidecar.drawn;
  return (
    <div class="replay">
      <div class="replay-picture">
        <video
          class="clip-player"
          ref={video}
          src={source}
          aria-label={name}
          data-testid="clip-player"
          autoplay={autoplay}
          playsInline
          onError={onFail}
          // Its size is known now: all of it is scrolled into view.
          onLoadedMetadata={({ currentTarget }) =>
            currentTarget.closest(".replay")?.scrollIntoView({ block: "nearest" })}
        />
        {sidecar !== null && (
          <ReplayLayer
            {...{ video, sidecar, look, words }}
            shown={layered}
            caption={props.caption}
          />
        )}
      </div>
      <VideoBar video={() => video.current} name={`Player of ${name}`} pauses />
      {words.value !== "" && <p class="replay-words" data-testid="replay-words">{words.value}</p>}
      {sidecar !== null && <Markers video={video} sidecar={sidecar} />}
      {layered && <LookFields look={look} signed={sidecar.views.every(({ signed }) => signed)} />}
    </div>
  );
}

function Markers({ video, sidecar: { markers } }: {
  readonly video: RefObject<HTMLVideoElement>;
  readonly sidecar: Sidecar;
}) {
  if (markers.length === 0) return null;
  return (
    <div class="replay-markers" role="group" aria-label="Markers">
      {markers.map(({ t, name }) => (
        <button
          type="button"
          class="button"
          key={t}
          data-testid="replay-marker"
          aria-label={`Go to marker ${name}, ${playTime(t * 1_000)}`}
          onClick={() => {
            if (video.current !== null) video.current.currentTime = t;
          }}
        >
          {name} <span class="number muted">{playTime(t * 1_000)}</span>
        </button>
      ))}
    </div>
  );
}

function LookFields({ look, signed }: { readonly look: Signal<ReplayLook>; readonly signed: boolean }) {
  const { colormap, opacity, floor } = look.value;
  const share = (name: "opacity" | "floor", words: string, value: number) => (
    <label class="replay-field">
      {words}
      <input
        type="range"
        min="0"
        max="1"
        step="0.01"
        value={value}
        data-testid={`replay-${name}`}
        onInput={(event) => look.value = { ...look.peek(), [name]: event.currentTarget.valueAsNumber }}
      />
    </label>
  );
  return (
    <fieldset class="replay-fields">
      <legend class="visually-hidden">Heatmap of the clip</legend>
      <label class="replay-field">
        Colours
        <span class="select">
          <select
            value={signed ? "diverging" : colormap}
            disabled={signed}
            data-testid="replay-colours"
            onChange={({ currentTarget: { value } }) => {
              const chosen = COLORMAP_NAMES.find((one) => one === value);
              if (chosen !== undefined) look.value = { ...look.peek(), colormap: chosen };
            }}
          >
            {COLORMAP_NAMES.map((one) => <option key={one} value={one}>{colormapTitle(one)}</option>)}
          </select>
        </span>
      </label>
      {share("opacity", "Opacity", opacity)}
      {share("floor", "Threshold", floor)}
    </fieldset>
  );
}
