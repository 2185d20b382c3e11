/** The word that `text` misspells; undefined if `text` is one of `words`, or is similar to none of them. */
export function misspelled(text: string, words: readonly string[]): string | undefined {
  if (words.includes(text)) return undefined;
  const plain = text.toLowerCase();
  const bare = words.filter((word) => word.split(".").at(-1) === plain);
  if (bare.length === 1) return bare[0];
  // A much longer text matches none of the words, and comparing it would be slow.
  const [nearest] = words
    .filter((word) => Math.abs(word.length - plain.length) <= mostEdits)
    .map((word) => ({ word, distance: distanceBetween(plain, word) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= mostEdits ? nearest.word : undefined;
}

/** The most letters that may differ. */
const mostEdits = 2;

/** The Levenshtein distance: the number of letters to add, remove or replace. */
function distanceBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(from).entries()) {
    const next = [line + 1];
    for (let column = 0; column < to.length; column++) {
      const exchanged = (row[column] ?? 0) + (letter === to[column] ? 0 : 1);
      next.push(Math.min(exchanged, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
