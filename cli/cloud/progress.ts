import type { Progress } from "./lists.js";

/** A progress bar on standard error. It is shown only in a terminal. */
export interface Bar {
  readonly progress: Progress;
  readonly stop: () => void;
}

export async function progressBar(what: string): Promise<Bar> {
  if (!process.stderr.isTTY) return { progress: () => undefined, stop: () => undefined };
  const { SingleBar, Presets } = await import("cli-progress");
  const bar = new SingleBar(
    {
      format: `${what} {bar} {value}/{total} lists`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    progress(done, total) {
      if (isStarted) bar.setTotal(total);
      else bar.start(total, 0);
      isStarted = true;
      bar.update(done);
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
}
