import { hiddenAdmin } from "./hiddenAdmin";
import { without, type Program, type Properties, type Stack } from "../stack";
import { failureOf, printed, startWorld, type Configuration, type World } from "../world";

const member = "contractor@agency.example";
const until = "2027-01-31";
const before = "2027-01-31T23:59:59Z";
const after = "2027-02-01T00:00:00Z";

let world: World;
let settings: Configuration;
let stack: Stack;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects;
  settings = { ...world.settingsOf(), "dt:retryDelay": "0.001" };
  stack = world.stack(settings);
  at("2027-01-01");
});

/** The next runs decide by this date, each in a process of its own. */
function at(asOf: string): void {
  settings["dt:asOf"] = asOf;
  stack = stack.with({ ...settings });
}

const binding = (inputs: Properties = {}): Program => ({
  jane: ["projectRoleBinding", { project, member, role: "project.user", expires: until, ...inputs }],
});
const admin = (inputs: Properties = {}): Program => ({
  jane: ["orgAdminBinding", { organization: world.organization, member, expires: until, ...inputs }],
});
const kinds = [
  ["a project's binding", binding, () => project],
  ["an organization's binding", admin, () => world.organization],
] as const;

const membersIn = (scope: string) =>
  world.cloud.members
    .list(scope)
    .filter((each) => each.email === member)
    .map(({ roles }) => roles.join());
const mails = () => world.cloud.mails.filter(({ to }) => to === member).length;
const outs = () => stack.made.jane!.outs;
/** Runs `up` in a new process. @returns what it did, and what it wrote to the cloud */
async function up(program: Program) {
  stack = stack.with({ ...settings });
  const from = world.writes().length;
  const done = await stack.up(program);
  return [
    done.jane,
    world
      .writes()
      .slice(from)
      .map((call) => call.split(" ")[0]),
  ];
}
/** From here on, a 404 on what was just created proves that it is gone. */
const passTime = (): void => world.clock.advance(15_000);
const add = (scope: string, role = "project.user") =>
  world.cloud.members.create({ scope, email: member, roles: [`roles/${role}`] });

