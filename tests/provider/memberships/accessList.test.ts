import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EmulatorOptions } from "../../../emulator";
import { inRun } from "../engineRun";
import type { Properties, Stack } from "../stack";
import { failureOf, printed, startWorld, type Configuration, type World } from "../world";

interface Scene extends Omit<World, "writes"> {
  readonly writes: () => string[];
  readonly list: Stack;
  readonly scope: string;
  readonly declare: (inputs?: Properties) => Record<string, readonly ["projectAccess", Properties]>;
  /** `pulumi refresh`. Returns the members that it shows as undeclared. */
  readonly refresh: () => Promise<unknown>;
  readonly up: (inputs?: Properties) => Promise<unknown>;
  readonly add: (email: string, role?: string) => string;
  readonly emails: () => string[];
}

/** A project with one declared member, Grace, and a stack that watches it. */
async function scene(
  options: EmulatorOptions = {},
  settings?: (world: World) => Configuration,
): Promise<Scene> {
  const world = await startWorld(options);
  const [, scope] = world.projects;
  const add = (email: string, role = "project.user") =>
    world.cloud.members.create({ scope, email, roles: [`roles/${role}`] }).name;
  add("Grace@example.com");
  const list = world.stack(settings?.(world));
  const declare: Scene["declare"] = (inputs = {}) => ({
    list: ["projectAccess", { project: scope, members: ["grace@example.com"], ...inputs }],
  });
  return {
    ...world,
    list,
    scope,
    add,
    declare,
    async refresh() {
      await inRun(() => list.refresh());
      return list.made.list!.inputs.undeclared;
    },
    up: (inputs) => inRun(() => list.up(declare(inputs))),
    emails: () => world.cloud.members.list(scope).map(({ email }) => email.toLowerCase()),
  };
}

const enforced = { mode: "enforce" };

test("an undeclared member is drift with a name and a role in every refresh, and stays", async () => {
  const { list, add, up, refresh, writes, emails } = await scene();
  await up();
  expect(await refresh()).toEqual({});
  add("mallory@example.com", "project.admin");
  add("Trudy@example.com");
  const expected = { "mallory@example.com": "project.admin", "trudy@example.com": "project.user" };
  for (let run = 1; run <= 5; run++) {
    expect(await inRun(() => list.refresh())).toEqual({ list: ["undeclared"] });
    expect(list.made.list!.inputs.undeclared).toEqual(expected);
    expect(await up()).toEqual({ list: "update" });
  }
  expect(await up()).toEqual({ list: "same" });
  expect(emails()).toEqual(["grace@example.com", "mallory@example.com", "trudy@example.com"]);
  expect(writes()).toEqual([]);
});

test("the order, the case and the repetition of emails do not matter", async () => {
  const { up, refresh } = await scene();
  await up({ members: ["b@example.com", " Grace@Example.com", "a@example.com"] });
  expect(await refresh()).toEqual({});
  expect(
    await up({ members: ["a@example.com", "grace@example.com", "B@example.com", "b@example.com"] }),
  ).toEqual({ list: "same" });
});

test("a member that matches an ignore pattern is neither shown nor removed", async () => {
  const { add, up, refresh, emails } = await scene();
  const inputs = { ...enforced, ignore: ["*@vendor.example", "*.SERVICEACCOUNT.d21s.com", "!*@example.com"] };
  add("support@vendor.example");
  add("x.y+z@vendor.example");
  add("somebody@vendor.example.evil");
  await up(inputs);
  expect(await refresh()).toEqual({ "somebody@vendor.example.evil": "project.user" });
  await up(inputs);
  expect(emails()).toEqual(["grace@example.com", "support@vendor.example", "x.y+z@vendor.example"]);
});

test("an ignore pattern matches an address in any Unicode spelling", async () => {
  const { add, up, refresh } = await scene();
  add("ren\u00e9@vendor.example");
  await up({ ...enforced, ignore: ["rene\u0301@*"] });
  expect(await refresh()).toEqual({});
});

