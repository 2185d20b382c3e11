import { faults } from "./faults";
import { Bench } from "./bench";
import { judge } from "./judge";
import type { Scene } from "./scene";
import { programOf, subjects, types } from "./subjects";
import type { Program } from "./stack";

let bench: Bench;
beforeAll(async () => void (bench = await Bench.start()));

const lag = ["propagationAccountMs", "propagationKeyMs", "propagationMemberMs"] as const;
const setLag = (milliseconds: number): void => {
  for (const name of lag) bench.world.unknowns[name] = milliseconds;
};
afterEach(() => setLag(0));

const faultNamed = (name: string) => faults.find((fault) => fault.name === name)!;
const killed = faultNamed("the provider is killed after the commit");
const cutBefore = faultNamed("the connection is cut before the commit");

/** A cloud that shows new resources only after a while, on a machine that waits for them. */
function slowScene(milliseconds = 2000): Scene {
  const scene = bench.scene();
  scene.stack.moveAway({ DT_RETRY_DELAY: "0.3" });
  setLag(milliseconds);
  return scene;
}

describe.each(types)("a %s that is not seen everywhere yet", (type) => {
  test("is not treated as deleted by the next run's refresh, just as in the run that created it", async () => {
    const scene = slowScene();
    const subject = subjects[type](scene);
    const program = programOf(subject);
    await judge(scene, "eventual consistency", async () => {
      expect((await scene.up(program)).failure).toBe("");
      await scene.stack.endRun();
      expect((await scene.refresh()).failure).toBe("");
      expect(Object.keys(scene.stack.state)).toEqual([subject.name]);
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { [subject.name]: "same" } });
    });
  });

  test("is deleted by the next run", async () => {
    const scene = slowScene();
    await judge(scene, "eventual consistency", async () => {
      expect((await scene.up(programOf(subjects[type](scene)))).failure).toBe("");
      await scene.stack.endRun();
      expect((await scene.destroy()).failure).toBe("");
      expect(scene.created()).toEqual([]);
    });
  });

  test("is found again or named if the run that created it was killed a moment ago", async () => {
    const scene = slowScene(1000);
    const subject = subjects[type](scene);
    const program = programOf(subject);
    await judge(scene, "eventual consistency", async () => {
      killed.strike(scene, subject.creation);
      expect((await scene.up(program)).failure).not.toBe("");
      await scene.calm();
      const [lost] = scene.created();
      expect(await scene.up(program)).toMatchObject({ failure: "", done: { [subject.name]: "create" } });
      setLag(0);
      // Only a key's secret is lost with its answer.
      if (type === "serviceAccountKey") expect((await scene.audit()).orphans).toEqual([lost]);
      else expect(scene.created()).toEqual([lost]);
    });
  });
});

test("a key and a membership of an account that the previous run created wait for it", async () => {
  const scene = slowScene();
  const account: Program = { erp: ["serviceAccount", { project: scene.home, displayName: "ERP" }] };
  await judge(scene, "eventual consistency", async () => {
    expect((await scene.up(account)).failure).toBe("");
    await scene.stack.endRun();
    const { failure } = await scene.up({
      ...account,
      key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
      role: [
        "projectRoleBinding",
        ({ erp }) => ({ project: scene.home, member: erp!.outs.email, role: "project.user" }),
      ],
    });
    expect(failure).toBe("");
    setLag(0);
  });
});

test("a list that still shows a resource whose deletion was not answered is read again", async () => {
  for (const type of types) {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const { name, look } = subject;
    await judge(scene, "eventual consistency", async () => {
      expect((await scene.up(programOf(subject))).failure).toBe("");
      await scene.stack.endRun();
      const { id } = scene.stack.state[name]!;
      const path = look.path;
      const field = {
        ...{ projects: "projects", serviceaccounts: "serviceAccounts" },
        ...{ keys: "keys", members: "members" },
      };
      const of = path.slice(path.lastIndexOf("/") + 1) as keyof typeof field;
      scene.world.faults.add({ method: "DELETE", path: `/v2/${id}`, times: 1, effect: dropped });
      scene.onRequest({ method: "DELETE", path: `/v2/${id}`, when: "afterCommit" }, () => {
        const page = {
          // A project names its organization in a list.
          [field[of]]: [{ name: id, organization: scene.world.organization }],
          nextPageToken: "",
        };
        const effect = { kind: "respond", status: 200, when: "afterCommit", body: page } as const;
        // The guard for administrators reads the list before the deletion.
        scene.world.faults.add({ method: "GET", path, times: 1, effect });
      });
      expect((await scene.destroy()).failure).toBe("");
      expect(scene.existing()).not.toContain(id);
    });
  }
});
const dropped = { kind: "drop", when: "afterCommit" } as const;

test("the created one of two keys of an account is never reported instead of the lost one", async () => {
  const scene = bench.scene();
  const key = ["serviceAccountKey", { serviceAccount: scene.account }] as const;
  const program: Program = { one: key, two: key };
  await judge(scene, "eventual consistency", async () => {
    cutBefore.strike(scene, subjects.serviceAccountKey(scene).creation);
    expect((await scene.up(program)).failure).toBe("");
    await scene.calm();
    for (let run = 0; run < 3; run++) {
      await scene.stack.endRun();
      expect((await scene.up(program)).failure).toBe("");
    }
    const seen = await scene.seen();
    for (const { id } of Object.values(scene.stack.state)) expect(seen).not.toContain(id);
  });
});

test("a membership that an interrupted run created is found again if the API refuses it as a bad request", async () => {
  for (const type of ["projectRoleBinding", "orgAdminBinding"] as const) {
    const scene = bench.scene();
    const subject = subjects[type](scene);
    const program = programOf(subject);
    await judge(scene, "eventual consistency", async () => {
      killed.strike(scene, subject.creation);
      await scene.up(program);
      await scene.calm();
      const effect = {
        kind: "respond",
        status: 400,
        when: "beforeCommit",
        body: { error: "exists" },
      } as const;
      scene.world.faults.add({ ...subject.creation, effect });
      expect((await scene.up(program)).failure).toBe("");
    });
  }
});
