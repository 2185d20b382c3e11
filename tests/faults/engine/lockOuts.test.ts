import { cli } from "../../cli/command";
import { startWorld, type World } from "../../provider/world";
import type { Program } from "../stack";
import { doors } from "../../engine/harness/doors";
import { tally } from "../tally";
import { EngineStack } from "./engineStack";

jest.setTimeout(300_000);

describe.each(doors)("%s", (_name, door) => {
  let world: World;
  let stack: EngineStack;
  let own: Program;
  beforeAll(async () => {
    world = await startWorld();
    stack = new EngineStack(world, door);
    own = ourOwn();
    expect(await stack.up(own)).toMatchObject({ failure: "" });
  });

  const refused =
    /refused: .*\. If you really want this, set `allowLockout: true` on this resource and run `pulumi up` first/;

  /** Adopts everything that Pulumi's own identity depends on. */
  function ourOwn(): Program {
    const { admin, organization, projects, cloud } = world;
    const [home, project] = projects;
    cloud.members.create({ scope: project, email: admin.email, roles: ["roles/project.admin"] });
    const { displayName } = cloud.accounts.get(admin.name)!;
    return {
      account: ["serviceAccount", { project: home, displayName, adopt: admin.name }],
      key: ["serviceAccountKey", { serviceAccount: admin.name, adopt: admin.keyId, secret: admin.secret }],
      role: ["projectRoleBinding", { project, member: admin.email, role: "project.admin", adopt: true }],
      admin: ["orgAdminBinding", { organization, member: admin.email, adopt: true }],
    };
  }

  /** The program with other inputs of one resource. */
  function changed(program: Program, name: string, inputs: object): Program {
    const [type, given] = program[name]!;
    return { ...program, [name]: [type, { ...(given as object), ...inputs }] };
  }

  const dropped = (program: Program, name: string): Program =>
    Object.fromEntries(Object.entries(program).filter(([each]) => each !== name));

  const guard = (input: string) => cli(["guard", "--json"], { env: { ...world.settings }, input });

  /** Expects that `up` is refused with these words and changes nothing. */
  async function expectRefusal(program: Program, words: string): Promise<void> {
    let passed = false;
    const before = world.snapshot();
    try {
      world.requests.clear();
      const { failure } = await stack.up(program);
      expect(refused.exec(failure)?.[0] ?? failure).toContain(words);
      expect(world.snapshot()).toEqual(before);
      expect(world.writes()).toEqual([]);
      passed = true;
    } finally {
      tally({ group: "real engine: lock-outs", passed, lockOutsLetThrough: passed ? 0 : 1 });
    }
  }

  test.each(["account", "key", "role", "admin"])(
    "on the real engine, the guard reports in the preview that %s is dropped, and the provider refuses it",
    async (name) => {
      const program = dropped(own, name);
      const { json, exitCode } = await stack.preview(program);
      // Pulumi calls no provider for a planned deletion.
      expect(exitCode).toBe(0);
      const answer = await guard(json);
      expect(answer.exitCode).toBe(2);
      expect(answer.stdout).toContain(`::${name}`);
      await expectRefusal(program, "this run logs in");
    },
  );

  test.each([
    ["lowering our own role", "role", { role: "project.developer" }, "demotes"],
    ["putting another in our place", "admin", { member: "grace@example.com" }, "removes the access"],
  ])("on the real engine, %s already fails in the preview", async (_what, name, inputs, words) => {
    const program = changed(own, name, { ...inputs, adopt: undefined });
    const { text, exitCode } = await stack.preview(program);
    expect(exitCode).not.toBe(0);
    expect(text).toContain(words);
    await expectRefusal(program, words);
  });

  test("on the real engine, one input allows it, and the guard reports it", async () => {
    expect(await stack.up(changed(own, "role", { allowLockout: true }))).toMatchObject({ failure: "" });
    const program = dropped(own, "role");
    const { json } = await stack.preview(program);
    expect(await guard(json)).toMatchObject({ exitCode: 0 });
    expect(await stack.up(program)).toMatchObject({ failure: "" });
    expect(world.cloud.members.list(world.projects[1])).toEqual([]);
  });

  test("on the real engine, an administrator who replaces another is created first", async () => {
    const program = (member: string): Program => ({
      ...dropped(own, "role"),
      successor: ["orgAdminBinding", { organization: world.organization, member, adopt: true }],
    });
    expect(await stack.up(program("ada@example.com"))).toMatchObject({ failure: "" });
    world.requests.clear();
    expect(await stack.up(program("grace@example.com"))).toMatchObject({ failure: "" });
    expect(world.writes().map((call) => call.split(" ")[0])).toEqual(["POST", "DELETE"]);
  });
});
