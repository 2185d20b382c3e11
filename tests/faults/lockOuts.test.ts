import { unknown, type Program, type Properties, type Stack, type Type } from "../provider/stack";
import { failureOf, printed, startWorld, type World } from "../provider/world";
import { adopt, expectAllowed, expectRefusal, preview } from "./refusals";

let world: World;
beforeEach(async () => void (world = await startWorld()));

type Login = "oauth2" | "basic" | "basic, email unknown" | "basic, another email";
const logins: readonly Login[] = ["oauth2", "basic", "basic, email unknown", "basic, another email"];

/** A stack that runs as the admin account with this login. */
function stackBy(login: Login): Stack {
  const { admin } = world;
  if (login !== "oauth2") world.cloud.accounts.update(admin.name, { enableBasicAuth: true });
  const emails = {
    ...{ oauth2: admin.email, basic: admin.email },
    ...{ "basic, email unknown": "", "basic, another email": "somebody@example.com" },
  };
  const email = emails[login];
  return world.stack({
    ...world.settingsOf(),
    "dt:auth": login === "oauth2" ? "oauth2" : "basic",
    "dt:email": email,
  });
}

interface Case {
  what: string;
  type: Type;
  present: () => Properties;
  /** The changed properties; undefined if the resource is dropped. */
  then: (present: Properties) => Properties | undefined;
  words: () => string;
}

const account = () => world.admin.name;
const ownAccount = () => {
  const { enableBasicAuth } = world.cloud.accounts.get(account())!;
  return { project: world.projects[0], displayName: "Pulumi", enableBasicAuth, adopt: account() };
};
const cases: readonly Case[] = [
  {
    what: "deleting the account",
    type: "serviceAccount",
    present: ownAccount,
    then: () => undefined,
    words: () => `${account()} (${world.admin.email}) is the service account this run logs in as`,
  },
  {
    what: "replacing the account",
    type: "serviceAccount",
    present: ownAccount,
    then: (present) => ({ ...present, project: world.projects[1], adopt: undefined }),
    words: () => `replacing ${world.admin.email} deletes the service account this run logs in as`,
  },
  {
    what: "deleting the key",
    type: "serviceAccountKey",
    present: () => ({ serviceAccount: account(), adopt: world.admin.keyId }),
    then: () => undefined,
    words: () => `${account()}/keys/${world.admin.keyId} is the key this run logs in with`,
  },
  {
    what: "replacing the key",
    type: "serviceAccountKey",
    present: () => ({ serviceAccount: account(), adopt: world.admin.keyId }),
    then: () => ({ serviceAccount: world.cloud.accounts.create({ project: world.projects[0] }).name }),
    words: () => `${world.admin.keyId} is the key this run logs in with`,
  },
  {
    what: "removing its role in a project",
    type: "projectRoleBinding",
    present: () => ownRole("project.admin"),
    then: () => undefined,
    words: () => removal(world.projects[1]),
  },
  {
    what: "moving its role to another project",
    type: "projectRoleBinding",
    present: () => ownRole("project.admin"),
    then: (present) => ({ ...present, project: world.projects[2], adopt: undefined }),
    words: () => removal(world.projects[1]),
  },
  {
    what: "lowering its role",
    type: "projectRoleBinding",
    present: () => ownRole("project.admin"),
    then: (present) => ({ ...present, role: "project.developer" }),
    words: () => demotion("project.admin", "project.developer"),
  },
  {
    what: "giving it a role that nobody knows",
    type: "projectRoleBinding",
    present: () => ownRole("project.user"),
    then: (present) => ({ ...present, role: "project.observer" }),
    words: () => demotion("project.user", "project.observer"),
  },
  {
    what: "removing it from the organization's administrators",
    type: "orgAdminBinding",
    present: () => ({ organization: world.organization, member: world.admin.email, adopt: true }),
    then: () => undefined,
    words: () => removal(world.organization),
  },
  {
    what: "putting somebody else in its place as administrator",
    type: "orgAdminBinding",
    present: () => ({ organization: world.organization, member: world.admin.email, adopt: true }),
    then: () => ({ organization: world.organization, member: "grace@example.com" }),
    words: () => removal(world.organization),
  },
];

/** The admin's own role in the second project, created by hand. */
function ownRole(role: string): Properties {
  const { email } = world.admin;
  world.cloud.members.create({ scope: world.projects[1], email, roles: [`roles/${role}`] });
  return { project: world.projects[1], member: email, role, adopt: true };
}
const removal = (where: string) =>
  `removing ${world.admin.email} from ${where} removes the access of the identity this run logs in as`;
const demotion = (from: string, to: string) =>
  `changing roles/${from} to roles/${to} in ${world.projects[1]} demotes ${world.admin.email}, the identity this run logs in as`;

