import type { Credentials } from "../../../emulator";
import { type Program, type Stack, type Type, without } from "../stack";
import { failureOf, startWorld, type World } from "../world";

let world: World;
let declared: Program;
/** Created by the admin. */
let stack: Stack;
let reader: Credentials;
let stranger: Credentials;

beforeAll(async () => {
  world = await startWorld();
  const { projects, organization } = world;
  declared = {
    erp: ["serviceAccount", { project: projects[1], displayName: "ERP" }],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    role: ["projectRoleBinding", { project: projects[1], member: "grace@example.com", role: "project.user" }],
    admin: ["orgAdminBinding", { organization, member: "grace@example.com" }],
  };
  stack = world.stack();
  await stack.up(declared);
  // A resource that has been read once is no longer treated as just created. The provider waits for a 404 of
  // a new one.
  await stack.refresh();
  reader = world.identity({ [projects[1]]: "project.user" });
  stranger = world.identity();
});

/** The same state with other credentials. */
function inHandsOf(login: Credentials): Stack {
  return stack.with(world.settingsOf(login));
}

/** Expects that an operation is refused, and that nothing changed. */
async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  const before = world.snapshot();
  const { message } = await failureOf(work());
  expect(world.snapshot()).toEqual(before);
  return message;
}

describe("a project.user changes nothing, and the error names the missing role and its place,", () => {
  const lacks = (role: string, scope: string, permission: string) =>
    `403 permission denied; ${reader.email} needs the role ${role} in ${scope} (permission ${permission})`;
  const id = (name: string) => stack.made[name]!.id;

  test.each<[Type, () => Record<string, unknown>, () => string]>([
    [
      "serviceAccount",
      () => ({ project: world.projects[1], displayName: "another" }),
      () =>
        `POST ${world.projects[1]}/serviceaccounts: ${lacks("project.admin", world.projects[1], "serviceaccount.create")}`,
    ],
    [
      "serviceAccountKey",
      () => ({ serviceAccount: id("erp") }),
      () =>
        `POST ${id("erp")}/keys: ${lacks("project.admin", world.projects[1], "serviceaccount.key.create")}`,
    ],
    [
      "projectRoleBinding",
      () => ({ project: world.projects[1], member: "x@example.com", role: "project.user" }),
      () =>
        `POST ${world.projects[1]}/members: ${lacks("project.admin", world.projects[1], "membership.create")}`,
    ],
    [
      "orgAdminBinding",
      () => ({ organization: world.organization, member: "x@example.com" }),
      () =>
        `POST ${world.organization}/members: ${lacks("organization.admin", world.organization, "membership.create")}`,
    ],
  ])("creating a %s", async (type, inputs, message) => {
    const mine = world.stack(world.settingsOf(reader));
    expect(await refusalOf(() => mine.up({ thing: [type, inputs()] }))).toBe(message());
    expect(mine.made).toEqual({});
  });

  test.each<[string, Record<string, unknown>, () => string]>([
    [
      "erp",
      { displayName: "other" },
      () => `PATCH ${id("erp")}: ${lacks("project.admin", world.projects[1], "serviceaccount.update")}`,
    ],
    [
      "role",
      { role: "roles/project.admin" },
      () => `PATCH ${id("role")}: ${lacks("project.admin", world.projects[1], "membership.update")}`,
    ],
  ])("updating the %s", async (name, changes, message) => {
    const { type, inputs } = stack.made[name]!;
    const mine = inHandsOf(reader);
    mine.made = { [name]: stack.made[name]! };
    expect(await refusalOf(() => mine.up({ [name]: [type, { ...inputs, ...changes }] }))).toBe(message());
    expect(mine.made[name]).toBe(stack.made[name]);
  });

  test.each<[string, () => string]>([
    ["erp", () => lacks("project.admin", world.projects[1], "serviceaccount.delete")],
    ["key", () => lacks("project.admin", world.projects[1], "serviceaccount.key.delete")],
    ["role", () => lacks("project.admin", world.projects[1], "membership.delete")],
  ])("deleting the %s", async (name, what) => {
    const mine = inHandsOf(reader);
    mine.made = { [name]: stack.made[name]! };
    expect(await refusalOf(() => mine.destroy())).toBe(`DELETE ${id(name)}: ${what()}`);
  });

  test("deleting the administrator of an organization that it cannot see", async () => {
    const mine = inHandsOf(reader);
    mine.made = { admin: stack.made.admin! };
    expect(await refusalOf(() => mine.destroy())).toBe(
      `GET ${world.organization}/members: ${lacks("organization.admin", world.organization, "membership.read")}`,
    );
  });

  test("but it can read everything", async () => {
    const mine = inHandsOf(reader);
    mine.made = without(stack.made, "admin");
    expect(await mine.refresh()).toEqual({ erp: [], key: [], role: [] });
  });
});

