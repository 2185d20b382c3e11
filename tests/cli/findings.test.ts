import { failureOf, startWorld, type World } from "../provider/world";
import { noteFound } from "../../provider/api/http/recentlyCreated";
import type { Program, Stack } from "../provider/stack";
import { compared, findingsIn } from "./compareWithCloud";
import { matching, containing } from "./command";
import { encrypted, exported } from "./state";

let world: World;
let stack: Stack;
let project: string;
let other: string;

/** An account with a key and a role, a person, and an administrator, all as declared. */
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  [, project, other] = world.projects as [string, string, string];
  world.cloud.users.create({ email: "jane@example.com", displayName: "Jane" });
  await stack.up(program());
  forget();
  world.requests.clear();
});

const program = (key: Record<string, unknown> = {}): Program => ({
  erp: ["serviceAccount", { project, displayName: "ERP" }],
  key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id, ...key })],
  erpRole: ["projectRoleBinding", ({ erp }) => ({ project, member: erp!.outs.email, role: "project.user" })],
  jane: ["projectRoleBinding", { project, member: "jane@example.com", role: "project.developer" }],
  admin: ["orgAdminBinding", { organization: world.organization, member: "grace@example.com" }],
  ada: ["orgAdminBinding", { organization: world.organization, member: "ada@example.com", adopt: true }],
  us: ["orgAdminBinding", { organization: world.organization, member: world.admin.email, adopt: true }],
});

/** Forgets that the resources were just created, because a 404 on a new one would be waited for. */
const forget = (): void => Object.keys(stack.made).forEach((name) => noteFound(id(name)));

const id = (name: string): string => stack.made[name]!.id;
const email = (name: string): string => String(stack.made[name]!.outs.email);

test("Resources as declared give no finding.", async () => {
  expect(await findingsIn(world, stack)).toEqual([]);
});

describe("Each kind of drift of each resource is exactly one finding, with the resource's own name, in every run:", () => {
  const kinds: Record<string, () => string | Promise<string>> = {
    "an account's display name was changed": () => {
      world.cloud.accounts.update(id("erp"), { displayName: "?" });
      return `changed ${id("erp")}`;
    },
    "an account's Basic authentication was switched on": () => {
      world.cloud.accounts.update(id("erp"), { enableBasicAuth: true });
      return `changed ${id("erp")}`;
    },
    "both were": () => {
      world.cloud.accounts.update(id("erp"), { displayName: "?", enableBasicAuth: true });
      return `changed ${id("erp")}`;
    },
    "a role was changed": () => {
      world.cloud.members.update(id("jane"), { roles: ["roles/project.admin"] });
      return `changed ${id("jane")}`;
    },
    "an administrator became something else": () => {
      world.cloud.members.update(id("admin"), { roles: ["roles/organization.viewer"] });
      return `changed ${id("admin")}`;
    },
    "a member's email was changed": () => {
      world.cloud.members.update(id("jane"), { email: "joan@example.com" });
      return `address-changed ${id("jane")}`;
    },
    "an administrator's email was changed": () => {
      world.cloud.members.update(id("admin"), { email: "grace.h@example.com" });
      return `address-changed ${id("admin")}`;
    },
    "an account is gone": async () => {
      await stack.up({ ...program(), lone: ["serviceAccount", { project, displayName: "lone" }] });
      forget();
      world.cloud.accounts.delete(id("lone"));
      return `missing ${id("lone")}`;
    },
    "a key is gone": () => {
      world.cloud.keys.delete(id("key"));
      return `missing ${id("key")}`;
    },
    "a project's member is gone": () => {
      world.cloud.members.delete(id("jane"));
      return `missing ${id("jane")}`;
    },
    "an administrator is gone": () => {
      world.cloud.members.delete(id("admin"));
      return `missing ${id("admin")}`;
    },
    "there is an account that nobody declared": () =>
      `unmanaged ${world.cloud.accounts.create({ project, displayName: "stray" }).name}`,
    "a declared account has a key that nobody declared": () =>
      `unmanaged ${world.cloud.keys.create({ account: id("erp") }).name}`,
    "a declared project has a member that nobody declared": () =>
      `unmanaged ${world.cloud.members.create({ scope: project, email: "ada@example.com", roles: ["roles/project.admin"] }).name}`,
    "a declared organization has an administrator that nobody declared": () =>
      `unmanaged ${world.cloud.members.create({ scope: world.organization, email: "jane@example.com", roles: ["roles/organization.admin"] }).name}`,
    "a declared account is a member of a project where nobody declared anything": () =>
      `unmanaged ${world.cloud.members.create({ scope: other, email: email("erp"), roles: ["roles/project.admin"] }).name}`,
    "another member has the declared email": () => {
      world.cloud.members.delete(id("jane"));
      world.cloud.users.delete(
        world.cloud.users.list().find((user) => user.email === "jane@example.com")!.name,
      );
      world.cloud.users.create({ email: "jane@example.com" });
      world.cloud.members.create({
        scope: project,
        email: "jane@example.com",
        roles: ["roles/project.admin"],
      });
      return `replaced ${id("jane")}`;
    },
    "an invitation waits": () => {
      world.cloud.members.update(id("jane"), { status: "PENDING" });
      return `pending ${id("jane")}`;
    },
  };

  test.each(Object.entries(kinds))("%s", async (_, seed) => {
    const expected = await seed();
    expect(await findingsIn(world, stack)).toEqual([expected]);
    expect(await findingsIn(world, stack)).toEqual([expected]);
  });
});

