import { type Signal, useSignal } from "@preact/signals";
import { Lock, LockOpen } from "lucide-preact";
import type { RefObject } from "preact";
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
  const missed = asked !== "" && labels.length > 0 && matches.length === 0;

  function choose({ index }: LabelMatch): void {
    query.value = null;
    target.lockClass(index);
    field.current?.blur();
  }

  function unlock(): void {
    query.value = null;
    target.unlock();
  }

  function onChoose(match: number): void {
    const chosen = matches[match];
    if (chosen !== undefined) choose(chosen);
  }

  return (
    <div class="class-lock" data-locked={locked !== null}>
      {locked === null ? <LockOpen aria-hidden="true" /> : <Lock aria-hidden="true" />}
      <ClassField
        {...{ id, field, query, active, onChoose }}
        lockedName={locked === null ? null : classes.nameOf(locked)}
        matches={matches.length}
        onUnlock={unlock}
      />
      {locked !== null && <button type="button" class="link-button" onClick={unlock}>Unlock</button>}
      <MatchList {...{ id, matches, active: active.value, labels, sharedNames }} onChoose={choose} />
      <p class="matches none" role="status" data-testid="class-none" hidden={!missed}>
        {missed && `Nothing found: no class is called “${asked}”`}
      </p>
    </div>
  );
}

/** Properties of the text field. */
interface ClassFieldProps {
  /** Begins the ids of the list and of its entries. */
  readonly id: string;
  readonly field: RefObject<HTMLInputElement>;
  readonly query: Signal<string | null>;
  /** Name of the locked class, or null. */
  readonly lockedName: string | null;
  /** Matches that are offered. */
  readonly matches: number;
  /** The match that Enter takes, from 0. */
  readonly active: Signal<number>;
  readonly onChoose: (match: number) => void;
  readonly onUnlock: () => void;
}

function ClassField(
  { id, field, query, lockedName, matches, active, onChoose, onUnlock }: ClassFieldProps,
) {
  const open = matches > 0;

  function onKeyDown(event: KeyboardEvent): void {
    const step = classFieldKey(event.key, { query: query.value, matches, active: active.value });
    switch (step?.kind) {
      case "move":
        event.preventDefault();
        active.value = step.active;
        return;
      case "choose":
        return onChoose(step.match);
      case "unlock":
        return onUnlock();
      case "close":
        event.stopPropagation();
        query.value = null;
    }
  }

  return (
    <input
      ref={field}
      type="text"
      role="combobox"
      data-testid="class-lock"
      aria-label={lockedName === null ? "Explain another class" : "Class to explain: locked"}
      aria-expanded={open}
      aria-controls={`${id}-list`}
      aria-autocomplete="list"
      aria-activedescendant={open ? `${id}-${active.value}` : undefined}
      autocomplete="off"
      spellcheck={false}
      placeholder="Explain another class…"
      value={query.value ?? lockedName ?? ""}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => {
        query.value = event.currentTarget.value;
        active.value = 0;
      }}
      onKeyDown={onKeyDown}
      onBlur={() => query.value = null}
    />
  );
}
