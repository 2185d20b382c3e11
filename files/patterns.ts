import picomatch from "picomatch";

/** Patterns of emails and API names. All code matches patterns here, so a pattern means the same everywhere. */

/** A leading `!`, `!(…)`, `+(…)` and so on have no special meaning. They match themselves. */
const options = { dot: true, noextglob: true, nonegate: true } as const;

/** Returns a function that tells whether any pattern matches an email. Case and Unicode form don't matter. */
export const emailMatcher = (patterns: readonly string[]): ((email: string) => boolean) =>
  matcher(patterns, { ...options, nocase: true });

/** Returns a function that tells whether any pattern matches an API name. `*` matches within one segment of a name. */
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
