import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed } from "./access";
import * as cli from "./harness/cli";
import { doors } from "./harness/doors";

jest.setTimeout(300_000);

let emulator: Emulator;
let organization: string;
let doomed: string;
describe.each(doors)("of %s,", (_name, door) => {
  let stack: cli.CliStack;
  /** The state with everything in it, before the project is deleted. */
  let full: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    organization = emulator.cloud.organizations.list()[0]!.name;
    doomed = emulator.cloud.projects.create({ organization, displayName: "Doomed" }).name;
    stack = await cli.stack({ files: { "index.js": program(true) }, env: { ...emulator.settings } });
    await must(stack.up());
    // A resource that has been read once is no longer treated as just created. The provider waits for a 404 of
    // a new one.
    await must(stack.refresh());
    full = (await must(stack.run("stack", "export"))).stdout;
    emulator.cloud.projects.delete(doomed);
  });
  afterAll(() => emulator.close());

  /**
   * A binding that stays, and one resource of each type in the project that will be deleted, as far as the
   * program still has it.
   */
  const program = (isWhole: boolean) => `
${door.script}
declare("ProjectRoleBinding", "stays", {
  project: "${projectNamed(emulator, "Production")}", member: "grace@example.com", role: "project.user",
});
if (${isWhole}) {
  const project = "${doomed}";
  const account = declare("ServiceAccount", "erp", { project, displayName: "ERP" });
  declare("ServiceAccountKey", "erp", { serviceAccount: account.id, overlap: "0" });
  declare("ProjectRoleBinding", "erp", { project, member: account.email, role: "project.user" });
  declare("ProjectRoleBinding", "jane", { project, member: "jane@example.com", role: "project.user" });
  declare("ProjectAccess", "all", { project, members: ["jane@example.com"], ignore: ["*.d21s.com"] });
}`;

  async function must(run: Promise<cli.CliRun>): Promise<cli.CliRun> {
    const done = await run;
    if (done.exitCode !== 0) throw new Error(`${done.exitCode}\n${done.text}`);
    return done;
  }

  async function restore(): Promise<void> {
    stack.write("full.json", full);
    stack.write("index.js", program(true));
    await must(stack.run("stack", "import", "--file", "full.json"));
  }

  /** The names and types of the resources that the state holds in the deleted project. */
  async function left(): Promise<string[]> {
    const { deployment } = (await must(stack.run("stack", "export"))).json() as {
      deployment: { resources?: { urn: string; id?: string }[] };
    };
    const resources = deployment.resources ?? [];
    return resources.filter(({ id = "" }) => id.startsWith(doomed)).map(({ urn }) => urn);
  }

  test("a refresh removes all of them from the state", async () => {
    await must(stack.refresh());
    // A retirement does not exist in the cloud.
    expect((await left()).filter((urn) => !urn.includes("KeyRetirement"))).toEqual([]);
  });

  test("up succeeds, with and without a refresh, after the program has dropped them", async () => {
    for (const options of [["--refresh"], []]) {
      await restore();
      stack.write("index.js", program(false));
      await must(stack.up(...options));
      expect(await left()).toEqual([]);
    }
  });

  test("destroy succeeds", async () => {
    await restore();
    await must(stack.destroy());
    expect(emulator.cloud.members.list(projectNamed(emulator, "Production"))).toEqual([]);
  });

  test("a user who can't see whether the project is deleted gets one command, which removes it from the state", async () => {
    await restore();
    const { keyId, secret, email } = emulator.cloud.credentials(
      emulator.cloud.accounts.create({ project: projectNamed(emulator, "Development") }).name,
    );
    emulator.cloud.members.create({
      scope: projectNamed(emulator, "Production"),
      email,
      roles: ["roles/project.admin"],
    });
    Object.assign(stack.env, { DT_API_KEY_ID: keyId, DT_API_KEY_SECRET: secret, DT_OIDC_EMAIL: email });
    const before = await left();
    const { exitCode, text } = await stack.refresh();
    expect(exitCode).not.toBe(0);
    expect(text).toContain("Nothing was taken as deleted");
    expect(await left()).toEqual(before);

    const commands = [...new Set(text.match(/pulumi state delete 'urn.*/g))];
    expect(commands).toHaveLength(1);
    const urns = [...commands[0]!.matchAll(/'([^']+)'/g)].map(([, urn]) => urn!);
    expect(new Set(urns)).toEqual(new Set(before));
    expect(commands[0]).toMatch(/ --target-dependents$/);
    await must(stack.run("state", "delete", ...urns, "--target-dependents", "--yes"));
    stack.write("index.js", program(false));
    await must(stack.up("--refresh"));
    expect(await left()).toEqual([]);
  });

  test("a refresh adds the organization to a state of an earlier version, and shows no drift", async () => {
    Object.assign(stack.env, emulator.settings);
    const state = JSON.parse((await must(stack.run("stack", "export"))).stdout) as {
      deployment: { resources: { outputs?: Record<string, unknown> }[] };
    };
    for (const { outputs } of state.deployment.resources) delete outputs?.projectOrganization;
    stack.write("old.json", JSON.stringify(state));
    await must(stack.run("stack", "import", "--file", "old.json"));
    for (const command of [
      ["refresh", "--preview-only", "--expect-no-changes"],
      ["preview", "--refresh", "--expect-no-changes"],
      ["preview", "--expect-no-changes"],
    ])
      await must(stack.run(...command));
    await must(stack.refresh());
    expect(stack.stateText()).toContain(`"projectOrganization":"${organization}"`);
  });
});
