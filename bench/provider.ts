import { readdirSync, readFileSync } from "node:fs";

/**
 * Watches the processes that run dynamic providers or the plugin, until the engine ends. Works on Linux only; elsewhere it
 * finds none.
 */
export class ProviderWatch {
  #peakKb = 0;
  readonly #known = new Set<number>();
  readonly #timer: NodeJS.Timeout;

  /** @param mark appears in the environment of every process to watch */
  constructor(private readonly mark: string) {
    this.#timer = setInterval(() => this.#look(), 100);
  }

  /** @returns the highest peak of resident memory of any of them, in MB; undefined if none was found */
  end(): number | undefined {
    this.#look();
    clearInterval(this.#timer);
    return this.#peakKb === 0 ? undefined : this.#peakKb / 1024;
  }

  #look(): void {
    if (this.#known.size === 0) this.#find();
    for (const pid of this.#known) {
      const peak = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
      if (peak === undefined) this.#known.delete(pid);
      else this.#peakKb = Math.max(this.#peakKb, Number(peak));
    }
  }

  #find(): void {
    if (process.platform !== "linux") return;
    for (const pid of readdirSync("/proc").map(Number)) {
      const command = pid > 0 ? read(`/proc/${pid}/cmdline`) : "";
      // The shell script that starts the provider names it, too.
      if (!/^[^\0]*node\0/.test(command) || !/dynamic-provider|pulumi-resource-disruptive/.test(command))
        continue;
      if (read(`/proc/${pid}/environ`).includes(this.mark)) this.#known.add(pid);
    }
  }
}

/** Returns "" if the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
