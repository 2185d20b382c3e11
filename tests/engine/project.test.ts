import { join } from "node:path";
import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as cli from "./harness/cli";
import { doors } from "./harness/doors";

jest.setTimeout(400_000);

describe.each(doors)("of %s,", (_name, door) => {
  let world: World;
  beforeEach(async () => void (world = await startWorld()));

  const projects = () => world.cloud.projects.list();
  const named = (displayName: string) => projects().filter((project) => project.displayName === displayName);
  const projectProgram = (inputs: object, name = "client", more = "") => `
${door.script}
const client = declare("Project", "${name}", ${JSON.stringify({ organization: world.organization, displayName: "Client B", ...inputs })});
exports.id = client.id;
${more}`;
  const stackOf = (program: string) =>
    cli.stack({ files: { "index.js": program }, env: { ...world.settings, DT_RETRY_DELAY: "0.1" } });
  async function must(running: Promise<cli.CliRun>): Promise<cli.CliRun> {
    const run = await running;
    expect({ text: run.text, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
    return run;
  }
  const writes = () => world.writes().map((call) => call.replace(/projects\/\w{20}/, "P"));

  test("a project is created, is quiet, changes in place and is destroyed", async () => {
    const stack = await stackOf(projectProgram({ labels: { customer: "b" } }));
    await must(stack.preview());
    expect(named("Client B")).toEqual([]);
    await must(stack.up());
    const { name } = named("Client B")[0]!;
    await must(stack.preview("--refresh", "--expect-no-changes"));
    await must(stack.up("--refresh", "--expect-no-changes"));

    world.requests.clear();
    stack.write("index.js", projectProgram({ displayName: "Client BB", labels: { customer: "b" } }));
    expect((await must(stack.up())).text).toMatch(/~ .*Project client updat/);
    expect(writes()).toEqual(["PATCH P"]);
    expect(named("Client BB")).toMatchObject([{ name, labels: { customer: "b" } }]);

    world.requests.clear();
    stack.write("index.js", projectProgram({ displayName: "Client BB", labels: { customer: "c" } }));
    await must(stack.up());
    expect(writes()).toEqual(["POST projects:batchUpdate"]);
    world.cloud.projects.update(name, { displayName: "by hand", labels: { customer: "c", other: "x" } });
    expect((await stack.preview("--refresh", "--expect-no-changes")).exitCode).not.toBe(0);
    await must(stack.up("--refresh"));
    expect(named("Client BB")).toMatchObject([{ name, labels: { customer: "c" } }]);
    await must(stack.preview("--refresh", "--expect-no-changes"));

    await must(stack.destroy());
    expect(named("Client BB")).toEqual([]);
  });

  test("a client from nothing is previewed, created in one up, and destroyed in one", async () => {
    const before = projects().length;
    const stack = await stackOf(
      projectProgram(
        {},
        "client",
        `
const account = declare("ServiceAccount", "erp", { project: client.id, displayName: "ERP" });
declare("ServiceAccountKey", "erp", { serviceAccount: account.id, overlap: "0" });
declare("ProjectRoleBinding", "erp", { project: client.id, member: account.email, role: "project.user" });
declare("ProjectRoleBinding", "jane", { project: client.id, member: "jane@example.com", role: "project.admin" });
declare("ProjectAccess", "all", { project: client.id, members: ["jane@example.com", account.email] });`,
      ),
    );
    await must(stack.preview());
    await must(stack.up());
    const { name } = named("Client B")[0]!;
    expect(world.cloud.accounts.list(name)).toHaveLength(1);
    expect(world.cloud.members.list(name)).toHaveLength(2);
    await must(stack.preview("--refresh", "--expect-no-changes"));
    await must(stack.destroy());
    expect(projects()).toHaveLength(before);
  });

  test("a project that is not empty is kept with an error that says what is in it, and `retain` leaves it", async () => {
    const stack = await stackOf(projectProgram({}));
    await must(stack.up());
    const { name } = named("Client B")[0]!;
    world.cloud.projects.update(name, { sensorCount: 7 });
    const refused = await stack.destroy();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toContain(`refused: ${name} ("Client B") is not empty: it has 7 sensors`);
    stack.write("index.js", projectProgram({ deletion: "retain" }));
    await must(stack.up());
    expect((await must(stack.destroy())).text).toContain("in the cloud, because its deletion is");
    expect(named("Client B")).toHaveLength(1);
  });

  test("a resource that gets another name keeps the project: by an alias, or by adopt", async () => {
    const stack = await stackOf(projectProgram({}));
    await must(stack.up());
    const { name } = named("Client B")[0]!;
    stack.write("index.js", projectProgram({}, "client-2"));
    const refused = await stack.up();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toContain('aliases: [{ name: "client" }]');
    expect(named("Client B")).toHaveLength(1);
    stack.write("index.js", projectProgram({ adopt: name }, "client-2"));
    expect((await must(stack.up())).text).toContain(`kept ${name}`);
    expect(named("Client B")).toHaveLength(1);
    await must(stack.preview("--refresh", "--expect-no-changes"));
    await must(stack.destroy());
    expect(named("Client B")).toEqual([]);
  });

  test("two resources for one project are refused before anything is created", async () => {
    const twin = (args: object) =>
      `declare("Project", "twin", ${JSON.stringify({ organization: world.organization, displayName: "Client B", ...args })});`;
    const stack = await stackOf(projectProgram({}, "client", twin({})));
    const refused = await stack.preview();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toMatch(/same thing/);
    const adopt = world.projects[1];
    stack.write(
      "index.js",
      projectProgram({ adopt }, "client", twin({ adopt: adopt.slice("projects/".length) })),
    );
    expect((await stack.preview()).text).toMatch(/same thing/);
  });

  test("drift reports a changed and a missing project, and reads the state", async () => {
    const stack = await stackOf(projectProgram({ labels: { customer: "b" } }));
    await must(stack.up());
    const { name } = named("Client B")[0]!;
    const drift = async () => {
      const { stdout: input } = await must(stack.run("stack", "export"));
      const { stdout } = await command(["drift", "--state", "-", "--format", "json"], {
        env: { ...world.settings },
        input,
      });
      return (JSON.parse(stdout) as { findings: { class: string; id: string; message: string }[] }).findings;
    };
    expect(await drift()).toEqual([]);
    const { stdout: input } = await must(stack.run("stack", "export"));
    for (const args of [["export"], ["report", "--html", join(stack.folder, "access.html")]]) {
      const run = await command([...args, "--state", "-"], { env: { ...world.settings }, input });
      expect(run).toMatchObject({ exitCode: 0 });
    }
    stack.write("index.js", projectProgram({}, "client-2"));
    const preview = (await must(stack.preview("--json"))).stdout;
    const guard = await command(["guard", "-"], { env: { ...world.settings }, input: preview });
    expect(guard).toMatchObject({ exitCode: 0 });
    world.cloud.projects.update(name, { displayName: "by hand", labels: { customer: "c" } });
    const [changed, ...others] = await drift();
    expect(others).toEqual([]);
    expect(changed).toMatchObject({ class: "changed", id: name });
    expect(changed!.message).toContain('displayName is "by hand", declared "Client B"');
    expect(changed!.message).toContain('labels is "customer=c", declared "customer=b"');
    world.cloud.members.create({ scope: name, email: "grace@example.com", roles: ["roles/project.user"] });
    expect((await drift()).map(({ class: kind }) => kind)).toEqual(["unmanaged", "changed"]);
    world.cloud.projects.delete(name);
    expect(await drift()).toMatchObject([{ class: "missing", id: name }]);
  });
});

test.each(["its API name", "its id", "its organization and display name"])(
  "the plugin imports a project by %s, and the program with its inputs previews clean",
  async (by) => {
    const world = await startWorld();
    const { organization } = world;
    const labels = { customer: "b" };
    const location = { latitude: 59.9, longitude: 10.7, timeLocation: "Europe/Oslo" };
    const { name } = world.cloud.projects.create({ organization, displayName: "Client B", labels, location });
    const id = name.slice("projects/".length);
    const given = {
      "its API name": name,
      "its id": id,
      "its organization and display name": `${organization.slice("organizations/".length)}/Client B`,
    }[by]!;
    const [[, plugin]] = doors.filter(([title]) => title.startsWith("the plugin")) as [(typeof doors)[1]];
    const stack = await cli.stack({ files: { "index.js": "" }, env: { ...world.settings } });
    const type = plugin.typeOf("Project");
    const imported = await stack.run(
      ...["import", type, "client", given, "--yes", "--skip-preview", "--protect=false"],
      ...["--generate-code=false"],
    );
    expect({ text: imported.text, exitCode: imported.exitCode }).toMatchObject({ exitCode: 0 });
    const { deployment } = (await stack.run("stack", "export")).json() as {
      deployment: { resources: { type: string; id?: string; inputs: object }[] };
    };
    const resource = deployment.resources.find((each) => each.type === type)!;
    expect(resource).toMatchObject({
      id: name,
      inputs: { organization, displayName: "Client B", labels, location, deletion: "empty" },
    });
    stack.write(
      "index.js",
      `${plugin.script}\ndeclare("Project", "client", ${JSON.stringify({ organization, displayName: "Client B", labels, location })});`,
    );
    const preview = await stack.preview("--refresh", "--expect-no-changes", "--diff");
    expect({ text: preview.text, exitCode: preview.exitCode }).toMatchObject({ exitCode: 0 });
  },
);
