import { notSeen } from "../../../provider/api/http/errors";
import { refusalOf } from "../refusal";
import { failureOf, startWorld, type World } from "../world";

let world: World;
let home: string;
let account: string;
beforeAll(async () => {
  world = await startWorld();
  [home] = world.projects;
  account = world.cloud.accounts.create({ project: home, displayName: "ERP" }).name;
});

describe("a display name instead of an id", () => {
  const inputs = { member: "jane@example.com", role: "project.user" };

  test("gets an error with the id that was meant", async () => {
    const project = world.cloud.projects.create({
      organization: world.organization,
      displayName: "Sales",
    });
    const binding = { ...inputs, project: "sales" };
    expect(await refusalOf(world, "projectRoleBinding", binding, ["POST projects/sales/members"])).toBe(
      `POST projects/sales/members: 404 not found; ${notSeen(world.admin.email)}; did you mean ${project.name} (Sales)?`,
    );
    const account = { project: "Sales", displayName: "x" };
    expect(await refusalOf(world, "serviceAccount", account)).toContain(
      `did you mean ${project.name} (Sales)?`,
    );
  });

  test("gets an error that says how to find ids, if no id is similar", async () => {
    expect(await refusalOf(world, "projectRoleBinding", { ...inputs, project: "My Project" })).toContain(
      "That looks like a display name: `pulumi-dt whoami` shows the id of each",
    );
  });
});

test.each([
  ["project.usr", "project.user"],
  ["Project.Admin", "project.admin"],
  ["roles/project.develper", "project.developer"],
  ["operator", "project.operator"],
])("the misspelled role %s is refused before any request, with a list of all roles", async (role, meant) => {
  const refusal = await refusalOf(world, "projectRoleBinding", {
    project: home,
    member: "jane@example.com",
    role,
  });
  expect(refusal).toContain(`did you mean ${meant}?`);
  for (const known of ["user", "operator", "developer", "admin"])
    expect(refusal).toContain(`project.${known}`);
  expect(refusal).toContain("organization.admin");
});

describe("a project that does not exist", () => {
  const inputs = { project: "nowhere", member: "jane@example.com", role: "project.user" };

  test("is named if an account is created in it", async () => {
    expect(await refusalOf(world, "serviceAccount", { project: "nowhere", displayName: "x" })).toBe(
      `GET projects/nowhere/serviceaccounts: 404 not found; ${notSeen(world.admin.email)}`,
    );
  });

  test("is named if a role is granted in it", async () => {
    expect(await refusalOf(world, "projectRoleBinding", inputs, ["POST projects/nowhere/members"])).toBe(
      `POST projects/nowhere/members: 404 not found; ${notSeen(world.admin.email)}`,
    );
  });

  test("is named, with the role to ask for, if the API answers forbidden", async () => {
    world.unknowns.missingProjectAs = 403;
    expect(await refusalOf(world, "projectRoleBinding", inputs, ["POST projects/nowhere/members"])).toBe(
      `POST projects/nowhere/members: 403 permission denied; ${world.admin.email} needs the role project.admin in projects/nowhere (permission membership.create)`,
    );
    world.unknowns.missingProjectAs = 404;
  });
});

test("an organization that does not exist is named", async () => {
  const inputs = { organization: "nowhere", member: "jane@example.com" };
  expect(await refusalOf(world, "orgAdminBinding", inputs, ["POST organizations/nowhere/members"])).toBe(
    `POST organizations/nowhere/members: 404 not found; ${notSeen(world.admin.email)}`,
  );
});

test.each([
  ["a role that does not exist", "project.owner", "400 no such role"],
  ["a role of an unknown scope", "device.admin", "400 no such role"],
])("%s is left to the API, and its message is shown", async (_what, role, said) => {
  const inputs = { project: home, member: "jane@example.com", role };
  const post = `POST ${home}/members`;
  expect(await refusalOf(world, "projectRoleBinding", inputs, [post])).toBe(`${post}: ${said}`);
});

test("an account that does not exist gets no key", async () => {
  const inputs = { serviceAccount: `${home}/serviceaccounts/nobody` };
  expect(await refusalOf(world, "serviceAccountKey", inputs)).toBe(
    `GET ${home}/serviceaccounts/nobody: 404 not found; ${notSeen(world.admin.email)}`,
  );
});

