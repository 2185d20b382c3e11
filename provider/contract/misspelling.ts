/** The word of a list that `text` is a misspelling of; undefined where it is one of them, or like none. */
export function misspelled(text: string, words: readonly string[]): string | undefined {
  if (words.includes(text)) return undefined;
  const plain = text.toLowerCase();
  const bare = words.filter((word) => word.split(".").at(-1) === plain);
  if (bare.length === 1) return bare[0];
  const [nearest] = words
    .map((word) => ({ word, distance: distanceBetween(plain, word) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= 2 ? nearest.word : undefined;
}

/** How many letters must be added, left out or exchanged (Levenshtein). */
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
