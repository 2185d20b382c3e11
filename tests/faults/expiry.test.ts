import { faults, type Fault } from "./faults";
import { Bench } from "./bench";
import { judge } from "./judge";
import type { Scene } from "./scene";
import type { Program } from "./stack";

let bench: Bench;
beforeAll(async () => void (bench = await Bench.start()));

const until = "2027-01-31";
const typical = faults.filter(({ isTypical }) => isTypical);
const killsAfter = typical.filter(({ kills, commits }) => kills === true && commits);

interface Kind {
  readonly name: string;
  readonly scope: (scene: Scene) => string;
  readonly program: (scene: Scene, expires?: string) => Program;
  /** The failures to test. */
  readonly failures: readonly Fault[];
}
const kinds: readonly Kind[] = [
  {
    name: "binding of a project",
    scope: ({ home }) => home,
    failures: typical,
    program: ({ home, newcomer }, expires) => ({
      jane: ["projectRoleBinding", { project: home, member: newcomer, role: "project.user", expires }],
    }),
  },
  {
    name: "binding of an organization",
    scope: ({ world }) => world.organization,
    failures: typical.filter(({ name }) => /killed|cut after/.test(name)),
    program: ({ world, newcomer }, expires) => ({
      jane: ["orgAdminBinding", { organization: world.organization, member: newcomer, expires }],
    }),
  },
];

/** The next run begins on this date, in a process of its own. */
const at = (scene: Scene, date: string) => scene.stack.endRun({ DT_AS_OF: date });
const isMember = (scene: Scene, { scope }: Kind) =>
  scene.world.cloud.members.list(scope(scene)).some(({ email }) => email === scene.newcomer);
const mails = ({ world, newcomer }: Scene) => world.cloud.mails.filter(({ to }) => to === newcomer).length;

describe.each(kinds)("the $name", (kind) => {
  test.each(kind.failures)(
    "that ends while $name is removed by the next run, and is then quiet",
    async (fault) => {
      const scene = bench.scene();
      const program = kind.program(scene, until);
      await judge(scene, "expiry", async () => {
        await at(scene, "2027-01-01");
        expect((await scene.up(program)).failure).toBe("");
        await at(scene, "2027-02-01");
        const path = `/v2/${kind.scope(scene)}/members/*`;
        fault.strike(scene, { method: "DELETE", path });
        await scene.up(program);
        await scene.calm();
        await at(scene, "2027-02-01");
        expect((await scene.up(program)).failure).toBe("");
        expect(isMember(scene, kind)).toBe(false);
        expect(scene.stack.state.jane?.outs.expired).toBe(true);
        expect((await scene.refresh()).failure).toBe("");
        expect(await scene.up(program)).toMatchObject({ failure: "", done: { jane: "same" } });
      });
    },
  );

  test.each(kind.failures)("that is granted again while $name gets one invitation", async (fault) => {
    const scene = bench.scene();
    await judge(scene, "expiry", async () => {
      await at(scene, "2027-02-01");
      expect((await scene.up(kind.program(scene, until))).failure).toBe("");
      expect(mails(scene)).toBe(0);
      const later = kind.program(scene, "2027-03-31");
      fault.strike(scene, { method: "POST", path: `/v2/${kind.scope(scene)}/members` });
      await scene.up(later);
      await scene.calm();
      await at(scene, "2027-02-02");
      expect((await scene.up(later)).failure).toBe("");
      expect((await scene.up(later)).done).toEqual({ jane: "same" });
      expect(isMember(scene, kind)).toBe(true);
      expect(mails(scene)).toBe(1);
    });
  });

  test.each(killsAfter)(
    "that is granted again after an earlier membership while $name gets one invitation, and ends",
    async (fault) => {
      const scene = bench.scene();
      await judge(scene, "expiry", async () => {
        await at(scene, "2027-01-01");
        await scene.up(kind.program(scene, until));
        await at(scene, "2027-02-01");
        await scene.up(kind.program(scene, until));
        const before = mails(scene);
        fault.strike(scene, { method: "POST", path: `/v2/${kind.scope(scene)}/members` });
        await scene.up(kind.program(scene, "2027-03-31"));
        await scene.calm();
        await at(scene, "2027-02-02");
        expect((await scene.up(kind.program(scene, "2027-03-31"))).failure).toBe("");
        expect(mails(scene)).toBe(before + 1);
        await at(scene, "2027-04-01");
        expect((await scene.up(kind.program(scene, "2027-03-31"))).failure).toBe("");
        expect(isMember(scene, kind)).toBe(false);
      });
    },
  );

  test.each(killsAfter)(
    "whose creation ended when $name is taken back if its end has passed since",
    async (fault) => {
      const scene = bench.scene();
      const program = kind.program(scene, until);
      await judge(scene, "expiry", async () => {
        await at(scene, "2027-01-01");
        fault.strike(scene, { method: "POST", path: `/v2/${kind.scope(scene)}/members` });
        await scene.up(program);
        await scene.calm();
        expect(isMember(scene, kind)).toBe(true);
        await at(scene, "2027-02-01");
        expect((await scene.up(program)).failure).toBe("");
        expect(isMember(scene, kind)).toBe(false);
        expect(await scene.up(program)).toMatchObject({ failure: "", done: { jane: "same" } });
      });
    },
  );

  test.each(killsAfter)(
    "that was granted again when $name is taken back if that end has passed, too",
    async (fault) => {
      const scene = bench.scene();
      await judge(scene, "expiry", async () => {
        await at(scene, "2027-02-01");
        await scene.up(kind.program(scene, until));
        const later = kind.program(scene, "2027-03-31");
        fault.strike(scene, { method: "POST", path: `/v2/${kind.scope(scene)}/members` });
        await scene.up(later);
        await scene.calm();
        expect(isMember(scene, kind)).toBe(true);
        await at(scene, "2027-04-01");
        expect((await scene.up(later)).failure).toBe("");
        expect(isMember(scene, kind)).toBe(false);
        expect(await scene.up(later)).toMatchObject({ failure: "", done: { jane: "same" } });
      });
    },
  );

  test("that the CLI lost when it was granted again gets one invitation", async () => {
    const scene = bench.scene();
    await judge(scene, "expiry", async () => {
      await at(scene, "2027-02-01");
      await scene.up(kind.program(scene, until));
      scene.stack.killCliAfter("jane");
      await scene.up(kind.program(scene, "2027-03-31"));
      await at(scene, "2027-02-02");
      expect((await scene.up(kind.program(scene, "2027-03-31"))).failure).toBe("");
      expect(mails(scene)).toBe(1);
      expect(scene.stack.state.jane?.outs.expired).toBe(false);
    });
  });
});