test("the eleventh key is refused before it is requested", async () => {
  const full = world.cloud.accounts.create({ project: home });
  for (let count = 0; count < 10; count++) world.cloud.keys.create({ account: full.name });
  const ids = world.cloud.keys.list(full.name).map(({ id }) => id);
  expect(await refusalOf(world, "serviceAccountKey", { serviceAccount: full.name })).toBe(
    `${full.name} has 10 keys, and the API allows 10: delete one that nobody uses (${ids.join(", ")})`,
  );
});

describe("a service account's email that does not belong to an account grants nothing", () => {
  test.each([
    [400, "400 no such service account"],
    [404, `404 no such service account; ${notSeen("EMAIL")}`],
  ] as const)("if the API answers %p", async (answer, said) => {
    world.unknowns.unknownServiceAccountEmail = answer;
    const inputs = { project: home, member: "gone@p.serviceaccount.d21s.com", role: "project.user" };
    const post = `POST ${home}/members`;
    const expected = `${post}: ${said.replace("EMAIL", world.admin.email)}`;
    expect(await refusalOf(world, "projectRoleBinding", inputs, [post])).toBe(expected);
  });

  test.each([
    ["projectRoleBinding", () => ({ project: home, role: "project.admin" }), () => home],
    ["orgAdminBinding", () => ({ organization: world.organization }), () => world.organization],
  ] as const)("if the API treats it as a person's, by a %s", async (type, inputs, scope) => {
    world.unknowns.unknownServiceAccountEmail = "pending";
    const stack = world.stack();
    const members = world.cloud.members.list();
    const member = "gone@p.serviceaccount.d21s.com";
    const { message } = await failureOf(stack.up({ thing: [type, { ...inputs(), member }] }));
    expect(message).toBe(`${member} is not an existing service account, and was not added`);
    expect(world.cloud.members.list(scope())).toEqual(members.filter(({ name }) => name.startsWith(scope())));
    expect(stack.made).toEqual({});
    world.unknowns.unknownServiceAccountEmail = 400;
  });
});

describe("adopting a missing", () => {
  test("account is an error", async () => {
    expect(
      await refusalOf(world, "serviceAccount", { project: home, displayName: "x", adopt: "nobody" }),
    ).toBe(
      `adopt: ${home} has no service account "nobody"; give the name or email of one that exists, or drop adopt to create one`,
    );
  });

  test("key is an error", async () => {
    expect(
      await refusalOf(world, "serviceAccountKey", {
        serviceAccount: account,
        adopt: "nothing",
        secret: "s3cr3t",
      }),
    ).toBe(
      `adopt: ${account} has no key "nothing"; give the id of one that exists, or drop adopt to create one`,
    );
  });
});

describe("a member that already exists is named with its role and the solution,", () => {
  test("in a project", async () => {
    world.cloud.members.create({
      scope: home,
      email: "Present@Example.com",
      roles: ["roles/project.developer"],
    });
    const inputs = { project: home, member: "present@example.com", role: "project.user" };
    expect(await refusalOf(world, "projectRoleBinding", inputs, [`POST ${home}/members`])).toBe(
      `present@example.com is already a member of ${home}, as project.developer. If you have renamed or moved this resource, give it the option aliases: [{ name: "its old name" }]. To manage a membership that was made elsewhere, set adopt: true, or remove it there first`,
    );
  });

  test("in an organization", async () => {
    const { organization } = world;
    const inputs = { organization, member: "ada@example.com" };
    expect(await refusalOf(world, "orgAdminBinding", inputs, [`POST ${organization}/members`])).toBe(
      `ada@example.com is already a member of ${organization}, as organization.admin. If you have renamed or moved this resource, give it the option aliases: [{ name: "its old name" }]. To manage a membership that was made elsewhere, set adopt: true, or remove it there first`,
    );
  });
});

test("adopting a missing membership adds it, so that a program that adopts can run anywhere", async () => {
  const stack = world.stack();
  await stack.up({
    role: [
      "projectRoleBinding",
      { project: home, member: "new@example.com", role: "project.user", adopt: true },
    ],
    admin: ["orgAdminBinding", { organization: world.organization, member: "new@example.com", adopt: true }],
  });
  expect(world.cloud.members.get(stack.made.role!.id)?.roles).toEqual(["roles/project.user"]);
  expect(world.cloud.members.get(stack.made.admin!.id)?.roles).toEqual(["roles/organization.admin"]);
});