test("creating a list removes nobody, because no preview named anybody; but it reports them", async () => {
  const { add, up, writes } = await scene();
  add("mallory@example.com", "project.admin");
  const text = await printed(() => up(enforced));
  expect(text).toContain("has members that are not declared: mallory@example.com (project.admin)");
  expect(writes()).toEqual([]);
});

test("an update removes exactly the members that the state, and so its preview, named", async () => {
  const { add, up, refresh, emails, list, writes } = await scene();
  await up(enforced);
  add("mallory@example.com", "project.admin");
  await refresh();
  add("later@example.com");
  const text = await printed(() => up(enforced));
  expect(text).toContain("removed mallory@example.com (project.admin) from");
  expect(text).toContain("that no preview has named yet: later@example.com (project.user)");
  expect(emails()).toEqual(["grace@example.com", "later@example.com"]);
  expect(writes()).toHaveLength(1);
  expect(await refresh()).toEqual({ "later@example.com": "project.user" });
  await up(enforced);
  expect(await refresh()).toEqual({});
  expect(list.made.list!.outs).not.toHaveProperty("sighting");
});

describe("an update that reads the members again, as `pulumi up --refresh` does,", () => {
  /** The preview of `up --refresh`. Its refresh is not kept. */
  async function preview({ list, declare }: Scene, inputs: Properties): Promise<void> {
    const before = { ...list.made };
    await inRun(async () => {
      await list.refresh();
      const { id, outs } = list.made.list!;
      const handler = list.handlers.projectAccess;
      const { inputs: news } = await handler.check(before.list!.inputs, {
        ...declare(inputs).list![1],
        __urn: before.list!.inputs.__urn,
      });
      await handler.diff(id, outs, news);
    });
    list.made = before;
  }
  const upRefresh = ({ list, declare }: Scene, inputs: Properties) =>
    inRun(async () => {
      await list.refresh();
      await list.up(declare(inputs));
    });

  test("removes the members that its preview named, and none that came later", async () => {
    const it = await scene();
    await it.up(enforced);
    it.add("mallory@example.com");
    await preview(it, enforced);
    it.add("later@example.com");
    await upRefresh(it, enforced);
    expect(it.emails()).toEqual(["grace@example.com", "later@example.com"]);
    // The next run removes `later`.
    await preview(it, enforced);
    await upRefresh(it, enforced);
    expect(it.emails()).toEqual(["grace@example.com"]);
  });

  test("without a preview removes only the members that an earlier run recorded", async () => {
    const it = await scene();
    await it.up(enforced);
    it.add("mallory@example.com");
    await upRefresh(it, enforced);
    expect(it.emails()).toContain("mallory@example.com");
    await it.refresh();
    await upRefresh(it, enforced);
    expect(it.emails()).toEqual(["grace@example.com"]);
  });

  test("uses only the last preview, and none if it could not be kept", async () => {
    const it = await scene();
    await it.up(enforced);
    it.add("mallory@example.com");
    await preview(it, enforced);
    it.cloud.members.delete(`${it.scope}/members/9203`);
    await preview(it, enforced);
    const name = it.add("mallory@example.com");
    await upRefresh(it, enforced);
    expect(it.cloud.members.get(name)).toBeDefined();
    rmSync(join(process.env.DT_JOURNAL!, "named"), { recursive: true, force: true });
    await upRefresh(it, enforced);
    expect(it.cloud.members.get(name)).toBeDefined();
  });
});

test("leaves alone a named member that is declared, ignored or removed by the time of the update", async () => {
  const { add, cloud, up, refresh, emails, writes } = await scene();
  await up(enforced);
  const [, , gone] = ["declared@example.com", "ignored@example.com", "gone@example.com"].map((email) =>
    add(email),
  );
  await refresh();
  cloud.members.delete(gone!);
  await up({ ...enforced, members: ["grace@example.com", "declared@example.com"], ignore: ["ignored@*"] });
  expect(emails()).toEqual(["grace@example.com", "declared@example.com", "ignored@example.com"]);
  expect(writes()).toEqual([]);
});

test("removes nobody after a switch to report, named or not", async () => {
  const { add, up, refresh, writes } = await scene();
  await up(enforced);
  add("mallory@example.com");
  await refresh();
  await up({ mode: "report" });
  expect(writes()).toEqual([]);
});