test("A changed property is shown with its declared and its actual value.", async () => {
  world.cloud.accounts.update(id("erp"), { displayName: "ERP 2", enableBasicAuth: true });
  const { findings } = await compared(world, stack);
  expect(findings[0]).toMatchObject({
    changes: [
      { property: "displayName", declared: "ERP", actual: "ERP 2" },
      { property: "enableBasicAuth", declared: false, actual: true },
    ],
    resources: [matching(/::erp$/)],
  });
});

describe("Another address on a declared membership", () => {
  const readdress = (changes: object = {}) =>
    world.cloud.members.update(id("jane"), { email: "Joan@Example.com", ...changes });

  test("is reported with the address that belongs in the program, and the resource that names the old one.", async () => {
    readdress();
    expect((await compared(world, stack)).findings).toMatchObject([
      {
        class: "address-changed",
        email: "joan@example.com",
        resources: [matching(/::jane$/)],
        changes: [{ property: "member", declared: "jane@example.com", actual: "joan@example.com" }],
        message: matching(/^accepted as joan@example.com: put that into the program, .*"jane"/),
      },
    ]);
  });

  test("is still reported after the state has recorded it, because the program has not changed, until the program names it.", async () => {
    readdress();
    await stack.refresh();
    expect(stack.made.jane!.outs).toMatchObject({ member: "jane@example.com", email: "joan@example.com" });
    expect(await findingsIn(world, stack)).toEqual([`address-changed ${id("jane")}`]);
    world.requests.clear();
    const { jane } = program();
    const named = { ...(jane![1] as object), member: "joan@example.com" };
    await stack.up({ ...program(), jane: ["projectRoleBinding", named] });
    expect(world.writes()).toEqual([]);
    expect(await findingsIn(world, stack)).toEqual([]);
  });

  test("is mentioned beside a changed role, which is the finding, and is not a change itself.", async () => {
    readdress({ roles: ["roles/project.admin"] });
    const { findings } = await compared(world, stack);
    expect(findings).toMatchObject([
      { class: "changed", message: matching(/^role is .*; accepted as joan@example.com: put that/) },
    ]);
    expect(findings[0]!.changes).toEqual([
      { property: "role", declared: "roles/project.developer", actual: "roles/project.admin" },
    ]);
  });

  test("is worded as an invitation if nobody has accepted it.", async () => {
    readdress({ status: "PENDING" });
    const { findings } = await compared(world, stack);
    expect(findings).toMatchObject([
      { class: "address-changed", message: matching(/^invited as joan@example.com/) },
    ]);
  });

  test("is not reported if only the case of letters or the Unicode spelling differs.", async () => {
    const member = "Rene\u0301@example.com";
    world.cloud.users.create({ email: member.normalize("NFC").toLowerCase() });
    await stack.up({
      ...program(),
      rene: ["projectRoleBinding", { project: other, member, role: "project.user" }],
    });
    forget();
    expect(stack.made.rene!.inputs.member).toBe("ren\u00e9@example.com");
    world.cloud.members.update(id("rene"), { email: member });
    expect(await findingsIn(world, stack)).toEqual([]);
    const state = exported(stack);
    state.deployment.resources.find(({ id: name }) => name === id("rene"))!.inputs!.member = member;
    expect(await findingsIn(world, state)).toEqual([]);
  });

  test("leaves the members of a declared list managed: the finding names the list.", async () => {
    const lists = world.stack();
    const { name } = world.cloud.members.create({
      scope: other,
      email: "jane@example.com",
      roles: ["roles/project.user"],
    });
    await lists.up({ list: ["projectAccess", { project: other, members: ["jane@example.com"] }] });
    world.cloud.members.update(name, { email: "joan@example.com" });
    expect((await compared(world, lists)).findings).toMatchObject([
      { id: name, class: "address-changed", resources: [matching(/::list$/)], message: matching(/"list"/) },
    ]);
    await stack.up({
      ...program(),
      ann: ["projectRoleBinding", { project: other, member: "ann@example.com", role: "project.user" }],
    });
    world.cloud.acceptInvitation("ann@example.com");
    forget();
    expect(await findingsIn(world, stack, { others: [exported(lists, "other")] })).toEqual([]);
  });

  test("belongs to another person if the membership has another id, even if the address is the one last seen.", async () => {
    readdress();
    await stack.refresh();
    world.cloud.members.delete(id("jane"));
    world.cloud.users.create({ email: "joan@example.com" });
    world.cloud.members.create({
      scope: project,
      email: "joan@example.com",
      roles: ["roles/project.admin"],
    });
    expect(await findingsIn(world, stack)).toEqual([`replaced ${id("jane")}`]);
  });
});