describe.each(kinds)("%s", (_name, program, scopeOf) => {
  test("ends at the first update at its end, not before, and stays as it is", async () => {
    expect((await up(program()))[0]).toBe("create");
    expect(outs()).toMatchObject({ expires: until, expired: false });
    const { memberId } = outs();
    at(before);
    expect(await up(program())).toEqual(["same", []]);
    expect(membersIn(scopeOf())).toHaveLength(1);
    at(after);
    expect(await stack.refresh()).toEqual({ jane: [] });
    expect(membersIn(scopeOf())).toHaveLength(1);
    const said = await printed(async () => {
      const [done, writes] = await up(program());
      expect([done, writes?.length]).toEqual(["update", 1]);
    });
    expect(said).toContain(`ended the access of ${member} to ${scopeOf()}: expires ${until} has passed`);
    expect(membersIn(scopeOf())).toEqual([]);
    expect(outs()).toMatchObject({ expires: until, expired: true, status: "", memberId });
    expect(await up(program())).toEqual(["same", []]);
    expect(await stack.refresh()).toEqual({ jane: [] });
    expect(outs()).toMatchObject({ expired: true, status: "", memberId });
    expect(await up(program())).toEqual(["same", []]);
  });

  test.each([
    ["a later date", "2027-03-31"],
    ["no date", undefined],
  ])("is granted again by %s, with one invitation", async (_what, expires) => {
    await up(program());
    at(after);
    await up(program());
    expect(mails()).toBe(1);
    expect(await up(program({ expires }))).toEqual(["update", ["POST"]]);
    expect(mails()).toBe(2);
    expect(membersIn(scopeOf())).toHaveLength(1);
    expect(outs()).toMatchObject({ expired: false, status: "PENDING" });
    expect(await stack.refresh()).toEqual({ jane: [] });
    expect(await up(program({ expires }))).toEqual(["same", []]);
    await stack.destroy();
    expect(membersIn(scopeOf())).toEqual([]);
  });

  test("is deleted without a request after its end, and does not take a membership that somebody gave since", async () => {
    await up(program());
    at(after);
    await up(program());
    add(scopeOf(), scopeOf() === project ? "project.user" : "organization.admin");
    const from = world.calls().length;
    await stack.destroy();
    expect(world.calls().slice(from)).toEqual([]);
    expect(membersIn(scopeOf())).toHaveLength(1);
  });

  test("that is created after its end adds nobody, and can be granted later", async () => {
    at(after);
    expect(await up(program())).toEqual(["create", []]);
    expect(world.calls()).not.toContain(`GET ${scopeOf()}/members`);
    expect(stack.made.jane).toMatchObject({
      id: `${scopeOf()}/members/${member}`,
      outs: { expired: true, memberId: "", status: "", expires: until },
    });
    expect(await up(program())).toEqual(["same", []]);
    expect(await stack.refresh()).toEqual({ jane: [] });
    expect(await up(program({ expires: "2027-03-31" }))).toEqual(["update", ["POST"]]);
    expect(mails()).toBe(1);
    expect(membersIn(scopeOf())).toHaveLength(1);
    expect(await stack.refresh()).toEqual({ jane: [] });
    expect(outs()).toMatchObject({ expired: false, status: "PENDING" });
    at("2027-04-01");
    expect((await up(program({ expires: "2027-03-31" })))[0]).toBe("update");
    expect(membersIn(scopeOf())).toEqual([]);
  });

  test("that is created after its end does not touch a membership that exists, and a refresh names it", async () => {
    const { name } = add(scopeOf(), scopeOf() === project ? "project.user" : "organization.admin");
    at(after);
    expect(await up(program())).toEqual(["create", []]);
    const said = await printed(async () => expect(await stack.refresh()).toEqual({ jane: [] }));
    expect(said).toContain(`pulumi-dt remove ${name}`);
    expect(await up(program())).toEqual(["same", []]);
    expect(membersIn(scopeOf())).toHaveLength(1);
    await expect(up(program({ expires: "2027-03-31" }))).rejects.toThrow("is already a member");
    await stack.destroy();
    expect(membersIn(scopeOf())).toHaveLength(1);
  });

  test("that adopts a membership after its end removes it, and says so before", async () => {
    const { name } = add(scopeOf(), scopeOf() === project ? "project.user" : "organization.admin");
    at(after);
    const said = await printed(() => up(program({ adopt: true })));
    expect(said).toContain(`adopt: will remove ${name} (${member}`);
    expect(said).not.toContain("will adopt");
    expect(membersIn(scopeOf())).toEqual([]);
    expect(stack.made.jane).toMatchObject({ id: name, outs: { expired: true } });
    expect(await up(program({ adopt: true }))).toEqual(["same", []]);
  });

  test("finds a member who is back, and the next update removes the membership", async () => {
    await up(program());
    at(after);
    await up(program());
    add(scopeOf(), scopeOf() === project ? "project.admin" : "organization.admin");
    await stack.refresh();
    expect(outs()).toMatchObject({
      expired: false,
      incomplete: `${member} is a member of ${scopeOf()} again, although expires ${until} has passed: the next \`pulumi up\` removes the membership`,
    });
    // A second refresh keeps it.
    await stack.refresh();
    expect(outs().incomplete).toBeDefined();
    expect((await up(program()))[0]).toBe("update");
    expect(membersIn(scopeOf())).toEqual([]);
    expect(outs().expired).toBe(true);
    expect(outs().incomplete).toBeUndefined();
    expect(await up(program())).toEqual(["same", []]);
  });

  test("takes over a member who is back if it is granted again, without an invitation", async () => {
    await up(program());
    at(after);
    await up(program());
    add(scopeOf(), scopeOf() === project ? "project.admin" : "organization.admin");
    const sent = mails();
    await up(program({ expires: "2027-03-31" }));
    expect(mails()).toBe(sent);
    expect(membersIn(scopeOf())).toEqual([
      scopeOf() === project ? "roles/project.user" : "roles/organization.admin",
    ]);
  });

  test("that somebody removed by hand is gone before its end, and ended after it", async () => {
    await up(program());
    world.cloud.members.delete(stack.made.jane!.id);
    passTime();
    at(after);
    expect(await stack.refresh()).toEqual({ jane: [] });
    expect(outs()).toMatchObject({ expired: true });
    expect(await up(program())).toEqual(["same", []]);
    await up(program({ expires: "2027-03-31" }));
    world.cloud.members.delete(world.cloud.members.list(scopeOf()).at(-1)!.name);
    passTime();
    expect(await stack.refresh()).toEqual({ jane: "gone" });
  });

  test("that is renamed at its end is removed with the old resource, and the new one is quiet", async () => {
    await up(program());
    at(after);
    const [, inputs] = program().jane!;
    const [type] = program().jane!;
    await stack.up({ contractor: [type, inputs] });
    expect(membersIn(scopeOf())).toEqual([]);
    expect(stack.made.contractor!.outs.expired).toBe(true);
    expect(await stack.up({ contractor: [type, inputs] })).toEqual({ contractor: "same" });
  });

  test("that ended is renamed and granted again with one invitation", async () => {
    await up(program());
    at(after);
    await up(program());
    const [type] = program().jane!;
    const inputs = { ...(program().jane![1] as Properties), expires: "2027-03-31" };
    await stack.up({ contractor: [type, inputs] });
    expect(mails()).toBe(2);
    expect(membersIn(scopeOf())).toHaveLength(1);
    expect(await stack.up({ contractor: [type, inputs] })).toEqual({ contractor: "same" });
  });

  test("whose removal fails is not marked, and the next run removes it", async () => {
    await up(program());
    at(after);
    world.faults.add({
      method: "DELETE",
      path: "/v2/**",
      effect: { kind: "respond", status: 403 },
      times: 1,
    });
    await expect(up(program())).rejects.toThrow("403");
    expect(outs().expired).toBe(false);
    expect((await up(program()))[0]).toBe("update");
    expect(outs().expired).toBe(true);
  });

  test("without a date asks for no time, and a state of an earlier version is quiet", async () => {
    at("2027-01-01");
    await up(program({ expires: undefined }));
    expect(outs().expired).toBe(false);
    const { made } = stack;
    const old = without(made.jane!.outs, "expired");
    stack.made = { jane: { ...made.jane!, outs: old } };
    Reflect.deleteProperty(settings, "dt:asOf");
    const from = world.requests.length;
    expect(await up(program({ expires: undefined }))).toEqual(["same", []]);
    expect(world.requests.length).toBe(from);
    expect(await stack.refresh()).toEqual({ jane: [] });
    // The old state gets a date.
    stack.made = { jane: { ...made.jane!, outs: old } };
    at(after);
    expect((await up(program()))[0]).toBe("update");
    expect(outs().expired).toBe(true);
  });

  test("refuses what is not a date, and names the input and the two forms", async () => {
    await expect(up(program({ expires: "2027-02-30" }))).rejects.toThrow(
      'expires must be a date, such as 2027-01-31, or a time in RFC 3339, such as 2027-01-31T17:00:00Z, not "2027-02-30"',
    );
  });
});