describe.each([403, 404] as const)("if the API answers %p to a stranger", (status) => {
  beforeAll(() => void (world.unknowns.forbiddenAs = status));

  test.each(["erp", "key", "role", "admin"])(
    "the %s is not treated as deleted, by read or by delete",
    async (name) => {
      const mine = inHandsOf(stranger);
      mine.made = { [name]: stack.made[name]! };
      const explained =
        status === 403
          ? /needs the role (project\.user|project\.admin|organization\.admin) in (projects|organizations)\//
          : /can't be seen with these credentials: either it does not exist, or they have no access to it\. Nothing was taken as deleted|either it does not exist, or \S+ can't see it; `pulumi-dt whoami` lists|can't see projects\/\S+, and the command that helps was printed/;
      expect(await refusalOf(() => mine.refresh())).toMatch(explained);
      expect(await refusalOf(() => mine.destroy())).toMatch(explained);
      expect(mine.made[name]).toBe(stack.made[name]);
    },
  );

  test("updating fails as well", async () => {
    for (const [name, changes] of [
      ["erp", { displayName: "other" }],
      ["role", { role: "roles/project.admin" }],
    ] as const) {
      const { type, inputs } = stack.made[name]!;
      const mine = inHandsOf(stranger);
      mine.made = { [name]: stack.made[name]! };
      expect(await refusalOf(() => mine.up({ [name]: [type, { ...inputs, ...changes }] }))).toContain(
        `PATCH ${stack.made[name]!.id}: ${status} `,
      );
    }
  });
});

test("a lookup of a resource that the credentials cannot see is an error, too", async () => {
  world.unknowns.forbiddenAs = 404;
  const { erp } = stack.made;
  const mine = inHandsOf(stranger);
  const { message } = await failureOf(mine.handlers.serviceAccount.read(erp!.id, erp!.inputs));
  expect(message).toBe(
    `GET ${erp!.id}: 404 not found; ${world.projects[1]} can't be seen with these credentials: either it does not exist, or they have no access to it. Nothing was taken as deleted. The credentials are those of ${stranger.email}; \`pulumi-dt whoami\` lists what they can see. If they are the right ones and it is really gone, run \`pulumi state delete\` on what depended on it`,
  );
});

test("only an administrator of the organization treats everything in its deleted project as deleted", async () => {
  world.unknowns.forbiddenAs = 404;
  const project = world.cloud.projects.create({
    organization: world.organization,
    displayName: "Doomed",
  }).name;
  const doomed = world.stack();
  await doomed.up({ erp: ["serviceAccount", { project, displayName: "ERP" }] });
  await doomed.refresh();
  world.cloud.projects.delete(project);
  const mine = inHandsOf(reader);
  mine.made = { ...doomed.made };
  const explained = `404 not found; ${project} can't be seen with these credentials`;
  expect(await refusalOf(() => mine.refresh())).toContain(explained);
  expect(await refusalOf(() => mine.destroy())).toMatch(/can't see .*404 not found$/);
  expect(await doomed.refresh()).toEqual({ erp: "gone" });
});
