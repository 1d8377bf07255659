/** What a command leaves to the shell; `fault` is also that not all of a model is covered. */
export const EXIT = { done: 0, fault: 1, usage: 2, interrupted: 130 } as const;