describe.each(logins)("for the identity that runs it, logged in by %s,", (login) => {
  test.each(cases)(
    "$what is refused, and done if allowLockout allows it",
    async ({ type, present, then, words }) => {
      const stack = stackBy(login);
      const inputs = present();
      const now = await adopt(stack, type, inputs);
      const changed = then(inputs);
      const next: Program = changed === undefined ? {} : { thing: [type, changed] };
      // Pulumi calls no provider for a planned deletion.
      await expectRefusal(world, stack, next, words(), changed !== undefined);
      if (changed?.role === "project.observer") return;
      await expectAllowed(stack, now, next);
    },
  );
});

test("replacing a key is refused while this run logs in with the previous key, which the replacement would delete", async () => {
  const stack = world.stack();
  const inputs = { serviceAccount: account(), adopt: world.admin.keyId, secret: world.admin.secret };
  const rotated = (round: string): Program => ({
    thing: ["serviceAccountKey", { ...inputs, rotationTriggers: { round } }],
  });
  await printed(() => stack.up(rotated("1")));
  await printed(() => stack.up(rotated("2")));
  const elsewhere = world.cloud.accounts.create({ project: world.projects[0] }).name;
  const words = `${world.admin.keyId} is the key this run logs in with`;
  await expectRefusal(
    world,
    stack,
    { thing: ["serviceAccountKey", { serviceAccount: elsewhere }] },
    words,
    true,
  );
});

test("a role that is unknown in the preview is checked when it is known", async () => {
  const stack = world.stack();
  const inputs = ownRole("project.admin");
  await adopt(stack, "projectRoleBinding", inputs);
  await preview(stack, { thing: ["projectRoleBinding", { ...inputs, role: unknown }] });
});

test.each([403, 404] as const)(
  "without an email, an account that can't be seen (%p) may be the identity that runs it, and keeps its role",
  async (forbiddenAs) => {
    world.unknowns.forbiddenAs = forbiddenAs;
    const [home, project] = world.projects;
    const us = world.identity({ [project]: "project.admin" });
    const name = `${home}/serviceaccounts/${us.email.split("@")[0]!}`;
    world.cloud.accounts.update(name, { enableBasicAuth: true });
    const stack = world.stack({ ...world.settingsOf(us), "dt:auth": "basic", "dt:email": "" });
    const binding = (role: string): Program => ({
      thing: ["projectRoleBinding", { project, member: us.email, role, adopt: true }],
    });
    await printed(() => stack.up(binding("project.admin")));
    const message = `${name} may be the identity this run logs in as, and whether it owns key ${us.keyId} can't be seen: set DT_OIDC_EMAIL (or dt:email) to the email of the account that does`;
    world.requests.clear();
    for (const work of [
      () => preview(stack, binding("project.user")),
      () => stack.up(binding("project.user")),
      () => stack.up({}),
    ])
      expect((await failureOf(work())).message).toBe(message);
    expect(world.writes()).toEqual([]);
  },
);

test("switching off Basic authentication is refused if this run uses it to log in", async () => {
  for (const login of logins.slice(1)) {
    const stack = stackBy(login);
    const takingOver = { project: world.projects[0], displayName: "Pulumi", adopt: account() };
    const inputs = {
      project: world.projects[0],
      displayName: "Pulumi",
      enableBasicAuth: true,
      adopt: account(),
    };
    await adopt(stack, "serviceAccount", inputs);
    const off: Program = { thing: ["serviceAccount", { ...inputs, enableBasicAuth: false }] };
    const words = `disabling Basic authentication of ${world.admin.email} locks out this run, which logs in with it`;
    await expectRefusal(world, stack, off, words, true);
    await expectRefusal(world, stackBy(login), { thing: ["serviceAccount", takingOver] }, words, false);
  }
  const byToken = stackBy("oauth2");
  const inputs = {
    project: world.projects[0],
    displayName: "Pulumi",
    enableBasicAuth: true,
    adopt: account(),
  };
  await adopt(byToken, "serviceAccount", inputs);
  await byToken.up({ thing: ["serviceAccount", { ...inputs, enableBasicAuth: false }] });
});

test("a role that another person has raised since is not lowered either", async () => {
  const stack = world.stack();
  const inputs = ownRole("project.user");
  await adopt(stack, "projectRoleBinding", inputs);
  world.cloud.members.update(stack.made.thing!.id, { roles: ["roles/project.admin"] });
  const program: Program = { thing: ["projectRoleBinding", { ...inputs, role: "project.developer" }] };
  await expectRefusal(world, stack, program, demotion("project.admin", "project.developer"), false);
});

test("the guard allows the identity to raise its own role", async () => {
  const stack = world.stack();
  const inputs = ownRole("project.user");
  await adopt(stack, "projectRoleBinding", inputs);
  expect(await stack.up({ thing: ["projectRoleBinding", { ...inputs, role: "project.admin" }] })).toEqual({
    thing: "update",
  });
});
