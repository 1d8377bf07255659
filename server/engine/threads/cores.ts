/** How many threads are worth starting when nobody says. */
import { MAX_THREADS } from "./pool.ts";

/**
 * Estimates the physical cores, at most as many as the engine can use.
 *
 * Two threads on one core share its vector units and only wait for each other. Deno tells logical cores alone
 * (/proc and /sys are closed to a program with named permissions), so on x86-64, where nearly every core has two,
 * half of them count, as tfjs counts in browsers. Two logical cores are left alone: they are as often two
 * cores of a virtual machine.
 */
export function defaultThreads(logicalCores: number, arch: typeof Deno.build.arch): number {
  const physical = arch === "x86_64" && logicalCores > 2 ? Math.ceil(logicalCores / 2) : logicalCores;
  return Math.min(Math.max(physical, 1), MAX_THREADS);
}
