/** Bounds of what a model may ask for, whatever its files say. */

/** Height and width of a model's input at most, in pixels: what is shown live is no larger. */
export const MAX_INPUT_SIDE = 2048;

/** Largest setting of a layer that counts cells: padding, windows, strides, factors. */
export const MAX_SETTING = 65_536;
