/** A list of facts: a name and what there is to say. */
import type { ComponentChildren } from "preact";

/** The list; its children are {@link Fact}s. */
export function Facts({ children }: { readonly children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>;
}

/** One line of the list. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt class="muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
