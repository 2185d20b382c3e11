import { startWorld, type World } from "../provider/world";
import { cli, containing, folder, matching } from "./command";
import { exported } from "./state";

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld({
    seed: {
      users: [{ email: "anna@example.com", displayName: "Anna" }, { email: "j.doe@example.com" }],
      organizations: [
        {
          displayName: "Example Company",
          projects: [
            { displayName: "home" },
            { id: "p1", displayName: "Production" },
            { id: "p2", displayName: "Twin" },
            { id: "p3", displayName: "Twin" },
            { id: "p4", displayName: "日本" },
          ],
        },
      ],
    },
  });
  project = "projects/p1";
});
const run = (...args: string[]) => cli(args, { env: { ...world.settings } });
const join = (scope: string, email: string, ...roles: string[]) =>
  world.cloud.members.create({ scope, email, roles: roles.length === 0 ? ["roles/project.user"] : roles });

test("A program names places and people by their display names.", async () => {
  for (const email of ["anna@example.com", "j.doe@example.com"]) join(project, email);
  const erp = world.cloud.accounts.create({ project, displayName: "ERP" });
  world.cloud.keys.create({ account: erp.name });
  join(project, erp.email);
  const { stdout } = await run("export", "--project", project);
  expect(stdout).toContain('const production = "p1"; // Production (projects/p1)\n');
  expect([...stdout.matchAll(/new dt\.\w+\("([^"]+)"/g)].map(([, name]) => name)).toEqual([
    "erp",
    "erp-key",
    expect.stringMatching(/./),
    expect.stringMatching(/./),
    expect.stringMatching(/./),
  ]);
  for (const name of ["anna-in-production", "j-doe-in-production", "erp-in-production"])
    expect(stdout).toContain(`new dt.ProjectRoleBinding("${name}", {\n  project: production,\n`);
  expect(stdout).toContain('const erp = new dt.ServiceAccount("erp", {\n  project: production,\n');
});

test("Places with one display name are told apart by their ids, and one without Latin letters has its id.", async () => {
  for (const scope of ["projects/p2", "projects/p3", "projects/p4"]) join(scope, "anna@example.com");
  const places = ["p2", "p3", "p4"].flatMap((id) => ["--project", id]);
  const { stdout } = await run("export", ...places);
  expect([...stdout.matchAll(/^const (\w+) = "(p\d)"/gm)].map(([, name, id]) => [name, id])).toEqual([
    ["twinP2", "p2"],
    ["twinP3", "p3"],
    ["p4", "p4"],
  ]);
  for (const name of ["anna-in-twin-p2", "anna-in-twin-p3", "anna-in-p4"])
    expect(stdout).toContain(`"${name}"`);
});

test("Names select what is exported; a thing that is not undeclared is an error.", async () => {
  const { name } = join(project, "anna@example.com");
  join(project, "j.doe@example.com");
  const { stdout } = await run("export", "--project", project, name);
  expect(stdout.match(/new dt\./g)).toHaveLength(1);
  expect(await run("export", "--project", project, `${project}/members/none`)).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: containing("is not undeclared"),
  });
});

test("What is left out comes with the reason and with what to do, as text and as JSON.", async () => {
  const { name } = join(project, "anna@example.com", "roles/project.user", "roles/project.admin");
  const account = world.cloud.accounts.create({ project, displayName: "" });
  const { stderr } = await run("export", "--project", project);
  expect(stderr).toContain(`${name} (anna@example.com): it has 2 roles`);
  expect(stderr).toContain(`  leave it one role, and export again, or accept it: pulumi-dt record ${name} `);
  expect(stderr).toContain("  give it a display name, and export again\n");
  const { stdout } = await run("export", "--project", project, "--json");
  expect(JSON.parse(stdout)).toEqual({
    resources: [],
    leftOut: [
      {
        id: account.name,
        email: account.email,
        reason: matching(/no display name/),
        remedy: matching(/display name/),
      },
      {
        id: name,
        email: "anna@example.com",
        reason: matching(/2 roles/),
        remedy: matching(/record/),
      },
    ],
    text: containing("import * as dt"),
  });
});

test("--json lists the resources by their names in the program.", async () => {
  const { name } = join(project, "anna@example.com");
  const file = `${folder()}/index.ts`;
  const { stdout } = await run("export", "--project", project, "--json", "--out", file);
  expect(JSON.parse(stdout)).toEqual({
    resources: [{ type: "ProjectRoleBinding", name: "anna-in-production", id: name }],
    leftOut: [],
    file,
  });
  expect(await run("export", "--project", project, "--out", file)).toMatchObject({
    exitCode: 1,
    stderr: `error: --out ${file} can't be written: it exists already\n`,
  });
});

test("Without a stack, the error proposes the places that the credentials see.", async () => {
  const env = { ...world.settings, PATH: "/nowhere" };
  const result = await cli(["export"], { env });
  expect(result).toMatchObject({ exitCode: 1, stdout: "", stderr: containing("Name a stack with --stack") });
  expect(result.stderr).toContain("pulumi-dt export --project p1   (Production)\n");
  const without = await cli(["export"], { env: { PATH: "/nowhere" } });
  expect(without).toMatchObject({
    exitCode: 1,
    stderr: containing("a place with --project or --organization"),
  });
});

test("The identity that Pulumi runs as is exported, too, so that it can be declared.", async () => {
  const stack = world.stack();
  const [home] = world.projects;
  await stack.up({
    jane: ["projectRoleBinding", { project: home, member: "jane@x.example", role: "project.user" }],
  });
  const { stdout } = await cli(["export", "--state", "-"], {
    env: { ...world.settings },
    input: JSON.stringify(exported(stack)),
  });
  expect(stdout).toContain(`adopt: "${world.admin.keyId}"`);
});
