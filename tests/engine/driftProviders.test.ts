import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";
import { afterwards, scratchFolder } from "./harness/scratch";

jest.setTimeout(300_000);

interface Report {
  findings: { class: string; id: string; message: string }[];
  coverage: { declared: { resources: number; projects: number }; notLookedAt: { what: string }[] };
}

test("Drift checks a stack with two providers, of two companies in two clouds, completely with a login for each, and respects the options that the state records.", async () => {
  const world: World = await startWorld();
  const b = await startEmulator();
  afterwards(() => void b.close());
  const [, project] = world.projects as [string, string];
  const site = b.cloud.projects.list().at(-1)!.name;
  const program = `
const dt = require("pulumi-dt");
const provider = new dt.Provider("company=b", ${JSON.stringify({
    email: b.admin.email,
    keyId: b.admin.keyId,
    keySecret: b.admin.secret,
    apiUrl: b.url,
    tokenEndpoint: b.tokenEndpoint,
  })});
new dt.ServiceAccount("erp", { project: "${project}", displayName: "ERP" }, { ignoreChanges: ["displayName"] });
new dt.ServiceAccount("crm", { project: "${project}", displayName: "CRM" }, { ignoreChanges: ["*"] });
new dt.ServiceAccount("b", { project: "${site}", displayName: "B" }, { provider });
new dt.ProjectRoleBinding("bo", { project: "${site}", member: "bo@example.com", role: "project.user" }, { provider });
`;
  const stack = await engine.stack({
    files: { "index.js": program },
    packageJson: { main: "index.js" },
    env: { ...world.settings },
  });
  const { text, exitCode } = await stack.up();
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  const { stdout: input } = await stack.run("stack", "export");
  const file = join(scratchFolder("credentials"), "b.json");
  const { email, keyId, secret } = b.admin;
  const serviceAccount = { email, keyId, secret, algorithm: "HS256", tokenEndpoint: b.tokenEndpoint };
  writeFileSync(file, JSON.stringify({ serviceAccount, apiUrl: b.url }));
  const drift = async (...args: string[]) => {
    const run = await command(["drift", "--state", "-", "--format", "json", ...args], {
      env: { ...world.settings },
      input,
    });
    return { ...run, report: run.stdout === "" ? undefined : (JSON.parse(run.stdout) as Report) };
  };
  const withB = ["--credentials", `company=b=${file}`];

  const alone = await drift();
  expect(alone.exitCode).toBe(3);
  expect(alone.report!.findings.map(({ class: kind }) => kind)).toEqual(["unread", "unread"]);
  for (const { message } of alone.report!.findings)
    expect(message).toContain(
      'its provider "company=b" has a login of its own: give it by --credentials company=b=FILE',
    );

  const ids = ({ report }: { report: Report | undefined }) =>
    report!.findings
      .filter(({ class: kind }) => kind !== "pending")
      .map(({ class: kind, id }) => `${kind} ${id}`);
  const both = await drift(...withB);
  expect({ exitCode: both.exitCode, found: ids(both), err: both.stderr }).toEqual({
    exitCode: 0,
    found: [],
    err: "",
  });
  expect(both.report!.coverage.declared).toMatchObject({ resources: 4, projects: 2 });

  const byName = (displayName: string, cloud: World["cloud"], where: string) =>
    cloud.accounts.list(where).find((account) => account.displayName === displayName)!.name;
  const ofB = byName("B", b.cloud, site);
  b.cloud.accounts.update(ofB, { displayName: "?" });
  const stray = b.cloud.accounts.create({ project: site, displayName: "stray" }).name;
  for (const name of ["ERP", "CRM"])
    world.cloud.accounts.update(byName(name, world.cloud, project), { displayName: "?" });
  const drifted = await drift(...withB);
  expect({ exitCode: drifted.exitCode, found: ids(drifted) }).toEqual({
    exitCode: 2,
    found: [`unmanaged ${stray}`, `changed ${ofB}`],
  });

  // Pulumi itself treats the ignored property in the same way.
  const preview = await stack.run("preview", "--refresh", "--json");
  const { steps } = preview.json() as { steps: { op: string; urn: string }[] };
  expect(steps.filter(({ op }) => op === "update").map(({ urn }) => urn.split("::").at(-1))).toEqual(["b"]);

  for (const [args, said] of [
    [["--credentials", "c=x.json"], 'the state has the providers "company=b"'],
    [["--credentials", "company=b="], "names no file"],
    [["--credentials", "company=b=/nowhere.json"], "can't be read: ENOENT"],
  ] as const)
    expect(await drift(...args)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(said) as string,
    });

  const exported = await command(["export", "--state", "-"], { env: { ...world.settings }, input });
  expect(exported).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('left out: the places where only the provider "company=b"') as string,
  });
  const report = await command(["report", "--state", "-", "--html", ...withB], {
    env: { ...world.settings },
    input,
  });
  expect(report).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("bo@example.com") as string });
});