test("An invitation that was accepted under another member id is the declared membership, in this stack and in others.", async () => {
  world.unknowns.memberIdChangesOnAccept = true;
  const invited = world.stack();
  await invited.up({
    ann: ["projectRoleBinding", { project, member: "ann@example.com", role: "project.user" }],
  });
  const before = invited.made.ann!.id;
  world.cloud.acceptInvitation("ann@example.com");
  noteFound(before);
  expect(world.cloud.members.get(before)).toBeUndefined();
  const others = [exported(stack)];
  expect(await findingsIn(world, invited, { others })).toEqual([]);
  expect(await findingsIn(world, stack, { others: [exported(invited, "other")] })).toEqual([]);
  const { name } = world.cloud.members.list(project).find(({ email: each }) => each === "ann@example.com")!;
  world.cloud.members.update(name, { roles: ["roles/project.admin"] });
  expect(await findingsIn(world, invited, { others })).toEqual([`changed ${name}`]);
});

test("A due rotation or retirement of a key is its own class, by the given date.", async () => {
  await stack.up(program({ rotateAfter: "90d" }));
  const keyName = `${id("erp")}/keys/${String(stack.made.key!.outs.keyId)}`;
  const due = String(stack.made.key!.outs.rotateAt);
  const before = new Date(Date.parse(due) - 1000).toISOString();
  expect(await findingsIn(world, stack, { asOf: before })).toEqual([]);
  expect(await findingsIn(world, stack, { asOf: due })).toEqual([`rotation-due ${keyName}`]);
});

test("A rotated key covers the previous one as long as that works.", async () => {
  for (const on of ["1", "2"]) await stack.up(program({ rotationTriggers: { on } }));
  const current = `${id("erp")}/keys/${String(stack.made.key!.outs.keyId)}`;
  noteFound(current);
  expect(world.cloud.keys.list(id("erp"))).toHaveLength(2);
  expect(await findingsIn(world, stack)).toEqual([]);
  world.cloud.keys.delete(current);
  expect(await findingsIn(world, stack)).toEqual([`missing ${current}`]);
});

