import fc from "fast-check";
import type { Effect } from "../../emulator";
import { isExpired } from "../../provider/contract/expiry";
import { learnServerTime } from "../../provider/api/http/serverClock";
import type { Made, Program, Stack } from "../provider/stack";
import { startWorld, type Configuration, type World } from "../provider/world";

const { FAULTS_SEED, FAULTS_SCHEDULES = "120" } = process.env;
const hour = 3_600_000;
const start = Date.parse("2027-01-01T00:00:00Z");
const type = "projectRoleBinding";

/** The program: one binding of one person, as it is edited in the course of time. */
interface Declared {
  name: "jane" | "contractor";
  isThere: boolean;
  expires: string | undefined;
  role: string;
  /** Whether the program says that an existing membership is its own. */
  readonly adopt: boolean;
}

let sessions = 0;
/** Settings that no run has had before, so that nothing of an earlier run is remembered. */
const newSession = (world: World): Configuration => ({
  ...world.settingsOf(),
  "dt:retryDelay": "0.001",
  "dt:requestTimeout": String(30 + ++sessions / 1000),
});

/** One person's access over time, and everything that may not happen to it. */
class Scene {
  readonly member: string;
  readonly project: string;
  stack: Stack;
  /** The name of a membership that somebody else gave. */
  given = "";

  constructor(
    readonly world: World,
    number: number,
    readonly declared: Declared,
  ) {
    const { cloud, organization } = world;
    this.member = `person-${number}@example.com`;
    this.project = cloud.projects.create({ organization, displayName: `P${number}` }).name;
    this.stack = world.stack(newSession(world));
    world.clock.freeze(new Date(start));
  }

  get now(): Date {
    return this.world.clock.now();
  }

  /** The membership in the cloud. */
  get membership() {
    return this.world.cloud.members.list(this.project).find(({ email }) => email === this.member);
  }

  get mails(): number {
    return this.world.cloud.mails.filter(({ to }) => to === this.member).length;
  }

  get made(): Made | undefined {
    return this.stack.made[this.declared.name];
  }

  get isOver(): boolean {
    const { expires } = this.declared;
    return expires !== undefined && isExpired(expires, this.now);
  }

  /** Runs an operation in a new process, and checks what it did. @returns its failure; "" if it succeeded */
  async run(operation: (stack: Stack) => Promise<unknown>): Promise<string> {
    const before = { membership: this.membership, mails: this.mails, made: this.stack.made };
    this.stack = this.stack.with(newSession(this.world));
    // A new process hears the server's time from its first answer.
    learnServerTime(this.now.toUTCString());
    const failure = await operation(this.stack).then(
      () => "",
      (error: unknown) => (error as Error).message || "failed",
    );
    this.world.faults.clear();
    const { isThere, name } = this.declared;
    // Never earlier: who has access by this resource keeps it until its end.
    if (isThere && !this.isOver && before.made[name] !== undefined && before.membership !== undefined)
      expect(this.membership).toBeDefined();
    // An invitation goes to somebody without access, once.
    expect(this.mails - before.mails).toBeLessThanOrEqual(before.membership === undefined ? 1 : 0);
    return failure;
  }

  async up(): Promise<string> {
    const { declared, project, member } = this;
    const { name, isThere, expires, role, adopt } = declared;
    const inputs = { project, member, role, expires, adopt };
    const program: Program = isThere ? { [name]: [type, inputs] } : {};
    return this.run((stack) => stack.up(program));
  }

  /** What must be true after an update without a failure. */
  check(): void {
    const { declared, membership, made, isOver } = this;
    if (!declared.isThere) {
      if (membership?.name !== this.given) expect(membership).toBeUndefined();
      return;
    }
    expect(made?.outs.expired).toBe(isOver);
    if (!isOver) {
      expect(membership?.roles).toEqual([`roles/${declared.role}`]);
      this.given = "";
    } else if (membership?.name !== this.given) {
      // Never later: nobody has access after the first update since the end. A refresh sees what somebody else gave
      // since then.
      expect(membership).toBeUndefined();
    }
  }
}

type Command = fc.AsyncCommand<object, Scene>;
const step = (text: string, run: (scene: Scene) => Promise<void>): Command => ({
  check: () => true,
  run: (_model, scene) => run(scene),
  toString: () => text,
});

const cut = (when: "beforeCommit" | "afterCommit"): Effect => ({ kind: "drop", when });
/** A lost answer to an addition needs a real process afterwards: `expiry.test.ts` has those. */
const failures: Readonly<Record<string, [method: string, effect: Effect, times: number]>> = {
  "no removal is allowed": ["DELETE", { kind: "respond", status: 403 }, 99],
  "the answer to a removal is lost": ["DELETE", cut("afterCommit"), 1],
  "no removal arrives": ["DELETE", cut("beforeCommit"), 99],
  "all answers to removals are lost": ["DELETE", cut("afterCommit"), 99],
  "nobody can be added": ["POST", { kind: "respond", status: 403 }, 99],
  "no addition arrives": ["POST", cut("beforeCommit"), 99],
  "no role can be changed": ["PATCH", { kind: "respond", status: 403 }, 99],
  "nothing can be read": ["GET", { kind: "respond", status: 503 }, 99],
};

