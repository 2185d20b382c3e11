import picomatch from "picomatch";

/** Patterns of emails and of API names. Everybody who reads a pattern reads it here, so that it means one thing everywhere. */

/** A leading `!`, which would mean everything else, and `!(…)`, `+(…)` and so on mean nothing special: they stand for themselves. */
const options = { dot: true, noextglob: true, nonegate: true } as const;

/** Whether one of the patterns fits an email, in any case of letters and any Unicode spelling. Without patterns nothing fits. */
export const emailMatcher = (patterns: readonly string[]): ((email: string) => boolean) =>
  matcher(patterns, { ...options, nocase: true });

/** Whether one of the patterns fits an API name. `*` stays within one part of a name. */
export const nameMatcher = (patterns: readonly string[]): ((name: string) => boolean) =>
  matcher(patterns, options);

function matcher(patterns: readonly string[], how: picomatch.PicomatchOptions): (text: string) => boolean {
  if (patterns.length === 0) return () => false;
  const fits = picomatch(
    patterns.map((pattern) => pattern.normalize("NFC")),
    how,
  );
  return (text) => fits(text.normalize("NFC"));
}