test("A resource that an interrupted run left unfinished is a change, as for Pulumi.", async () => {
  const state = exported(stack);
  state.deployment.resources.find(({ id: name }) => name === id("jane"))!.outputs!.incomplete = "no role yet";
  const { findings } = await compared(world, state);
  expect(findings).toMatchObject([{ class: "changed", id: id("jane"), message: containing("no role yet") }]);
});

test("A deleted account is missing, and so are its key and its membership, each once.", async () => {
  world.cloud.accounts.delete(id("erp"));
  expect(await findingsIn(world, stack)).toEqual(
    [`missing ${id("erp")}`, `missing ${id("key")}`, `missing ${id("erpRole")}`].sort(),
  );
});

test("A membership that two resources declare is one finding, which names both.", async () => {
  const state = exported(stack);
  const { resources } = state.deployment;
  const jane = resources.find(({ id: name }) => name === id("jane"))!;
  resources.push({ ...jane, urn: `${jane.urn}-again` });
  world.cloud.members.delete(id("jane"));
  const { findings } = await compared(world, state);
  expect(findings).toMatchObject([{ id: id("jane"), resources: [jane.urn, `${jane.urn}-again`] }]);
});

test("A resource that another stack declares, or will delete, is not unmanaged; one that a program only looked up is.", async () => {
  const stray = world.cloud.accounts.create({ project, displayName: "stray" }).name;
  const others = world.stack();
  await others.up({ theirs: ["serviceAccount", { project, displayName: "stray", adopt: stray }] });
  expect(await findingsIn(world, stack, { others: [exported(others, "other")] })).toEqual([]);
  expect(await findingsIn(world, stack)).toEqual([`unmanaged ${stray}`]);

  const mine = exported(stack);
  const [, theirs] = exported(others).deployment.resources;
  mine.deployment.resources.push({ ...theirs!, external: true });
  expect(await findingsIn(world, mine)).toEqual([`unmanaged ${stray}`]);
  mine.deployment.resources.splice(-1, 1, { ...theirs!, delete: true });
  expect(await findingsIn(world, mine)).toEqual([]);
});

test("A member that a declared list allows is not unmanaged there, but is anywhere else; its project is read.", async () => {
  const others = world.stack();
  await others.up({
    list: ["projectAccess", { project: other, members: ["Jane@example.com"], ignore: ["*@vendor.example"] }],
  });
  const plant = (scope: string, member: string) =>
    world.cloud.members.create({ scope, email: member, roles: ["roles/project.user"] }).name;
  plant(other, "jane@example.com");
  plant(other, "anybody@Vendor.example");
  const stranger = plant(other, "stranger@example.com");
  expect(await findingsIn(world, others)).toEqual([`unmanaged ${stranger}`]);
  const elsewhere = plant(project, "anybody@vendor.example");
  expect(await findingsIn(world, stack, { others: [exported(others)] })).toEqual([`unmanaged ${elsewhere}`]);
});

test("Properties that the state stores encrypted are not compared, and the coverage says so.", async () => {
  const state = exported(stack);
  const erp = state.deployment.resources.find(({ id: name }) => name === id("erp"))!;
  erp.inputs!.displayName = encrypted;
  erp.outputs!.displayName = encrypted;
  world.cloud.accounts.update(id("erp"), { displayName: "?" });
  const { findings, coverage } = await compared(world, state);
  expect(findings).toEqual([]);
  expect(coverage.notCompared).toEqual([`${erp.urn} displayName`]);
});

