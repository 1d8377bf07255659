/** Whose a connection or a request is, as limits need to know it. */
import { addressGroup, LOOPBACK } from "../listen/address_group.ts";
import type { Whose } from "../session/mod.ts";
import { factsOf, type OwnMachine } from "./own_machine.ts";

/** What connections of one client have in common; null on the machine itself, where a proxy's clients all come from. */
export function groupOf(address: string): string | null {
  const group = addressGroup(address);
  return group === LOOPBACK ? null : group;
}

/** Whose a request is. */
export function whoseOf(own: OwnMachine, context: Parameters<typeof factsOf>[0]): Whose {
  const facts = factsOf(context);
  return { from: facts.peer === null ? null : groupOf(facts.peer), own: own.admits(facts) };
}
