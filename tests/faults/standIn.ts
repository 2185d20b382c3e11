import { isDeepStrictEqual } from "node:util";
import { PartialFailure } from "../engine/harness/protocol";
import type { Properties, ResourceCalls } from "../engine/harness/providerProcess";
import type { Machine } from "./machine";
import type { Made, Program, Run, Stack, Type } from "./stack";

class CliKilled extends Error {}

/**
 * Keeps a stack's state as the Pulumi engine does, over a real dynamic-provider process. It handles one
 * resource after the other, writes the state after each, and ends the run at a failure. If a provider is
 * killed, the state does not change, so that the next run repeats the create. A later run deletes the
 * resources that a replacement has left.
 */
export class StandIn implements Stack {
  state: Record<string, Made> = {};
  condemned: Made[] = [];
  #cliDies: (error: CliKilled) => void = () => undefined;
  #loses: string | undefined;

  /** The machines that it ran on before. */
  readonly #left: Machine[] = [];

  /** @param newMachine creates an unused machine */
  constructor(
    private readonly stack: string,
    private machine: Machine,
    private readonly newMachine: (env?: Readonly<Record<string, string>>) => Machine,
  ) {}

  killProvider(): Promise<void> {
    return this.machine.killProvider();
  }

  async killCli(): Promise<void> {
    this.#cliDies(new CliKilled("the CLI was killed"));
    await this.machine.killCli();
  }

  moveAway(env?: Readonly<Record<string, string>>): void {
    this.#left.push(this.machine);
    this.machine = this.newMachine(env);
  }

  endRun(env?: Readonly<Record<string, string>>): Promise<void> {
    return this.machine.endRun(env);
  }

  async end(): Promise<void> {
    const machines = [...this.#left, this.machine];
    await Promise.all(machines.map((machine) => machine.endOrphans()));
    // The first is shared with other stacks.
    await Promise.all(machines.slice(1).map((machine) => machine.endRun()));
  }

  async printed(): Promise<string> {
    const machines = [...this.#left, this.machine];
    return (await Promise.all(machines.map((machine) => machine.printed()))).join("");
  }

  journalText(): string {
    return this.machine.journalText();
  }

  killCliAfter(name: string): void {
    this.#loses = name;
  }

  up(program: Program): Promise<Run> {
    return this.#run(async (done) => {
      for (const [name, [type, given]] of Object.entries(program)) {
        const inputs = typeof given === "function" ? given(this.state) : given;
        await this.#bring(name, type, defined({ ...inputs, __urn: this.urnOf(name, type) }), done);
      }
      for (const old of [...this.condemned].reverse()) await this.#deleteCondemned(old);
      for (const name of Object.keys(this.state).reverse()) {
        if (name in program) continue;
        await this.#delete(this.state[name]!);
        this.state = without(this.state, name);
        done[name] = "delete";
      }
    });
  }

  refresh(): Promise<Run> {
    return this.#run(async () => {
      for (const [name, old] of Object.entries(this.state)) {
        const { id, props, inputs } = await this.#call(old.type, (calls) => calls.read(old.id, old.outs));
        // A refresh removes the mark of a partial failure, as with the real engine.
        if (id === "") this.state = without(this.state, name);
        else this.state[name] = { type: old.type, id, outs: props, inputs: inputs ?? old.inputs };
      }
    });
  }

  private urnOf(name: string, type: Type): string {
    return `urn:pulumi:${this.stack}::faults::pulumi-nodejs:dynamic/dt:${type}::${name}`;
  }

  async #run(work: (done: Record<string, Run["done"][string]>) => Promise<void>): Promise<Run> {
    const done: Record<string, Run["done"][string]> = {};
    try {
      await work(done);
      return { failure: "", done };
    } catch (error) {
      return { failure: (error as Error).message, done };
    }
  }

  async #bring(name: string, type: Type, news: Properties, done: Record<string, Run["done"][string]>) {
    const old = this.state[name];
    const inputs = await this.#check(type, news, old?.inputs);
    if (old === undefined) {
      await this.#make(name, type, inputs);
      done[name] = "create";
      return;
    }
    const diff = await this.#call(type, (calls) => calls.diff(old.id, old.outs, inputs));
    const differs = diff.changes ?? !isDeepStrictEqual(old.inputs, inputs);
    if (differs && diff.replaces.length > 0) {
      if (diff.deleteBeforeReplace) {
        await this.#delete(old);
        this.state = without(this.state, name);
      }
      await this.#make(name, type, await this.#check(type, news));
      if (!diff.deleteBeforeReplace) this.condemned.push(old);
      done[name] = "replace";
    } else if (differs || (old.initErrors ?? []).length > 0) {
      await this.#recording(name, type, inputs, async () => ({
        id: old.id,
        outs: await this.#call(type, (calls) => calls.update(old.id, old.outs, inputs)),
      }));
      done[name] = "update";
    } else {
      this.state[name] = { ...old, inputs };
      done[name] = "same";
    }
  }

  async #check(type: Type, news: Properties, olds?: Properties): Promise<Properties> {
    const { inputs, failures } = await this.#call(type, (calls) => calls.check(news, olds));
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return inputs;
  }

  #make(name: string, type: Type, inputs: Properties): Promise<void> {
    return this.#recording(name, type, inputs, () => this.#call(type, (calls) => calls.create(inputs)));
  }

  async #recording(
    name: string,
    type: Type,
    inputs: Properties,
    work: () => Promise<{ id: string; outs: Properties }>,
  ): Promise<void> {
    const made = await work().then(
      ({ id, outs }): Made => ({ type, inputs, id, outs }),
      (error: unknown): Made => {
        if (!(error instanceof PartialFailure)) throw error;
        const outs = without(error.properties, "__provider");
        return { type, inputs, id: error.id, outs, initErrors: error.reasons };
      },
    );
    if (this.#loses === name) {
      this.#loses = undefined;
      await this.machine.killCli();
      throw new CliKilled("the CLI was killed");
    }
    this.state[name] = made;
    if (made.initErrors !== undefined) throw new Error(made.initErrors.join("\n"));
  }

  #delete({ type, id, outs }: Made): Promise<void> {
    return this.#call(type, (calls) => calls.delete(id, outs));
  }

  async #deleteCondemned(old: Made): Promise<void> {
    await this.#delete(old);
    this.condemned = this.condemned.filter((other) => other !== old);
  }

  /** Makes one call. It ends with the run if the CLI is killed. */
  async #call<T>(type: Type, call: (calls: ResourceCalls) => Promise<T>): Promise<T> {
    const provider = await this.machine.provider();
    const dies = new Promise<never>((_resolve, reject) => (this.#cliDies = reject));
    return Promise.race([call(provider.resource(type)), dies]);
  }
}

const without = <T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== name));

const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
