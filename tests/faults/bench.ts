import { startWorld, type World } from "../provider/world";
import { Machine } from "./machine";
import { Scene } from "./scene";

/** A cloud and a machine that many cases use one after the other. */
export class Bench {
  machine: Machine;
  #count = 0;
  readonly #secrets = new Set<string>();
  readonly #log: string[];

  private constructor(
    readonly world: World,
    log: string[],
  ) {
    this.#log = log;
    this.machine = this.newMachine();
  }

  static async start(options: Parameters<typeof startWorld>[0] = {}): Promise<Bench> {
    const log: string[] = [];
    return new Bench(await startWorld({ ...options, log: (line) => log.push(line) }), log);
  }

  /** As a CI job finds it: without what earlier runs have left. */
  newMachine(env: Readonly<Record<string, string>> = {}): Machine {
    return new Machine(this.world.settingsOf(), env);
  }

  scene(): Scene {
    return new Scene(this, ++this.#count);
  }

  /** All secrets and tokens that exist by now must never be seen anywhere. */
  async noteSecrets(): Promise<void> {
    for (const secret of await this.world.secrets()) this.#secrets.add(secret);
  }

  /** Which secrets a text gives away, and the signed assertions in it. */
  leaks(text: string): string[] {
    return [
      ...[...this.#secrets].filter((secret) => text.includes(secret)),
      ...(text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
    ];
  }

  /** What the emulator has logged. */
  get log(): string {
    return this.#log.join("\n");
  }
}
