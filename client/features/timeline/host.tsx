/** The timeline's places on the page; its code comes later, and nothing moves then. */
import type { Layers } from "../../ui/layers.ts";
import type { Timeline } from "./timeline.ts";

/** Below the picture: its room is there from the beginning. */
export function TimelineHost({ timeline: { ports, running }, layers }: {
  readonly timeline: Timeline;
  readonly layers: Layers;
}) {
  const size = ports.size();
  if (size === "closed") return null;
  const { value } = running;
  return (
    <section class="timeline" data-size={size} aria-label="Timeline" data-testid="timeline">
      {value !== null && <value.code.Strip model={value.model} ports={ports} layers={layers} />}
    </section>
  );
}

/** Over the square of the stage. */
export function TimelineMoment({ timeline: { running } }: { readonly timeline: Timeline }) {
  const { value } = running;
  return value === null ? null : <value.code.MomentLayer model={value.model} />;
}

/** On the stage. */
export function TimelineNote({ timeline: { running } }: { readonly timeline: Timeline }) {
  const { value } = running;
  return value === null ? null : <value.code.MomentNote model={value.model} />;
}