test("a pending invitation counts as a member, and is withdrawn", async () => {
  const { add, up, refresh, emails } = await scene();
  await up(enforced);
  add("never.heard.of@example.com");
  expect(await refresh()).toEqual({ "never.heard.of@example.com": "project.user" });
  await up(enforced);
  expect(emails()).toEqual(["grace@example.com"]);
});

test.each([
  ["by login", {}],
  ["by a Basic login without an email", { "dt:auth": "basic", "dt:email": "" }],
])("the identity of this run is never removed, %s, and only a report shows it", async (_how, changed) => {
  const world = await startWorld();
  const [home, scope] = world.projects;
  const account = world.cloud.accounts.create({ project: scope, enableBasicAuth: true });
  for (const project of [home, scope])
    world.cloud.members.create({ scope: project, email: account.email, roles: ["roles/project.admin"] });
  const other = world.cloud.accounts.create({ project: scope });
  world.cloud.members.create({ scope, email: other.email, roles: ["roles/project.user"] });
  const stack = world.stack({ ...world.settingsOf(world.cloud.credentials(account.name)), ...changed });
  const program = (mode: string) => ({
    list: ["projectAccess", { project: scope, members: [], mode }] as const,
  });

  await inRun(() => stack.up(program("report")));
  await inRun(() => stack.refresh());
  expect(Object.keys(stack.made.list!.inputs.undeclared as object).sort()).toEqual(
    [account.email, other.email].sort(),
  );
  const text = await printed(() => inRun(() => stack.up(program("enforce"))));
  expect(text).toContain(
    `${account.email} is not declared, but is, or may be, the identity this run logs in as`,
  );
  expect(world.cloud.members.list(scope).map(({ email }) => email)).toEqual([account.email]);
  expect(await inRun(() => stack.refresh())).toEqual({ list: [] });
});

test("administrators of the organization in a list are not members of the project", async () => {
  const { up, refresh } = await scene({ unknowns: { orgAdminsInProjectLists: "both" } });
  await up(enforced);
  expect(await refresh()).toEqual({});
});

test("destroying a list removes nobody, and neither does moving it to another project", async () => {
  const { add, up, refresh, list, projects, emails, writes } = await scene();
  add("mallory@example.com");
  await up(enforced);
  await refresh();
  expect(await up({ ...enforced, project: projects[2] })).toEqual({ list: "replace" });
  await inRun(() => list.destroy());
  expect(emails()).toEqual(["grace@example.com", "mallory@example.com"]);
  expect(writes()).toEqual([]);
});

test("beside single bindings nothing changes over five runs, and nobody loses a role for a moment", async () => {
  const world = await startWorld();
  const [home, scope] = world.projects;
  const stack = world.stack();
  const program = {
    erp: ["serviceAccount", { project: home, displayName: "ERP" }],
    machine: [
      "projectRoleBinding",
      ({ erp }: typeof stack.made) => ({ project: scope, member: erp!.outs.email, role: "project.user" }),
    ],
    person: ["projectRoleBinding", { project: scope, member: "Jane@example.com", role: "project.admin" }],
    list: [
      "projectAccess",
      ({ erp }: typeof stack.made) => ({
        project: scope,
        members: ["jane@example.com", erp!.outs.email],
        ...enforced,
      }),
    ],
  } as const;
  await inRun(() => stack.up(program));
  const writes = world.writes().length;
  for (let run = 1; run <= 5; run++) {
    expect(await inRun(() => stack.refresh())).toEqual({ erp: [], machine: [], person: [], list: [] });
    expect(await inRun(() => stack.up(program))).toEqual({
      erp: "same",
      machine: "same",
      person: "same",
      list: "same",
    });
  }
  expect(world.writes()).toHaveLength(writes);
});

