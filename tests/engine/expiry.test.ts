import type { CustomResourceOptions } from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed, writesTo } from "./access";
import { doors, type Kind } from "./harness/doors";
import { stack, type InlineStack } from "./harness/engine";

jest.setTimeout(300_000);

const jane = "jane@agency.example";
const until = "2027-01-31";

describe.each(doors)("%s: access with an end", (_name, door) => {
  let emulator: Emulator;
  let run: InlineStack;
  let production: string;
  let organization: string;
  beforeEach(async () => {
    emulator = await startEmulator();
    emulator.clock.freeze(new Date("2027-01-01T00:00:00Z"));
    production = projectNamed(emulator, "Production");
    organization = emulator.cloud.organizations.list()[0]!.name;
    run = await stack({ program: () => undefined, env: { ...emulator.settings } });
  });
  afterEach(() => emulator.close());

  const at = (time: string) => emulator.clock.freeze(new Date(time));
  const members = (scope = production) =>
    emulator.cloud.members
      .list(scope)
      .filter(({ email }) => email === jane)
      .map(({ roles }) => roles.join());
  const mails = () => emulator.cloud.mails.filter(({ to }) => to === jane).length;
  const writes = async (work: () => Promise<unknown>) => {
    emulator.requests.clear();
    await work();
    return writesTo(emulator).map((call) => call.split(" ")[0]);
  };
  const declare = (args: object = {}, name = "jane", opts?: CustomResourceOptions) => {
    run.program = () => {
      const { expired, memberId } = door.declare(
        "ProjectRoleBinding",
        name,
        { project: production, member: jane, role: "project.user", expires: until, ...args },
        opts,
      );
      return { expired, memberId };
    };
  };
  const ends = `the access of ${jane} to projects/`;
  const stateOf = async (kind: Kind) => {
    const state = await run.exportState();
    const { resources } = state.deployment as { resources: { type: string; id: string; outputs: object }[] };
    return resources.find(({ type }) => type === door.typeOf(kind))!;
  };

  test("ends at the first update at its end; a preview says so, a refresh finds no drift, and it is quiet afterwards", async () => {
    declare();
    await run.up();
    expect(await run.outputs()).toMatchObject({ expired: false });
    at("2027-01-31T23:00:00Z");
    expect(await writes(() => run.up({ expectNoChanges: true }))).toEqual([]);

    at("2027-02-01T00:00:00Z");
    expect((await run.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
    const preview = await run.preview();
    expect(preview.changes).toEqual({ update: 1 });
    expect(preview.stdout).toContain(ends);
    expect(preview.stdout).toContain(`as project.user ends: expires ${until} has passed`);
    await expect(run.preview({ expectNoChanges: true })).rejects.toMatchObject({ exitCode: 7 });
    expect(members()).toHaveLength(1);
    await run.refresh();
    expect(members()).toHaveLength(1);

    const up = await run.up();
    expect(up.changes).toEqual({ update: 1 });
    expect(up.stdout).toContain(`ended the access of ${jane} to ${production}`);
    expect(members()).toEqual([]);
    expect(await run.outputs()).toMatchObject({ expired: true });
    await run.preview({ expectNoChanges: true });
    await run.preview({ refresh: true, expectNoChanges: true });
    expect((await run.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
    expect(await writes(() => run.up({ refresh: true, expectNoChanges: true }))).toEqual([]);

    // Another role sends nothing. A later date grants it with that role, by one invitation.
    declare({ role: "project.admin" });
    expect(await writes(() => run.up())).toEqual([]);
    declare({ role: "project.admin", expires: "2027-03-31T12:00:00+02:00" });
    const again = await run.preview();
    expect(again.changes).toEqual({ update: 1 });
    expect(again.stdout).toContain("as project.admin begins again: it ends at expires 2027-03-31T10:00:00Z");
    const sent = mails();
    expect(await writes(() => run.up())).toEqual(["POST"]);
    expect(mails()).toBe(sent + 1);
    expect(members()).toEqual(["roles/project.admin"]);
    expect(await run.outputs()).toMatchObject({ expired: false });
    await run.up({ refresh: true, expectNoChanges: true });
    await run.destroy();
    expect(members()).toEqual([]);
  });

  test("that is over when it is created adds nobody, says so, and can be extended or destroyed", async () => {
    at("2027-02-01T00:00:00Z");
    declare();
    expect((await run.preview()).stdout).toContain(
      `${jane} gets no access to ${production}: expires ${until} has passed`,
    );
    expect(await writes(() => run.up())).toEqual([]);
    expect(await stateOf("ProjectRoleBinding")).toMatchObject({
      id: `${production}/members/${jane}`,
      outputs: { expired: true, memberId: "", status: "", expires: until },
    });
    await run.up({ refresh: true, expectNoChanges: true });
    declare({ expires: undefined });
    expect(await writes(() => run.up())).toEqual(["POST"]);
    await run.up({ refresh: true, expectNoChanges: true });
    declare();
    await run.up();
    expect(members()).toEqual([]);
    expect(await writes(() => run.destroy())).toEqual([]);
  });

  test("that is renamed on the day of its end is removed, and one that ended is renamed without a request", async () => {
    declare();
    await run.up();
    at("2027-02-01T00:00:00Z");
    declare({}, "contractor");
    expect((await run.up()).changes).toEqual({ create: 1, delete: 1 });
    expect(members()).toEqual([]);
    expect(await run.outputs()).toMatchObject({ expired: true });
    declare({}, "jane", { aliases: [{ name: "contractor" }] });
    expect(await writes(() => run.up({ expectNoChanges: true }))).toEqual([]);
    declare({}, "freelancer");
    expect(await writes(() => run.up())).toEqual([]);
    await run.up({ expectNoChanges: true });
  });

  test("that somebody gave again by hand is drift, and the next update removes it", async () => {
    declare();
    await run.up();
    at("2027-02-01T00:00:00Z");
    await run.up();
    emulator.cloud.members.create({ scope: production, email: jane, roles: ["roles/project.admin"] });
    await expect(run.previewRefresh({ expectNoChanges: true })).rejects.toMatchObject({ exitCode: 7 });
    await run.up({ refresh: true });
    expect(members()).toEqual([]);
    await run.up({ refresh: true, expectNoChanges: true });
  });

  test("keeps to ignoreChanges and retainOnDelete", async () => {
    declare();
    await run.up();
    declare({ expires: "2028-01-31" }, "jane", { ignoreChanges: ["expires"], retainOnDelete: true });
    at("2027-02-01T00:00:00Z");
    await run.up();
    expect(members()).toEqual([]);
    expect(await run.outputs()).toMatchObject({ expired: true });
    run.program = () => undefined;
    expect(await writes(() => run.up())).toEqual([]);
  });

  test("a date that does not exist is refused in the preview", async () => {
    declare({ expires: "2027-02-30" });
    await expect(run.preview()).rejects.toThrow(
      "expires must be a date, such as 2027-01-31, or a time in RFC 3339",
    );
  });

  test("of an administrator ends; an end for the identity that Pulumi runs as is refused in the preview", async () => {
    const admin = (args: object) => {
      run.program = () => {
        door.declare("OrgAdminBinding", "jane", { organization, member: jane, expires: until, ...args });
      };
    };
    admin({ member: emulator.admin.email, adopt: true });
    await expect(run.preview()).rejects.toThrow("is the identity this run logs in as");
    admin({});
    await run.up();
    expect(members(organization)).toHaveLength(1);
    at("2027-02-01T00:00:00Z");
    await run.up();
    expect(members(organization)).toEqual([]);
    await run.up({ refresh: true, expectNoChanges: true });
  });

  test("of many people that ends on one day is removed by few requests, and an enforcing list no longer keeps it", async () => {
    const people = Array.from({ length: 20 }, (_, index) => `c${index}@agency.example`);
    for (const email of people) emulator.cloud.users.create({ email });
    run.program = () => {
      for (const member of people) {
        const args = { project: production, member, role: "project.user", expires: until };
        door.declare("ProjectRoleBinding", member, args);
      }
    };
    await run.up();
    at("2027-02-01T00:00:00Z");
    const sent = await writes(() => run.up());
    expect(sent.length).toBeLessThanOrEqual(8);
    const left = () => emulator.cloud.members.list(production).filter(({ email }) => people.includes(email));
    expect(left()).toEqual([]);

    // Somebody is back. The list does not name them, and their binding does not protect them.
    const { program } = run;
    const listed = [
      emulator.admin.email,
      ...emulator.cloud.members.list(production).map(({ email }) => email),
    ];
    run.program = () => {
      void program();
      door.declare("ProjectAccess", "list", { project: production, members: listed, mode: "enforce" });
    };
    await run.up();
    emulator.cloud.members.create({ scope: production, email: people[0]!, roles: ["roles/project.user"] });
    await run.preview({ refresh: true });
    await run.up({ refresh: true });
    expect(left()).toEqual([]);
    await run.up({ refresh: true, expectNoChanges: true });
  });
});

test("a preview and an update with the same dt:asOf agree, whatever the clock says", async () => {
  const emulator = await startEmulator();
  try {
    const production = projectNamed(emulator, "Production");
    const [, door] = doors[0];
    const run = await stack({
      program: () =>
        void door.declare("ProjectRoleBinding", "jane", {
          project: production,
          member: jane,
          role: "project.user",
          expires: "2097-01-31",
        }),
      env: { ...emulator.settings },
    });
    await run.up();
    await run.preview({ expectNoChanges: true });
    await run.setConfig({ "dt:asOf": "2097-02-01" });
    expect((await run.preview()).changes).toEqual({ update: 1 });
    expect((await run.up()).changes).toEqual({ update: 1 });
    expect(emulator.cloud.members.list(production).some(({ email }) => email === jane)).toBe(false);
  } finally {
    await emulator.close();
  }
});
