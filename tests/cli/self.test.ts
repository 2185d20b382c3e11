import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "../../emulator";
import type { Stack } from "../provider/stack";
import { startWorld, type World } from "../provider/world";
import { cli, folder, type Run } from "./command";
import { exported } from "./state";

let world: World;
let stack: Stack;
let home: string;
let own: { account: string; key: string; member: string; admin: string };

/** A stack with something declared in the home project of the admin account and in the organization. */
beforeEach(async () => {
  world = await startWorld();
  stack = world.stack();
  [home] = world.projects;
  await stack.up({
    jane: ["projectRoleBinding", { project: home, member: "jane@example.com", role: "project.user" }],
    grace: [
      "orgAdminBinding",
      { organization: world.organization, member: "grace@example.com", adopt: true },
    ],
  });
  world.cloud.acceptInvitation("jane@example.com");
  for (const { name, email } of world.cloud.members.list(world.organization))
    if (![world.admin.email, "grace@example.com"].includes(email)) world.cloud.members.delete(name);
  const id = world.admin.name.split("/").at(-1)!;
  own = {
    account: world.admin.name,
    key: `${world.admin.name}/keys/${world.admin.keyId}`,
    member: `${home}/members/${id}`,
    admin: `${world.organization}/members/${id}`,
  };
  world.cloud.members.create({ scope: home, email: world.admin.email, roles: ["roles/project.admin"] });
});

const run = (args: string[], env: Record<string, string> = {}): Promise<Run> =>
  cli(args, { env: { ...world.settings, ...env }, input: JSON.stringify(exported(stack)) });
const drift = async (args: string[] = [], env: Record<string, string> = {}) => {
  const { stdout, stderr, exitCode } = await run(["drift", "--state", "-", "--format", "json", ...args], env);
  if (stdout === "") throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as { findings: { id: string; class: string }[] };
  return { exitCode, found: findings.map(({ class: kind, id }) => `${kind} ${id}`).sort() };
};
const nameOf = ({ email }: Credentials): string =>
  world.cloud.accounts.list().find((account) => account.email === email)!.name;
const selves = () => Object.values(own).map((id) => `self ${id}`);

test("The account, the key and the access of the login are no drift, and the text says them once.", async () => {
  expect(await drift()).toEqual({ exitCode: 0, found: selves().sort() });
  const { stdout } = await run(["drift", "--state", "-"]);
  expect(stdout.match(/Pulumi itself runs as/g)).toHaveLength(1);
  expect(stdout).toContain(
    `<${world.admin.email}>: account, key ${world.admin.keyId}, administrator of Example Company, admin in `,
  );
});

test("With --strict they count as unmanaged access does.", async () => {
  expect((await drift(["--strict"])).exitCode).toBe(2);
  expect((await drift(["--strict", "--fail-on", "changed"])).exitCode).toBe(0);
  expect((await drift(["--fail-on", "self"])).exitCode).toBe(2);
});

test("Another key of the login's account is unmanaged, because somebody else may have it.", async () => {
  const { name } = world.cloud.keys.create({ account: own.account });
  expect(await drift()).toEqual({ exitCode: 2, found: [...selves(), `unmanaged ${name}`].sort() });
});

test("Another account stays unmanaged, with its access.", async () => {
  const other = world.identity({ [home]: "project.admin" });
  const id = nameOf(other).split("/").at(-1)!;
  expect(await drift()).toEqual({
    exitCode: 2,
    found: [...selves(), `unmanaged ${nameOf(other)}`, `unmanaged ${home}/members/${id}`].sort(),
  });
});

describe("With Basic authentication", () => {
  const basic = { DT_AUTH: "basic", DT_OIDC_EMAIL: "" };
  beforeEach(() => void world.cloud.accounts.update(own.account, { enableBasicAuth: true }));

  test("the account that owns the key is the identity.", async () => {
    expect(await drift([], basic)).toEqual({ exitCode: 0, found: selves().sort() });
  });

  test("an email in the settings that belongs to another account does not hide that account.", async () => {
    const other = world.identity({ [home]: "project.admin" });
    const { exitCode, found } = await drift([], { ...basic, DT_OIDC_EMAIL: other.email });
    expect({ exitCode, other: found.filter((each) => each.includes(nameOf(other))) }).toEqual({
      exitCode: 2,
      other: [`unmanaged ${nameOf(other)}`],
    });
    expect(found).toEqual(expect.arrayContaining(selves()));
  });
});

test("With several logins, the identity of each one is known.", async () => {
  const [, project] = world.projects;
  const login = world.identity({ [home]: "project.user", [project]: "project.admin" });
  await stack.up({
    jane: ["projectRoleBinding", { project: home, member: "jane@example.com", role: "project.user" }],
    joe: ["projectRoleBinding", { project, member: "joe@example.com", role: "project.user" }],
  });
  world.cloud.acceptInvitation("joe@example.com");
  const state = exported(stack);
  const urn = "urn:pulumi:test::access::pulumi:providers:pulumi-nodejs::company-b";
  const { resources } = state.deployment;
  resources.push({ urn, custom: true, id: "u", type: "pulumi:providers:pulumi-nodejs" });
  resources.find((resource) => resource.urn.endsWith("::joe"))!.provider = `${urn}::u`;
  const file = join(folder(), "b.json");
  writeFileSync(file, credentialsOf(login));
  const { stdout } = await cli(
    ["drift", "--state", "-", "--format", "json", "--credentials", `company-b=${file}`],
    { env: { ...world.settings }, input: JSON.stringify(state) },
  );
  const { findings } = JSON.parse(stdout) as { findings: { id: string; class: string }[] };
  const id = nameOf(login).split("/").at(-1)!;
  expect(findings.map(({ class: kind, id: name }) => `${kind} ${name}`)).toEqual(
    expect.arrayContaining([
      `self ${nameOf(login)}`,
      `self ${home}/members/${id}`,
      `self ${project}/members/${id}`,
      `self ${own.account}`,
    ]),
  );
  expect(findings.filter(({ class: kind }) => kind === "unmanaged")).toEqual([]);
});

const credentialsOf = ({ keyId, secret, email }: Credentials): string =>
  JSON.stringify({
    apiUrl: world.url,
    serviceAccount: { keyId, secret, email, algorithm: "HS256", tokenEndpoint: world.tokenEndpoint },
  });