test("a removal that the API refuses is reported, the others succeed, and the next update tries again", async () => {
  const { add, up, refresh, faults, emails, list } = await scene({ unknowns: { batchSupported: "501" } });
  await up(enforced);
  const name = add("mallory@example.com");
  add("trudy@example.com");
  await refresh();
  faults.add({
    method: "DELETE",
    path: `/v2/${name}`,
    effect: { kind: "respond", status: 400, body: { error: "not now" } },
  });
  expect(
    (
      await failureOf(
        inRun(() =>
          list.up({
            list: [
              "projectAccess",
              { project: list.made.list!.id, members: ["grace@example.com"], ...enforced },
            ],
          }),
        ),
      )
    ).message,
  ).toBe(`mallory@example.com (project.user) stays in ${list.made.list!.id}: DELETE ${name}: 400 not now`);
  expect(emails()).toEqual(["grace@example.com", "mallory@example.com"]);
  await up(enforced);
  expect(emails()).toEqual(["grace@example.com"]);
});

test("if the API keeps a project's last administrator, that is reported, and declaring another one is the solution", async () => {
  const { add, up, refresh, emails } = await scene({ unknowns: { lastProjectAdminRemoval: "400" } });
  await up(enforced);
  add("mallory@example.com", "project.admin");
  await refresh();
  expect((await failureOf(up(enforced))).message).toMatch(
    /^mallory@example.com \(project.admin\) stays in .*: 400 the last administrator cannot be removed$/,
  );
  add("jane@example.com", "project.admin");
  const declared = { ...enforced, members: ["grace@example.com", "jane@example.com"] };
  await up(declared);
  expect(emails()).toEqual(["grace@example.com", "jane@example.com"]);
});

test("a project that can't be seen is an error, and no member is treated as removed", async () => {
  const { up, refresh, cloud, scope, faults } = await scene();
  await up(enforced);
  cloud.projects.delete(scope);
  // The credentials do not administer its organization.
  const effect = { kind: "respond", status: 200, body: { permissions: ["organization.read"] } } as const;
  faults.add({ path: "/v2/organizations/*/permissions", effect, times: "untilCleared" });
  expect((await failureOf(refresh())).message).toContain("Nothing was taken as deleted");
});

describe("an organization's list", () => {
  test("names and removes an administrator, but never the last one who has accepted", async () => {
    const world = await startWorld();
    const { cloud, organization, admin } = world;
    const stack = world.stack();
    const up = (members: string[]) =>
      inRun(() => stack.up({ list: ["organizationAccess", { organization, members, mode: "enforce" }] }));
    const emails = () => cloud.members.list(organization).map(({ email }) => email);
    cloud.members.create({
      scope: organization,
      email: "pending@example.com",
      roles: ["roles/organization.admin"],
    });
    await up(["pending@example.com", admin.email]);
    await inRun(() => stack.refresh());
    expect(stack.made.list!.inputs.undeclared).toEqual({ "ada@example.com": "organization.admin" });
    await up(["pending@example.com", admin.email]);
    expect(emails().sort()).toEqual([admin.email, "pending@example.com"].sort());

    // The identity of this run is never named, so the removal of another member has to be the one that would
    // leave nobody.
    cloud.members.create({
      scope: organization,
      email: "grace@example.com",
      roles: ["roles/organization.admin"],
    });
    await inRun(() => stack.refresh());
    const own = cloud.members.list(organization).find(({ email }) => email === admin.email)!;
    world.onRequest(
      { method: "GET", path: `/v2/${organization}/members`, when: "afterCommit", times: 1 },
      () => {
        cloud.members.update(own.name, { roles: ["roles/organization.viewer"] });
      },
    );
    world.unknowns.organizationViewerRole = true;
    expect((await failureOf(up(["pending@example.com"]))).message).toContain(
      "without an administrator who can undo it",
    );
    expect(emails()).toContain("grace@example.com");
  });
});

test("malformed input is named in the error", async () => {
  const { up } = await scene();
  const messageFor = async (inputs: Properties) => (await failureOf(up(inputs))).message;
  expect(await messageFor({ members: "grace@example.com" })).toBe(
    "members must be a list of email addresses",
  );
  expect(await messageFor({ members: undefined })).toBe("members is required");
  expect(await messageFor({ members: ["grace"] })).toBe('members must be an email address, not "grace"');
  expect(await messageFor({ mode: "delete" })).toBe('mode must be report or enforce, not "delete"');
  expect(await messageFor({ ignore: [" "] })).toBe("ignore must not hold an empty pattern");
});
