import { setTimeout as delay } from "node:timers/promises";
import { startWorld, type World } from "../provider/world";
import { audit, existing, type Audit, type Scope } from "./audit";
import { Machine } from "./machine";
import { StandIn, type Program, type Run } from "./standIn";
import { tally } from "./tally";

/** One case's share of a cloud: projects of its own, a stack, and the machine that it runs on. */
export class Scene {
  readonly stack: StandIn;
  readonly home: string;
  readonly other: string;
  /** Emails that no other case uses. */
  readonly person: string;
  readonly newcomer: string;
  readonly #strangers = new Map<string, string>();
  readonly #failures: string[] = [];
  /** Where it ran before. */
  readonly #machines: Machine[] = [];
  readonly #before: ReadonlySet<string>;
  /** An account that somebody made by hand. */
  readonly account: string;

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
    for (const email of [this.person, this.newcomer])
      cloud.users.create({ email, displayName: email, known: true });
    this.account = cloud.accounts.create({ project: this.home, displayName: "By hand" }).name;
    this.stack = new StandIn(`s${number}`, bench.machine);
    this.#before = new Set(existing(this.#scope));
  }

  get world(): World {
    return this.bench.world;
  }

  get machine(): Machine {
    return this.stack.machine;
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
  created(): string[] {
    return this.existing().filter((name) => !this.#before.has(name) && !this.isStrangers(name));
  }

  /** The next run happens elsewhere, with the same state. */
  moveTo(machine: Machine): void {
    this.#machines.push(this.stack.machine);
    this.stack.machine = machine;
  }

  /** Puts a state in place of the present one. @returns that */
  swapState(state: StandIn["state"]): StandIn["state"] {
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
      const now = [accounts, keys, members]
        .map((shelf) => shelf.get(name))
        .find((thing) => thing !== undefined);
      return JSON.stringify(now) === before && !ours.has(name) ? [] : [name];
    });
  }

  /** Ends all faults, once no request is in the middle of one. */
  async calm(): Promise<void> {
    const { faults, requests } = this.world;
    const isUnderWay = () =>
      requests.slice(-5).some(({ status }) => status === 0) &&
      faults.list().some(({ struck }) => struck === 0);
    for (let turn = 0; turn < 20 && isUnderWay(); turn++) await delay(5);
    faults.clear();
  }

  /** All that a user has seen of this case. */
  async seen(): Promise<string> {
    const printed = await Promise.all([...this.#machines, this.machine].map((machine) => machine.printed()));
    return [...printed, ...this.#failures].join("\n");
  }

  async audit(): Promise<Audit> {
    const before = new Set([...this.#before, ...this.#strangers.keys()]);
    return audit({ ...this.#scope, before }, [this.stack], await this.seen());
  }
}

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

/**
 * Tries a case, and judges what it has come to: nobody's secret was shown, what the state holds is so, and what it does not hold was
 * reported; strangers find what is theirs; a `destroy` leaves nothing more behind.
 *
 * @param group what it is counted with in the table
 */
export async function judge(scene: Scene, group: string, work: () => Promise<void>): Promise<void> {
  let [orphansReported, orphansLeft, secretsLeaked] = [0, 0, 0];
  let passed = false;
  try {
    await work();
    await judgeNow();
    expect((await scene.destroy()).failure).toBe("");
    await judgeNow();
    passed = true;
  } finally {
    tally({ group, passed, orphansReported, orphansLeft, secretsLeaked });
    scene.world.faults.clear();
  }

  async function judgeNow(): Promise<void> {
    const { orphans, unreported, wrong } = await scene.audit();
    orphansReported = orphans.length - unreported.length;
    orphansLeft = unreported.length;
    const leaks = scene.bench.leaks(
      [await scene.seen(), scene.machine.journalText(), scene.bench.log].join("\n"),
    );
    secretsLeaked = leaks.length;
    expect({ unreported, wrong, leaks, lost: scene.lostByStrangers() }).toEqual({
      unreported: [],
      wrong: [],
      leaks: [],
      lost: [],
    });
  }
}