const up = (failure: string): Command =>
  step(failure === "" ? "up" : `up while ${failure}`, async (scene) => {
    const fault = failures[failure];
    if (fault !== undefined) {
      const [method, effect, times] = fault;
      scene.world.faults.add({ method, path: "/v2/projects/**", effect, times });
      await scene.up();
    }
    // Whatever failed, the next update without a failure is right.
    expect(await scene.up()).toBe("");
    scene.check();
    const writes = scene.world.writes().length;
    expect(await scene.up()).toBe("");
    expect(scene.world.writes().length).toBe(writes);
  });

/** An end at this distance from now, as a date or as a time in a zone. */
const end = (hours: number, form: "date" | "time" | "zone") =>
  step(`expires in ${hours} hours, as a ${form}`, (scene) => {
    const moment = new Date(scene.now.getTime() + hours * hour);
    const local = new Date(moment.getTime() + 5.5 * hour).toISOString().replace("Z", "+05:30");
    const forms = { date: moment.toISOString().slice(0, 10), time: moment.toISOString(), zone: local };
    scene.declared.expires = forms[form];
    return Promise.resolve();
  });

const commands = [
  fc.constantFrom("", "", "", "", ...Object.keys(failures)).map((failure) => up(failure)),
  fc.constantFrom("", "", ...Object.keys(failures)).map(up),
  fc
    .tuple(
      fc.integer({ min: -60, max: 120 }),
      fc.constantFrom("date" as const, "time" as const, "zone" as const),
    )
    .map(([hours, form]) => end(hours, form)),
  fc.constant(
    step("no end", (scene) => {
      scene.declared.expires = undefined;
      return Promise.resolve();
    }),
  ),
  fc.integer({ min: 1, max: 100 }).map((hours) =>
    step(`${hours} hours pass`, (scene) => {
      scene.world.clock.advance(hours * hour);
      return Promise.resolve();
    }),
  ),
  fc.constantFrom("project.user", "project.admin").map((role) =>
    step(`role ${role}`, (scene) => {
      scene.declared.role = role;
      return Promise.resolve();
    }),
  ),
  fc.constant(
    step("refresh", async (scene) => {
      scene.world.clock.advance(hour);
      expect(await scene.run((stack) => stack.refresh())).toBe("");
      // The resource is in the state for ever, unless somebody took its access before its end.
      if (scene.made?.outs.incomplete !== undefined) scene.given = "";
    }),
  ),
  fc.constant(
    step("somebody gives the access by hand", (scene) => {
      const { declared, world, project, member } = scene;
      // Access that the program does not know of is an error of its own, unless the program adopts it.
      const isKnown = scene.made !== undefined && scene.made.outs.memberId !== "";
      if (scene.membership !== undefined || !(declared.adopt || isKnown)) return Promise.resolve();
      const roles = ["roles/project.developer"];
      scene.given = world.cloud.members.create({ scope: project, email: member, roles }).name;
      return Promise.resolve();
    }),
  ),
  fc.constant(
    step("somebody takes the access by hand, and a refresh sees it", async (scene) => {
      const { membership, world } = scene;
      if (membership !== undefined) world.cloud.members.delete(membership.name);
      world.clock.advance(hour);
      await scene.run((stack) => stack.refresh());
    }),
  ),
  fc.constant(
    step("the invitation is accepted", (scene) => {
      if (scene.membership?.status === "PENDING") scene.world.cloud.acceptInvitation(scene.member);
      return Promise.resolve();
    }),
  ),
  fc.boolean().map((isThere) =>
    step(isThere ? "declare it" : "drop it", (scene) => {
      scene.declared.isThere = isThere;
      return Promise.resolve();
    }),
  ),
  fc.constant(
    step("rename it", (scene) => {
      // Without adopt, a rename of present access is an error that asks for an alias.
      if (scene.declared.adopt) scene.declared.name = scene.declared.name === "jane" ? "contractor" : "jane";
      return Promise.resolve();
    }),
  ),
];

test("access ends at the first update at or after its end, never earlier, and nobody is invited twice", async () => {
  const world = await startWorld();
  const seed = Number(FAULTS_SEED ?? Date.now() % 2 ** 31);
  process.stderr.write(`expiry: seed ${seed}; again with FAULTS_SEED=${seed}\n`);
  const isQuiet = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const { now } = Date;
  let number = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.commands(commands, { maxCommands: 25, size: "+1" }),
        fc.boolean(),
        // The machine's clock differs from the server's by these hours.
        fc.constantFrom(0, -50, 70, 24 * 400),
        async (steps, adopt, off) => {
          Date.now = () => now() + off * hour;
          const declared: Declared = {
            ...{ name: "jane", isThere: true, expires: "2027-01-03", role: "project.user" },
            adopt,
          };
          const scene = new Scene(world, ++number, declared);
          await fc.asyncModelRun(() => ({ model: {}, real: scene }), steps);
        },
      ),
      { seed, numRuns: Number(FAULTS_SCHEDULES), interruptAfterTimeLimit: 45_000, endOnFailure: true },
    );
  } finally {
    Date.now = now;
    isQuiet.mockRestore();
  }
});
