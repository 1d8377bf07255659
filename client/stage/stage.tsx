import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Surface } from "../picture/surface.ts";
import { type GesturePorts, useGestures } from "./gestures.ts";

/** What lies around the square. */
const DIMMED = ["left", "right", "above", "below"];

/** How the stage looks now. */
export interface StageLook {
  /** Whether the map is older than the picture. */
  readonly stale: boolean;
  /** Whether the map shows the network itself, in place of the picture. */
  readonly network: boolean;
  readonly frozen: boolean;
  readonly mirrored: boolean;
  /** With which the map lies over the picture, 0…1. */
  readonly opacity: number;
  /** Width over height of what the network sees; 1 for a square. */
  readonly aspect: number;
}

/** Properties of the stage. */
export interface StageProps {
  readonly surface: Surface;
  /** The canvas with the map. */
  readonly map: HTMLCanvasElement;
  readonly look: StageLook;
  readonly gestures: GesturePorts;
  /** What lies over the square below the map, or nothing. */
  readonly cover: ComponentChildren;
  /** What lies over the square in place of the map, or nothing. */
  readonly enlarged: ComponentChildren;
  /** What is marked on the square, over the map. */
  readonly marks?: ComponentChildren;
  /** What stands on the picture: notes and controls. */
  readonly children: ComponentChildren;
}

/** The picture with its heatmap: the square that the network sees, the rest dimmed. */
export function Stage({ surface, map, look, gestures, cover, enlarged, marks, children }: StageProps) {
  const mediaHost = useRef<HTMLDivElement>(null);
  const mapHost = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  useGestures(stage, mapHost, gestures);

  useLayoutEffect(() => {
    mediaHost.current?.append(...surface.elements);
    mapHost.current?.append(map);
  }, [surface, map]);

  useLayoutEffect(() => surface.shape(look.aspect), [surface, look.aspect]);

  return (
    <div
      class="stage"
      ref={stage}
      data-stale={look.stale}
      data-subject={look.network ? "network" : "picture"}
      data-frozen={look.frozen}
      data-mirror={look.mirrored}
      style={{ "--aspect": look.aspect }}
    >
      <div class="square" style={{ "--shown": shownPart(gestures.wipe.value, look.mirrored) }}>
        <div class="media-host" ref={mediaHost} />
        {DIMMED.map((side) => <div key={side} class={`dim ${side}`} />)}
        {cover}
        <div class="map-host" ref={mapHost} style={{ opacity: look.opacity }} />
        {enlarged}
        {marks}
      </div>
      {children}
    </div>
  );
}

/** The part of the map that is shown, in the square's own left and right: a mirror turns them round. */
function shownPart(share: number, mirrored: boolean): string {
  if (share >= 1) return "none";
  const rest = `${(1 - share) * 100}%`;
  return mirrored ? `inset(0 0 0 ${rest})` : `inset(0 ${rest} 0 0)`;
}
