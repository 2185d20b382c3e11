import { faults } from "./faults";
import { Bench } from "./bench";
import { judge } from "./judge";
import type { Scene } from "./scene";
import { programOf, subjects, types } from "./subjects";
import type { Program } from "./stack";

let bench: Bench;
beforeAll(async () => void (bench = await Bench.start()));

const faultNamed = (name: string) => faults.find((fault) => fault.name === name)!;
const killed = faultNamed("the provider is killed after the commit");
const killedBefore = faultNamed("the provider is killed before the commit");
const cut = faultNamed("the connection is cut after the commit");
const cutBefore = faultNamed("the connection is cut before the commit");
const cliKilled = faultNamed("the CLI is killed while the provider works on");

describe("a resource that another person creates at the same moment belongs to them:", () => {
  test.each([killed, killedBefore, cut, cutBefore])("a key, while $name", async (fault) => {
    const scene = bench.scene();
    const subject = subjects.serviceAccountKey(scene);
    const { creation, lookalike } = subject;
    const program = programOf(subject);
    await judge(scene, "strangers", async () => {
      scene.onRequest({ ...creation, times: 1 }, () => scene.stranger(lookalike));
      fault.strike(scene, creation);
      await scene.up(program);
      await scene.calm();
      await scene.up(program);
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { key: "same" } });
    });
  });

  test.each([killed, cut])("an account of the same name, while $name: both are named", async (fault) => {
    const scene = bench.scene();
    const subject = subjects.serviceAccount(scene);
    const { creation, lookalike } = subject;
    const program = programOf(subject);
    await judge(scene, "strangers", async () => {
      scene.onRequest({ ...creation, times: 1 }, () => scene.stranger(lookalike));
      fault.strike(scene, creation);
      await scene.up(program);
      await scene.calm();
      await scene.up(program);
      const { failure } = await scene.up(program);
      const both = scene.world.cloud.accounts
        .list(scene.home)
        .filter(({ displayName }) => displayName === "ERP");
      expect(failure).toBe(
        `the answer to the creation of "ERP" in ${scene.home} was lost, and ${both.map(({ name }) => name).join(" and ")} could be it: set adopt to the one that is yours, and delete what is nobody's`,
      );
      // A user who knows which one it is answers with adopt, and is not asked again.
      const ours = both.find(({ name }) => !scene.isStrangers(name))!;
      const told: Program = {
        erp: ["serviceAccount", { project: scene.home, displayName: "ERP", adopt: ours.name }],
      };
      expect(await scene.up(told)).toMatchObject({ failure: "", done: { erp: "create" } });
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { erp: "same" } });
    });
  });

  test.each([killedBefore, cutBefore])("a membership with another role, while $name", async (fault) => {
    const scene = bench.scene();
    const subject = subjects.projectRoleBinding(scene);
    const { creation, lookalike } = subject;
    const program = programOf(subject);
    await judge(scene, "strangers", async () => {
      scene.onRequest({ ...creation, times: 1 }, () => scene.stranger(lookalike));
      fault.strike(scene, creation);
      await scene.up(program);
      await scene.calm();
      await scene.up(program);
      expect((await scene.up(program)).failure).toBe(
        `${scene.person} is already a member of ${scene.home}, as project.admin. If you have renamed or moved this resource, give it the option aliases: [{ name: "its old name" }]. To manage a membership that was made elsewhere, set adopt: true, or remove it there first`,
      );
    });
  });

  test("an account that another person creates later under the same name", async () => {
    const scene = bench.scene();
    const subject = subjects.serviceAccount(scene);
    const { creation, lookalike } = subject;
    const program = programOf(subject);
    await judge(scene, "strangers", async () => {
      killedBefore.strike(scene, creation);
      await scene.up(program);
      await scene.calm();
      scene.world.clock.advance(11 * 60_000);
      scene.stranger(lookalike);
      await scene.up(program);
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { erp: "same" } });
      scene.world.clock.reset();
    });
  });

  test.each(["serviceAccount", "orgAdminBinding"] as const)(
    "a %s that can't be told from our own is treated as ours, and reported",
    async (type) => {
      for (const fault of [killedBefore, cutBefore]) {
        const scene = bench.scene();
        const subject = subjects[type](scene);
        const { creation, lookalike } = subject;
        const program = programOf(subject);
        let theirs = "";
        scene.onRequest({ ...creation, times: 1 }, () => void (theirs = lookalike().name));
        await judge(scene, "strangers", async () => {
          fault.strike(scene, creation);
          await scene.up(program);
          await scene.calm();
          await scene.up(program);
          expect((await scene.up(program)).failure).toBe("");
          expect(await scene.seen()).toMatch(
            new RegExp(`${theirs} was created at that time.* This run treats it as the one`),
          );
        });
      }
    },
  );
});