test("A resource of a newer type, or of another API, is a finding: drift skips no resource silently.", async () => {
  const state = exported(stack);
  const { resources } = state.deployment;
  const future = "urn:pulumi:test::access::pulumi-nodejs:dynamic/dt:Future::x";
  resources.push({ urn: future, custom: true, id: "x", type: "pulumi-nodejs:dynamic/dt:Future" });
  resources.find(({ id: name }) => name === id("jane"))!.outputs!.apiUrl = "https://elsewhere.example/v2";
  expect(await findingsIn(world, state)).toEqual([`unread ${id("jane")}`, `unread ${future}`].sort());
});

test("A list that lags behind is not trusted: each missing resource is requested by name.", async () => {
  const [, name] = project.split("/");
  world.faults.add({
    method: "GET",
    path: `/v2/projects/${name!}/members`,
    effect: { kind: "respond", status: 200, body: { members: [], nextPageToken: "" } },
  });
  expect(await findingsIn(world, stack)).toEqual([]);
});

test("A declared account without permission elsewhere leaves no gap in the declared resources, but the coverage reports it.", async () => {
  const login = world.identity({ [project]: "project.user" });
  const state = exported(stack);
  state.deployment.resources = state.deployment.resources.filter(
    ({ type }) => !type.endsWith(":OrgAdminBinding"),
  );
  world.unknowns.organizationsOfProjectMembers = true;
  const { findings, coverage } = await compared(world, state, { login });
  // The account that runs drift is itself an undeclared member.
  expect(findings).toMatchObject([{ class: "self", email: login.email }]);
  expect(coverage.notLookedAt).toMatchObject([{ what: `${world.organization}/members` }]);
});

describe("Administrators of an organization with no declared administrators", () => {
  /** The stack without its administrators. */
  const projectsAlone = () => {
    const state = exported(stack);
    const isAdmin = ({ type }: { type: string }) => type.endsWith(":OrgAdminBinding");
    state.deployment.resources = state.deployment.resources.filter((resource) => !isAdmin(resource));
    return state;
  };

  test("are not compared, and the coverage says so.", async () => {
    const { findings, coverage } = await compared(world, projectsAlone());
    expect(findings).toEqual([]);
    expect(coverage.notLookedAt).toEqual([
      { what: `${world.organization}/members`, why: matching(/nothing is declared .* OrganizationAccess/) },
    ]);
    expect((await compared(world, stack)).coverage.notLookedAt).toEqual([]);
  });

  test("are reported without a name if the organization can't be read.", async () => {
    world.faults.add({
      path: "/v2/projects",
      effect: { kind: "respond", status: 403 },
      times: "untilCleared",
    });
    const { findings, coverage } = await compared(world, projectsAlone());
    expect(findings).toEqual([]);
    expect(coverage.notLookedAt).toMatchObject([
      { what: "administrators of the organizations that the projects belong to" },
    ]);
  });
});

test("Refused credentials are an error, and not a finding.", async () => {
  const login = { ...world.admin, secret: "0".repeat(32) };
  expect(String(await failureOf(compared(world, stack, { login })))).toMatch(/cannot log in/);
});

test("Drift only reads: the log holds GETs and the login.", async () => {
  world.cloud.members.delete(id("jane"));
  world.cloud.accounts.create({ project });
  await compared(world, stack);
  expect(world.writes()).toEqual([]);
  expect(world.calls().length).toBeGreaterThan(5);
});

describe("Administrators of the organization that projects list as members", () => {
  beforeEach(() => (world.unknowns.orgAdminsInProjectLists = "both"));

  test("are not findings, but are counted", async () => {
    const { findings, coverage } = await compared(world, stack);
    expect(findings).toEqual([]);
    expect(coverage.byDefault).toBe(3);
  });

  test("are findings with --strict if the organization does not declare them either", async () => {
    expect(await findingsIn(world, stack, { isStrict: true })).toEqual([]);
    const state = exported(stack);
    state.deployment.resources = state.deployment.resources.filter(({ id: name }) => name !== id("ada"));
    const ada = id("ada").split("/").at(-1)!;
    expect(await findingsIn(world, state, { isStrict: true })).toEqual([
      `unmanaged ${id("ada")}`,
      `unmanaged ${project}/members/${ada}`,
    ]);
  });
});