test("a role that changes after the end is sent only when the access is granted again", async () => {
  await up(binding());
  at(after);
  await up(binding());
  expect(await up(binding({ role: "project.admin" }))).toEqual(["update", []]);
  expect(outs()).toMatchObject({ role: "roles/project.admin", expired: true });
  expect(await up(binding({ role: "project.admin" }))).toEqual(["same", []]);
  await up(binding({ role: "project.admin", expires: "2027-03-31" }));
  expect(membersIn(project)).toEqual(["roles/project.admin"]);
  expect(mails()).toBe(2);
});

test("a role that changes on the day of the end is not sent", async () => {
  await up(binding());
  at(after);
  const [done, writes] = await up(binding({ role: "project.admin" }));
  expect([done, writes]).toEqual(["update", ["DELETE"]]);
  expect(membersIn(project)).toEqual([]);
});

test("another past date changes only the state", async () => {
  await up(binding());
  at(after);
  await up(binding());
  expect(await up(binding({ expires: "2027-01-15" }))).toEqual(["update", []]);
  expect(outs()).toMatchObject({ expires: "2027-01-15", expired: true });
});

test("another member replaces a binding that has ended", async () => {
  await up(binding());
  at(after);
  await up(binding());
  expect(await up(binding({ member: "next@agency.example" }))).toEqual(["replace", []]);
  expect(outs()).toMatchObject({ member: "next@agency.example", expired: true });
  const [done] = await up(binding({ member: "last@agency.example", expires: "2027-03-31" }));
  expect(done).toBe("replace");
  expect(world.cloud.members.list(project).map(({ email }) => email)).toContain("last@agency.example");
});

test("a replacement of a binding whose end has passed removes the old membership", async () => {
  await up(binding());
  at(after);
  expect((await up(binding({ member: "next@agency.example" })))[0]).toBe("replace");
  expect(membersIn(project)).toEqual([]);
});

