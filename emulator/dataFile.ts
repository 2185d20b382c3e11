import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../files/replaceFile";
import type { WorldData } from "./things";
import type { World } from "./world";

interface Saved {
  format: 1;
  /** Where the emulator listened: it comes up there again, since clients remember the address. */
  port: number;
  world: WorldData;
}

/** Where a world is kept between runs. Secrets are in it, so only its owner may read it. */
export class DataFile {
  #savedVersion = -1;
  #writing: Promise<void> | undefined;
  #port = 0;

  constructor(
    readonly path: string,
    private readonly world: World,
  ) {}

  /** Reads the file into the empty world; undefined where there is none. @throws {Error} naming a file that is not ours */
  load(): { port: number } | undefined {
    if (!existsSync(this.path)) return undefined;
    const saved = parse(this.path);
    this.world.restore(saved.world);
    this.#savedVersion = this.world.version;
    this.#port = saved.port;
    return { port: saved.port };
  }

  rememberPort(port: number): void {
    if (port === this.#port) return;
    this.#port = port;
    this.#savedVersion = -1;
  }

  /** Resolves once all that has changed by now is in the file; callers at the same moment share one write. */
  async flush(): Promise<void> {
    const wanted = this.world.version;
    while (this.#savedVersion < wanted) {
      this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const version = this.world.version;
    const saved: Saved = { format: 1, port: this.#port, world: this.world.dump() };
    // Not synced to the disk: a killed process loses nothing, and a killed machine only ends a make-believe cloud.
    mkdirSync(dirname(this.path), { recursive: true });
    await replaceFile(this.path, JSON.stringify(saved), { mode: 0o600, sync: false });
    this.#savedVersion = version;
  }
}

function parse(path: string): Saved {
  try {
    const saved = JSON.parse(readFileSync(path, "utf8")) as Partial<Saved> | null;
    if (saved?.format === 1 && saved.world?.admin && typeof saved.port === "number") return saved as Saved;
  } catch (error) {
    throw new Error(`${path} cannot be read as an emulator's data file`, { cause: error });
  }
  throw new Error(`${path} is not an emulator's data file; name another, or remove it to start anew`);
}
