import { setTimeout as delay } from "node:timers/promises";
import type { Hook, HookCallback } from "../../emulator";
import type { World } from "../provider/world";
import { audit, existing, namesInStates, type Audit, type Scope } from "./audit";
import type { Bench } from "./bench";
import type { Made, Program, Run, Stack } from "./stack";

/** One case's share of a cloud: its own projects, a stack, and the machine that it runs on. */
export class Scene {
  readonly stack: Stack;
  readonly home: string;
  readonly other: string;
  /** An email that no other case uses. */
  readonly person: string;
  /** A display name of a project that no other case uses. */
  readonly client: string;
  readonly newcomer: string;
  readonly anchor: string;
  readonly #strangers = new Map<string, string>();
  readonly #failures: string[] = [];
  readonly #hooks: (() => void)[] = [];
  readonly #before: ReadonlySet<string>;
  /** An account that a person created by hand. */
  readonly account: string;
  readonly account2: string;

  constructor(
    readonly bench: Bench,
    readonly number: number,
  ) {
    const { cloud, organization } = bench.world;
    const project = (displayName: string) => cloud.projects.create({ organization, displayName }).name;
    this.home = project(`Home ${number}`);
    this.other = project(`Other ${number}`);
    this.client = `Client ${number}.`;
    this.person = `person-${number}@example.com`;
    this.newcomer = `newcomer-${number}@example.com`;
    this.anchor = `anchor-${number}@example.com`;
    for (const email of [this.person, this.newcomer, this.anchor])
      cloud.users.create({ email, displayName: email, known: true });
    this.account = cloud.accounts.create({ project: this.home, displayName: "By hand" }).name;
    this.account2 = cloud.accounts.create({ project: this.home, displayName: "By hand, too" }).name;
    this.stack = bench.newStack(`s${number}`);
    this.#before = new Set(existing(this.#scope));
  }

  get world(): World {
    return this.bench.world;
  }

  get #scope(): Omit<Scope, "before"> {
    return {
      world: this.world,
      projects: [this.home, this.other],
      client: this.client,
      admins: [this.person, this.newcomer],
    };
  }

  /** Runs `pulumi up`, and keeps the output. */
  async up(program: Program): Promise<Run> {
    const run = await this.stack.up(program);
    this.#failures.push(run.failure);
    await this.bench.noteSecrets();
    return run;
  }

  /** Reads everything again, as `pulumi refresh` does. */
  async refresh(): Promise<Run> {
    const run = await this.stack.refresh();
    this.#failures.push(run.failure);
    return run;
  }

  /** Lets some time pass in the cloud, so that the provider takes a 404 on something that exists now for a deletion. */
  passTime(): void {
    this.world.clock.advance(15_000);
  }

  /** Like {@link up} of an empty program. */
  destroy(): Promise<Run> {
    return this.up({});
  }

  /** Creates something as another person, who must find it unchanged. */
  stranger(make: () => { name: string }): void {
    const thing = make();
    this.#strangers.set(thing.name, JSON.stringify(thing));
  }

  isStrangers(name: string): boolean {
    return this.#strangers.has(name);
  }

  /** The names of everything in this case's part of the cloud. */
  existing(): string[] {
    return existing(this.#scope);
  }

  /** Everything that has been created since the case began. */
  readonly created = (): string[] => {
    return this.existing().filter((name) => !this.#before.has(name) && !this.isStrangers(name));
  };

  /** Deletes something by hand, and everything that belongs to it. */
  deleteByHand(name: string): void {
    const { projects, accounts, keys, members } = this.world.cloud;
    if (!projects.delete(name) && !accounts.delete(name) && !keys.delete(name)) members.delete(name);
  }

  /** Removes unused resources as the reports say, like the user. */
  removeReported(): void {
    const ours = new Set(namesInStates([this.stack]));
    for (const name of this.created()) if (!ours.has(name)) this.deleteByHand(name);
  }

  /** The secrets and assertions in a text, on the machine, or in the emulator's log. */
  leaks(text: string): string[] {
    return this.bench.leaks([text, this.stack.journalText(), this.bench.log].join("\n"));
  }

  /** Replaces the present state. @returns the previous one */
  swapState(state: Record<string, Made>): Record<string, Made> {
    const present = this.stack.state;
    this.stack.state = state;
    return present;
  }

  /** Waits until a provider has printed this text. */
  async sees(text: string): Promise<void> {
    for (let turn = 0; turn < 1000 && !(await this.seen()).includes(text); turn++) await delay(10);
    if (!(await this.seen()).includes(text)) throw new Error(`never printed: ${text}`);
  }

  /** The names of strangers' resources that have changed, or that are in our state. */
  lostByStrangers(): string[] {
    const { projects, accounts, keys, members } = this.world.cloud;
    const ours = new Set([...Object.values(this.stack.state), ...this.stack.condemned].map(({ id }) => id));
    return [...this.#strangers].flatMap(([name, before]) => {
      // Everything that belongs to a deleted account is deleted with it.
      const [, account = ""] = /^(.*)\/keys\//.exec(name) ?? [];
      if (account !== "" && accounts.get(account) === undefined) return [];
      const now = [projects, accounts, keys, members]
        .map((shelf) => shelf.get(name))
        .find((thing) => thing !== undefined);
      return JSON.stringify(now) === before && !ours.has(name) ? [] : [name];
    });
  }

  /** Runs `act` in the middle of the next request that matches, if it comes in this run. */
  onRequest(hook: Hook, act: HookCallback): void {
    this.#hooks.push(this.world.onRequest({ ...hook, times: 1 }, act));
  }

  /** Ends the case. */
  async end(): Promise<void> {
    await this.calm();
    await this.stack.end();
  }

  /** Ends all failures of a run, after no request is in the middle of one. */
  async calm(): Promise<void> {
    const { faults, requests } = this.world;
    const isUnderWay = () =>
      requests.slice(-5).some(({ status }) => status === 0) &&
      faults.list().some(({ struck }) => struck === 0);
    for (let turn = 0; turn < 20 && isUnderWay(); turn++) await delay(5);
    faults.clear();
    for (const remove of this.#hooks.splice(0)) remove();
  }

  /** Everything that a user has seen of this case. */
  async seen(): Promise<string> {
    return [await this.stack.printed(), ...this.#failures].join("\n");
  }

  async audit(): Promise<Audit> {
    const before = new Set([...this.#before, ...this.#strangers.keys()]);
    return audit({ ...this.#scope, before }, [this.stack], await this.seen());
  }
}
