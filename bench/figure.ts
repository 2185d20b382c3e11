/** A target and the measured value. */
export interface Figure {
  readonly what: string;
  readonly reached: string;
  readonly wanted: string;
  readonly isReached: boolean;
}

export const atMost = (what: string, value: number, most: number, unit = ""): Figure => ({
  what,
  reached: `${Number(value.toFixed(2))}${unit}`,
  wanted: `<= ${most}${unit}`,
  isReached: value <= most,
});