describe.each(types)("on a machine without a journal of the interruption, a %s", (type) => {
  test.each([killed, killedBefore, cliKilled])(
    "whose creation ended when $name is named, and nothing is removed",
    async (fault) => {
      const scene = bench.scene();
      const subject = subjects[type](scene);
      const { creation } = subject;
      const program = programOf(subject);
      await judge(scene, "journal lost", async () => {
        fault.strike(scene, creation);
        await scene.up(program);
        await scene.calm();
        scene.stack.moveAway();
        const before = scene.existing();
        await scene.up(program);
        const { failure } = await scene.up(program);
        expect(scene.existing()).toEqual(expect.arrayContaining(before));
        // The whole state can't be read here, so nobody is told to remove something that it may hold.
        expect(await scene.seen()).not.toContain("pulumi-dt remove");
        // A membership that exists can't be created twice, so a person has to say who it belongs to.
        const isMembership = type === "projectRoleBinding" || type === "orgAdminBinding";
        if (isMembership && fault.commits) {
          expect(failure).toContain("is already a member");
          expect((await scene.up(programOf(subject, { adopt: true }))).failure).toBe("");
        } else expect(failure).toBe("");
      });
    },
  );
});

/** Kills the CLI before it has recorded the new resource. @returns the name of the resource */
async function loseState(scene: Scene, program: Program, name: string): Promise<string | undefined> {
  scene.stack.killCliAfter(name);
  expect((await scene.up(program)).failure).toBe("the CLI was killed");
  return scene.created()[0];
}

describe.each(types)("when the CLI is killed, a %s", (type) => {
  test("that is created and not yet in the state is found again; a key, whose secret is lost, is named", async () => {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const { name } = subject;
    const program = programOf(subject);
    await judge(scene, "state lost", async () => {
      const lost = await loseState(scene, program, name);
      await scene.up(program);
      expect((await scene.up(program)).failure).toBe("");
      expect((await scene.audit()).orphans).toEqual(type === "serviceAccountKey" ? [lost] : []);
    });
  });

  test("that may be in the state of another backend is neither adopted nor named there, and is found again by its own stack", async () => {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const { name } = subject;
    const program = programOf(subject);
    await judge(scene, "state lost", async () => {
      const lost = await loseState(scene, program, name);
      await scene.stack.endRun({ PULUMI_BACKEND_URL: `file:///elsewhere/${scene.number}` });
      const printedBefore = (await scene.stack.printed()).length;
      const { failure } = await scene.up(program);
      const isMembership = type === "projectRoleBinding" || type === "orgAdminBinding";
      expect(failure).toMatch(isMembership ? /is already a member/ : /^$/);
      expect((await scene.stack.printed()).slice(printedBefore)).not.toContain(lost);
      expect((await scene.destroy()).failure).toBe("");
      expect(scene.created()).toEqual([lost]);

      await scene.stack.endRun({});
      await scene.up(program);
      expect((await scene.up(program)).failure).toBe("");
      expect((await scene.audit()).orphans).toEqual(type === "serviceAccountKey" ? [lost] : []);
    });
  });

  test("that its provider is still creating makes the next run wait", async () => {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const { creation, name } = subject;
    const program = programOf(subject);
    scene.stack.moveAway({ DT_REQUEST_TIMEOUT: "30" });
    await judge(scene, "overlapping runs", async () => {
      // The answer arrives after the next run has begun.
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      scene.onRequest({ ...creation, when: "afterCommit", times: 1 }, async () => {
        await scene.stack.killCli();
        await released;
      });
      expect((await scene.up(program)).failure).toBe("the CLI was killed");
      const second = scene.up(program);
      await scene.sees("waiting for an interrupted run that is still creating something");
      release();
      expect((await second).failure).toBe("");
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { [name]: "same" } });
      expect((await scene.audit()).orphans).toEqual([]);
    });
  });
});

test("a resource that was created for a resource of the program is named even after the program has dropped that resource", async () => {
  for (const type of types) {
    for (const fault of [killed, cliKilled]) {
      const scene = bench.scene();
      const subject = subjects[type](scene);
      const { creation } = subject;
      const program = programOf(subject);
      const anchor: Program = {
        anchor: ["projectRoleBinding", { project: scene.other, member: scene.person, role: "project.user" }],
      };
      await judge(scene, "dropped resources", async () => {
        expect((await scene.up(anchor)).failure).toBe("");
        fault.strike(scene, creation);
        await scene.up({ ...anchor, ...program });
        await scene.calm();
        expect((await scene.up(anchor)).failure).toBe("");
        const { orphans, unreported } = await scene.audit();
        expect(orphans).toHaveLength(1);
        expect(unreported).toEqual([]);
      });
    }
  }
});

test("two stacks with the same name on one machine never adopt each other's resources", async () => {
  // As two backends keep them: each has its own state.
  for (const type of types) {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const { name } = subject;
    const program = programOf(subject);
    await judge(scene, "twin stacks", async () => {
      expect((await scene.up(program)).failure).toBe("");
      const theirs = scene.stack.state[name]!.id;
      await scene.stack.endRun({ PULUMI_BACKEND_URL: `file:///elsewhere/${scene.number}` });
      const state = scene.swapState({});
      await scene.up(program);
      expect(scene.stack.state[name]?.id).not.toBe(theirs);
      expect(scene.existing()).toContain(theirs);
      await scene.destroy();
      scene.swapState(state);
      await scene.stack.endRun();
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { [name]: "same" } });
    });
  }
});
