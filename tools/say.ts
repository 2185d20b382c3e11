/** Prints progress on stderr, so that stdout holds only the result. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Whole seconds in readable form: `8 s`, `4 min 52 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs a step that may be slow. Prints when it starts, that it still runs every 15 seconds, and how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const elapsed = () => duration(performance.now() - start);
  say(`${what} …`);
  const ticker = setInterval(() => say(`  … ${elapsed()}`), 15_000);
  try {
    const result = await work();
    say(`  done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}
