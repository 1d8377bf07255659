/** The panel "About this model": its card, its size and how fast it is here. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { areIndependent } from "../../../shared/independent.ts";
import type { ModelAbout } from "../../../shared/model_about.ts";
import type { Welcome } from "../../../shared/protocol.ts";
import { problemWords } from "../../http/http.ts";
import type { BoardState } from "../../live/board.ts";
import { Fact, Facts } from "../../ui/facts.tsx";
import { askAbout } from "./api.ts";
import { largeCount, partsOf } from "./parts.ts";

/** What the panel needs. */
export interface AboutPorts {
  readonly welcome: ReadonlySignal<Welcome | null>;
  readonly board: ReadonlySignal<BoardState>;
}

/** The panel's content. */
export function Panel({ welcome, board }: AboutPorts) {
  const about = useSignal<ModelAbout | null>(null);
  const problem = useSignal<string | null>(null);
  const server = welcome.value;
  useEffect(() => {
    // Again with each welcome and each model: a server that was started again may have another one under the name.
    about.value = null;
    if (server === null) return;
    const asking = new AbortController();
    askAbout(server.model.id, asking.signal).then(
      (facts) => {
        about.value = facts;
        problem.value = null;
      },
      (error: unknown) => {
        if (!asking.signal.aborted) problem.value = problemWords(error);
      },
    );
    return () => asking.abort();
  }, [server]);
  if (problem.value !== null) return <p role="alert">{problem.value} Open this view again to retry.</p>;
  if (server === null || about.value === null) return <p class="muted" role="status">Asking the server…</p>;
  return <Card server={server} about={about.value} computeMs={board.value.computeMs} />;
}

function Card({ server, about, computeMs }: {
  readonly server: Welcome;
  readonly about: ModelAbout;
  /** Computing time of the last batch in ms; null before the first. */
  readonly computeMs: number | null;
}) {
  const { name, width, height, classes, knows } = server.model;
  return (
    <div class="about" data-testid="about" role="group" aria-label={`Facts about ${name}`} tabIndex={0}>
      <p>
        <strong>{name}</strong>
      </p>
      {about.description !== "" && <p>{about.description}</p>}
      <Facts>
        <Fact name="Knows">{knows}</Fact>
        <Fact name="Classes">
          {classes.toLocaleString("en")}
          {areIndependent(server.model) && ", each with a probability of its own"}
        </Fact>
        <Fact name="Input">{width} × {height} px</Fact>
        <Fact name="Layers">
          {about.layers}
          {/* No layers are listed where there is no choice. */}
          {server.layers.length > 0 && `, of which ${server.layers.length} can be a target layer`}
        </Fact>
        <Fact name="Parameters">
          <span title={about.parameters.toLocaleString("en")}>{largeCount(about.parameters)}</span>
        </Fact>
        <Fact name="Work">
          <span title={about.multiplyAdds.toLocaleString("en")}>
            {largeCount(about.multiplyAdds)} multiply-adds for each forward pass
          </span>
        </Fact>
        <Fact name="Speed">
          {computeMs === null ? "no picture yet" : `${Math.round(computeMs)} ms for the last batch`}, on{" "}
          {server.threads === 1 ? "one thread" : `${server.threads} threads`}
        </Fact>
        {partsOf(about).map((part) => (
          <Fact key={part.name} name={`${part.name.charAt(0).toUpperCase()}${part.name.slice(1)}`}>
            {part.source ?? "source unknown"}; {part.licence ?? "licence unknown"}
          </Fact>
        ))}
      </Facts>
    </div>
  );
}
