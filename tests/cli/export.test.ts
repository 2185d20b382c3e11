import { transpileModule, ModuleKind } from "typescript";
import { startWorld, type World } from "../provider/world";
import { cli, containing, folder } from "./command";
import { withDoor } from "./doors";
import { exported } from "./state";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
});
const run = (...args: string[]) => cli(args, { env: { ...world.settings } });

/** Answers with invalid names, each with its list. */
const answers: Record<string, (evil: string) => [path: string, body: object]> = {
  "a member": (evil) => [
    `${project}/members`,
    {
      members: [
        { name: `projects/${evil}/members/1`, email: "a@example.com", roles: ["roles/project.user"] },
      ],
    },
  ],
  "an account": (evil) => [
    `${project}/serviceaccounts`,
    { serviceAccounts: [{ name: `${project}/serviceaccounts/${evil}`, email: "a@b", displayName: "ERP" }] },
  ],
  "a key": (evil) => {
    const { name } = world.cloud.accounts.list(project)[0]!;
    return [`${name}/keys`, { keys: [{ name: `${name}/keys/${evil}`, id: evil }] }];
  },
};
const evils = ["p\nprocess.exit(1);//", "p/../../organizations/o", "p?pageSize=1", "\u2028"];

describe.each(Object.keys(answers))("If the API returns an invalid name for %s, export", (kind) => {
  test.each(evils)("writes nothing and reports it: %j", async (evil) => {
    world.cloud.accounts.create({ project, displayName: "ERP" });
    const [path, body] = answers[kind]!(evil);
    world.faults.add({
      path: `/v2/${path}`,
      effect: { kind: "respond", status: 200, body },
      times: "untilCleared",
    });
    const file = join(folder(), "index.ts");
    const { exitCode, stdout, stderr } = await run("export", "--project", project, "--out", file);
    expect({ exitCode, stdout, isWritten: existsSync(file) }).toEqual({
      exitCode: 1,
      stdout: "",
      isWritten: false,
    });
    expect(stderr).toContain("malformed answer");
    const paths = world.requests.map(({ path: asked }) => decodeURIComponent(asked));
    expect(paths.filter((asked) => asked.includes(evil))).toEqual([]);
  });
});

test("Texts of the API become strings in the program, in which nothing is hidden, reordered or a command to a CI runner.", async () => {
  const names = [
    '\u202e "); evil(); //',
    "::error::x\n##vso[task.complete]",
    "\u001b[2J",
    "*/ ${x} `",
    "x\u2028",
  ];
  for (const displayName of names) world.cloud.accounts.create({ project, displayName });
  const { exitCode, stdout } = await run("export", "--project", project, "--no-keys");
  expect(exitCode).toBe(0);
  for (const hidden of ["\u202e", "\u2028", "\u001b", "\n::error", "##vso"])
    expect(stdout).not.toContain(hidden);
  const { outputText } = transpileModule(stdout, { compilerOptions: { module: ModuleKind.CommonJS } });
  const found: string[] = [];
  function ServiceAccount(_name: string, { displayName }: { displayName: string }): void {
    found.push(displayName);
  }
  runInNewContext(outputText, { require: () => ({ ServiceAccount }), exports: {} });
  expect(found.sort()).toEqual([...names].sort());
});

test("whoami sends no request for a project with an invalid name.", async () => {
  const body = { projects: [{ name: "projects/../organizations/o" }] };
  world.faults.add({
    path: "/v2/projects",
    effect: { kind: "respond", status: 200, body },
    times: "untilCleared",
  });
  expect(await run("whoami")).toMatchObject({
    exitCode: 1,
    stderr: containing("malformed answer: projects.0.name"),
  });
});

test("A program for a stack with the plugin's resources imports the plugin's package; the program of a mixed stack imports pulumi-dt.", async () => {
  const stack = world.stack();
  await stack.up({
    list: ["projectAccess", { project, members: ["sue@example.com"] }],
    sue: ["projectRoleBinding", { project, member: "sue@example.com", role: "project.user" }],
  });
  const packageFor = async (door: Parameters<typeof withDoor>[1]) => {
    const input = JSON.stringify(withDoor(exported(stack), door));
    const { stdout } = await cli(["export", "--state", "-"], { env: { ...world.settings }, input });
    return /^import \* as dt from "([^"]+)";$/m.exec(stdout)?.[1];
  };
  expect(await packageFor("plugin")).toBe("pulumi-disruptive");
  expect(await packageFor("dynamic")).toBe("pulumi-dt");
  expect(await packageFor("mixed")).toBe("pulumi-dt");
});