test("an invitation that was accepted under another id ends, too", async () => {
  await up(binding());
  world.cloud.acceptInvitation(member);
  at(after);
  await up(binding());
  expect(membersIn(project)).toEqual([]);
});

test("rehearsing on a later date ends access, and an earlier date grants it again", async () => {
  await up(binding());
  at("2028-01-01");
  await up(binding());
  expect(membersIn(project)).toEqual([]);
  at("2027-01-15");
  expect(await up(binding())).toEqual(["update", ["POST"]]);
  at(after);
  await up(binding());
  // The clock of the next run is a second behind.
  at(before);
  expect(await up(binding())).toEqual(["same", []]);
});

describe("nobody locks themselves out:", () => {
  const self = () => world.admin.email;

  test("an end for the identity that Pulumi logs in as is refused when it is declared", async () => {
    const { message } = await failureOf(up(binding({ member: self() })));
    expect(message).toContain(
      `refused: expires ends the access of ${self()} to ${project}, and ${self()} is the identity this run logs in as`,
    );
    expect(world.writes()).toEqual([]);
    await up(binding({ member: self(), allowLockout: true }));
    expect(outs().expired).toBe(false);
  });

  test("and at the removal, if another identity declared it", async () => {
    const other = world.identity({ [world.organization]: "organization.admin" });
    const theirs = { ...world.settingsOf(other), "dt:retryDelay": "0.001" as const };
    await up(binding({ member: other.email }));
    settings = { ...theirs, "dt:asOf": after };
    stack = stack.with({ ...settings });
    const { id, outs: olds, inputs } = stack.made.jane!;
    await expect(stack.handlers.projectRoleBinding.update(id, olds, inputs)).rejects.toThrow(
      "removes the access of the identity this run logs in as",
    );
    expect(world.cloud.members.list(project).some(({ email }) => email === other.email)).toBe(true);
  });

  describe("the only administrator", () => {
    const grace = "grace@example.com";
    const org = (inputs: Properties = {}): Program => ({
      jane: ["orgAdminBinding", { organization: world.organization, member: grace, adopt: true, ...inputs }],
    });
    const admins = () => world.cloud.members.list(world.organization).map(({ email }) => email);
    beforeEach(async () => {
      // Somebody without a membership of their own administers the organization besides Grace.
      settings["dt:apiUrl"] = `${await hiddenAdmin(world)}/v2`;
      world.cloud.members.create({
        scope: world.organization,
        email: grace,
        roles: ["roles/organization.admin"],
      });
      for (const { name, email } of world.cloud.members.list(world.organization))
        if (![grace, world.admin.email].includes(email)) world.cloud.members.delete(name);
    });

    test("gets no end: it is refused when it is declared, for an adoption and for an update", async () => {
      const refused = `refused: expires ends the access of ${grace}, the only administrator of ${world.organization}`;
      await expect(up(org({ expires: until }))).rejects.toThrow(refused);
      await up(org());
      await expect(up(org({ expires: until }))).rejects.toThrow(refused);
      expect(outs().expires).toBeUndefined();
      await up(org({ expires: until, allowLockout: true }));
      expect(outs()).toMatchObject({ expires: until, expired: false });
    });

    test("stays if the others left after the end was declared, and the preview says so", async () => {
      const other = world.cloud.members.create({
        scope: world.organization,
        email: "ada@example.com",
        roles: ["roles/organization.admin"],
      });
      await up(org({ expires: until }));
      world.cloud.members.delete(other.name);
      // A run before the end has nothing to say.
      expect((await up(org({ expires: until })))[0]).toBe("same");
      at(after);
      const said = await printed(() =>
        expect(up(org({ expires: until }))).rejects.toThrow("without an administrator who can undo it"),
      );
      expect(said).toContain(`expires ${until} has passed, but ${grace} is the last administrator`);
      expect(admins()).toContain(grace);
      expect(outs().expired).toBe(false);
    });

    test("stays if the last two end together", async () => {
      const ada = "ada@example.com";
      world.cloud.users.create({ email: ada });
      const both = (expires?: string): Program => ({
        ...org({ expires }),
        ada: ["orgAdminBinding", { organization: world.organization, member: ada, expires }],
      });
      await up(both());
      await up(both(until));
      at(after);
      await expect(up(both(until))).rejects.toThrow("without an administrator who can undo it");
      expect(admins().filter((email) => [grace, ada].includes(email))).toHaveLength(1);
    });
  });
});
