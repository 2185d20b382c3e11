import { readdirSync, readFileSync } from "node:fs";

/** Watches the processes that run dynamic providers, as long as the engine does. Linux only; elsewhere it sees nothing. */
export class ProviderWatch {
  #peakKb = 0;
  readonly #known = new Set<number>();
  readonly #timer: NodeJS.Timeout;

  /** @param mark stands in the environment of everything that is to be watched */
  constructor(private readonly mark: string) {
    this.#timer = setInterval(() => this.#look(), 100);
  }

  /** @returns the highest peak of resident memory of any of them, in MB; undefined where none was seen */
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
      // The shell script that starts it names it, too.
      if (!/^[^\0]*node\0/.test(command) || !command.includes("dynamic-provider")) continue;
      if (read(`/proc/${pid}/environ`).includes(this.mark)) this.#known.add(pid);
    }
  }
}

/** Empty where it has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
