import { useSignal } from "@preact/signals";
import { Lock, LockOpen } from "lucide-preact";
import { useId, useRef } from "preact/hooks";
import { neighboursOf } from "../../shared/class_text.ts";
import { FREE } from "../view/view_state.ts";
import type { Page } from "../app/page.ts";
import { type LabelMatch, searchLabels } from "../../shared/label_search.ts";

/** Matches that are offered. */
const OFFERED = 7;

/** Locks any class of the model: a field that finds it by name, and shows whether one is locked. */
export function ClassLock({ page }: { readonly page: Page }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const query = page.classQuery;
  const active = useSignal(0);
  const locked = page.locked.value;
  const lockedLabel = locked === null ? "" : page.nameOf(locked);
  const labels = page.labels.value;
  const asked = query.value?.trim() ?? "";
  const matches = asked === "" ? [] : searchLabels(labels, asked, OFFERED);
  const open = matches.length > 0;
  const shared = page.session.welcome.value?.sharedNames ?? [];
  const missed = asked !== "" && labels.length > 0 && !open;

  function choose(match: LabelMatch): void {
    query.value = null;
    page.session.changeView({ kind: "target", target: { kind: "class", index: match.index } });
    field.current?.blur();
  }

  function free(): void {
    query.value = null;
    page.session.changeView({ kind: "target", target: FREE });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const match = matches[active.value];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : matches.length - 1;
      if (open) active.value = (active.value + step) % matches.length;
    } else if (event.key === "Enter") {
      if (match !== undefined) choose(match);
      else if (query.value?.trim() === "") free();
    } else if (event.key === "Escape" && query.value !== null) {
      event.stopPropagation();
      query.value = null;
    }
  }

  return (
    <div class="class-lock" data-locked={locked !== null}>
      {locked === null ? <LockOpen aria-hidden="true" /> : <Lock aria-hidden="true" />}
      <input
        ref={field}
        type="text"
        role="combobox"
        data-testid="class-lock"
        aria-label={locked === null
          ? "Class to explain: free, the first prediction"
          : "Class to explain: locked"}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${id}-${active.value}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Explain another class…"
        value={query.value ?? lockedLabel}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={onKeyDown}
        onBlur={() => query.value = null}
      />
      {locked !== null && <button type="button" class="link-button" onClick={free}>Free</button>}
      <ul class="matches" id={`${id}-list`} role="listbox" aria-label="Classes" hidden={!open}>
        {matches.map((match, at) => (
          <li
            key={match.index}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active.value}
            title={`${match.index}: ${match.label}`}
            // The press must not take the focus, or the list closes before the click arrives.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(match)}
          >
            <span class="match-label">
              {match.label}
              {shared.includes(match.index) && (
                <span class="muted">{` (${match.index})${aside(neighboursOf(labels, match.index))}`}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p class="matches none" role="status" data-testid="class-none" hidden={!missed}>
        {missed && `Nothing found: no class is called “${asked}”`}
      </p>
    </div>
  );
}

/** Where a class stands in the model's list, which is all that tells two of the very same label apart. */
function aside(neighbours: readonly string[]): string {
  return neighbours.length === 0 ? "" : `, listed beside ${neighbours.join(" and ")}`;
}
