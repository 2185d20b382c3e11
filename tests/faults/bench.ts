import { startWorld, type World } from "../provider/world";
import { Machine } from "./machine";
import { Scene } from "./scene";
import type { Stack } from "./stack";
import { StandIn } from "./standIn";

/** A cloud and a machine that many cases use one after the other. */
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

  /** @param engineStack makes a stack of the real engine in the place of a stand-in */
  static async start(engineStack?: (world: World) => Stack): Promise<Bench> {
    const log: string[] = [];
    return new Bench(await startWorld({ log: (line) => log.push(line) }), log, engineStack);
  }

  /** A stack without anything in it. The stand-ins share a machine: what takes time is starting its processes. */
  newStack(name: string): Stack {
    if (this.engineStack !== undefined) return this.engineStack(this.world);
    const newMachine = (env?: Readonly<Record<string, string>>) => new Machine(this.world.settingsOf(), env);
    return new StandIn(name, (this.#machine ??= newMachine()), newMachine);
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
