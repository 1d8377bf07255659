import { useSignal } from "@preact/signals";
import { Lock, LockOpen } from "lucide-preact";
import { useId, useRef } from "preact/hooks";
import { type LabelMatch, searchLabels } from "../../shared/label_search.ts";
import { classFieldKey } from "./class_field_keys.ts";
import { MatchList } from "./class_matches.tsx";
import type { ClassList, ClassTarget } from "./classes.ts";

/** Matches that are offered. */
const OFFERED = 7;

/** Properties of the field. */
export interface ClassLockProps {
  readonly classes: ClassList;
  readonly target: ClassTarget;
  /** Indexes of the classes whose name another class has too. */
  readonly sharedNames: readonly number[];
}

/** Locks any class of the model: a field that finds it by name, and shows whether one is locked. */
export function ClassLock({ classes, target, sharedNames }: ClassLockProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const active = useSignal(0);
  const { query } = classes;
  const labels = classes.labels.value;
  const locked = target.locked.value;
  const asked = query.value?.trim() ?? "";
  const matches = asked === "" ? [] : searchLabels(labels, asked, OFFERED);
  const open = matches.length > 0;

  function choose({ index }: LabelMatch): void {
    query.value = null;
    target.lockClass(index);
    field.current?.blur();
  }

  function unlock(): void {
    query.value = null;
    target.unlock();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = classFieldKey(event.key, {
      query: query.value,
      matches: matches.length,
      active: active.value,
    });
    switch (step?.kind) {
      case "move":
        event.preventDefault();
        active.value = step.active;
        return;
      case "choose": {
        const match = matches[step.match];
        if (match !== undefined) choose(match);
        return;
      }
      case "unlock":
        return unlock();
      case "close":
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
          ? "Class to explain: the first prediction, none is locked"
          : "Class to explain: locked"}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${id}-${active.value}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Explain another class…"
        value={query.value ?? (locked === null ? "" : classes.nameOf(locked))}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={onKeyDown}
        onBlur={() => query.value = null}
      />
      {locked !== null && <button type="button" class="link-button" onClick={unlock}>Unlock</button>}
      <MatchList {...{ id, matches, active: active.value, labels, sharedNames }} onChoose={choose} />
      <p
        class="matches none"
        role="status"
        data-testid="class-none"
        hidden={asked === "" || labels.length === 0 || open}
      >
        {asked !== "" && labels.length > 0 && !open && `Nothing found: no class is called “${asked}”`}
      </p>
    </div>
  );
}
