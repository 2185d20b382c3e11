import { startWorld, type World } from "../provider/world";
import { Machine } from "./machine";
import { Scene } from "./scene";
import type { Stack } from "./stack";
import { StandIn } from "./standIn";

/** A cloud and a machine that many cases use in turn. */
export class Bench {
  #machine: Machine | undefined;
  #count = 0;
  readonly #secrets = new Set<string>();
  readonly #log: string[];

  private constructor(
    readonly world: World,
    log: string[],
    private readonly engineStack: ((world: World) => Stack) | undefined,
  ) {
    this.#log = log;
  }

  /** @param engineStack creates a stack of the real engine instead of a stand-in */
  static async start(engineStack?: (world: World) => Stack): Promise<Bench> {
    const log: string[] = [];
    return new Bench(await startWorld({ log: (line) => log.push(line) }), log, engineStack);
  }

  /** An empty stack. The stand-ins share a machine, because starting its processes takes time. */
  newStack(name: string): Stack {
    if (this.engineStack !== undefined) return this.engineStack(this.world);
    const newMachine = (env?: Readonly<Record<string, string>>) => new Machine(this.world.settingsOf(), env);
    return new StandIn(name, (this.#machine ??= newMachine()), newMachine);
  }

  scene(): Scene {
    return new Scene(this, ++this.#count);
  }

  /** Records all secrets and tokens that exist now. None of them may appear anywhere. */
  async noteSecrets(): Promise<void> {
    for (const secret of await this.world.secrets()) this.#secrets.add(secret);
  }

  /** The secrets that a text contains, and its signed assertions. */
  leaks(text: string): string[] {
    return [
      ...[...this.#secrets].filter((secret) => text.includes(secret)),
      ...(text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? []),
    ];
  }

  /** The emulator's log. */
  get log(): string {
    return this.#log.join("\n");
  }
}
