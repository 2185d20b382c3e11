import { setTimeout as delay } from "node:timers/promises";
import type { Hook, HookCallback } from "../../emulator";
import type { World } from "../provider/world";
import { audit, existing, namesInStates, type Audit, type Scope } from "./audit";
import type { Bench } from "./bench";
import type { Made, Program, Run, Stack } from "./stack";

/** One case's share of a cloud: projects of its own, a stack, and the machine that it runs on. */
export class Scene {
  readonly stack: Stack;
  readonly home: string;
  readonly other: string;
  /** Emails that no other case uses. */
  readonly person: string;
  readonly newcomer: string;
  readonly anchor: string;
  readonly #strangers = new Map<string, string>();
  readonly #failures: string[] = [];
  readonly #hooks: (() => void)[] = [];
  readonly #before: ReadonlySet<string>;
  /** Accounts that somebody made by hand. */
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
    return { world: this.world, projects: [this.home, this.other], admins: [this.person, this.newcomer] };
  }

  /** Runs `pulumi up`, and keeps what it printed. */
  async up(program: Program): Promise<Run> {
    const run = await this.stack.up(program);
    this.#failures.push(run.failure);
    await this.bench.noteSecrets();
    return run;
  }

  /** Looks at everything anew, as `pulumi refresh` does. */
  async refresh(): Promise<Run> {
    const run = await this.stack.refresh();
    this.#failures.push(run.failure);
    return run;
  }

  /** As {@link up}, of a program without anything. */
  destroy(): Promise<Run> {
    return this.up({});
  }

  /** Somebody else makes something, and is to find it as it was. */
  stranger(make: () => { name: string }): void {
    const thing = make();
    this.#strangers.set(thing.name, JSON.stringify(thing));
  }

  isStrangers(name: string): boolean {
    return this.#strangers.has(name);
  }

  /** Names of all that there is in this case's part of the cloud. */
  existing(): string[] {
    return existing(this.#scope);
  }

  /** What has been made since the case began. */
  readonly created = (): string[] => {
    return this.existing().filter((name) => !this.#before.has(name) && !this.isStrangers(name));
  };

  /** Somebody deletes something; what hangs on it goes with it. */
  deleteByHand(name: string): void {
    const { accounts, keys, members } = this.world.cloud;
    if (!accounts.delete(name) && !keys.delete(name)) members.delete(name);
  }

  /** The user does what the reports say, and removes what nobody uses. */
  removeReported(): void {
    const ours = new Set(namesInStates([this.stack]));
    for (const name of this.created()) if (!ours.has(name)) this.deleteByHand(name);
  }

  /** Which secrets and assertions a text gives away, or what lies on the machine, or the emulator's log. */
  leaks(text: string): string[] {
    return this.bench.leaks([text, this.stack.journalText(), this.bench.log].join("\n"));
  }

  /** Puts a state in place of the present one. @returns that */
  swapState(state: Record<string, Made>): Record<string, Made> {
    const present = this.stack.state;
    this.stack.state = state;
    return present;
  }

  /** Waits until a provider has printed something. */
  async sees(text: string): Promise<void> {
    for (let turn = 0; turn < 1000 && !(await this.seen()).includes(text); turn++) await delay(10);
    if (!(await this.seen()).includes(text)) throw new Error(`never printed: ${text}`);
  }

  /** Names of what strangers made and do not find as it was, or find in our state. */
  lostByStrangers(): string[] {
    const { accounts, keys, members } = this.world.cloud;
    const ours = new Set([...Object.values(this.stack.state), ...this.stack.condemned].map(({ id }) => id));
    return [...this.#strangers].flatMap(([name, before]) => {
      // What hangs on an account goes with it.
      const [, account = ""] = /^(.*)\/keys\//.exec(name) ?? [];
      if (account !== "" && accounts.get(account) === undefined) return [];
      const now = [accounts, keys, members]
        .map((shelf) => shelf.get(name))
        .find((thing) => thing !== undefined);
      return JSON.stringify(now) === before && !ours.has(name) ? [] : [name];
    });
  }

  /** Does something in the middle of the next request that matches, if it comes in this run. */
  onRequest(hook: Hook, act: HookCallback): void {
    this.#hooks.push(this.world.onRequest({ ...hook, times: 1 }, act));
  }

  /** The case is over. */
  async end(): Promise<void> {
    await this.calm();
    await this.stack.end();
  }

  /** Ends all that was to go wrong in a run, once no request is in the middle of it. */
  async calm(): Promise<void> {
    const { faults, requests } = this.world;
    const isUnderWay = () =>
      requests.slice(-5).some(({ status }) => status === 0) &&
      faults.list().some(({ struck }) => struck === 0);
    for (let turn = 0; turn < 20 && isUnderWay(); turn++) await delay(5);
    faults.clear();
    for (const remove of this.#hooks.splice(0)) remove();
  }

  /** All that a user has seen of this case. */
  async seen(): Promise<string> {
    return [await this.stack.printed(), ...this.#failures].join("\n");
  }

  async audit(): Promise<Audit> {
    const before = new Set([...this.#before, ...this.#strangers.keys()]);
    return audit({ ...this.#scope, before }, [this.stack], await this.seen());
  }
}
