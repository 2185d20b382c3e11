import { cli as command, containing, folder } from "../cli/command";
import { startWorld, type World } from "../provider/world";
import * as engine from "./harness/cli";
import { doors } from "./harness/doors";
import { readFileSync } from "node:fs";
import { join } from "node:path";

jest.setTimeout(300_000);

interface Reviewed {
  summary: { text: string; exitCode: number; counts: Record<string, number> };
  access: {
    member: { email: string; displayName: string; kind: string; resource?: string };
    place: { name: string; displayName: string };
    change: string;
    before: string;
    after: string;
  }[];
  projects: { change: string; displayName: string }[];
  accounts: { change: string; displayName: string; reached: Record<string, string> }[];
  keys: { change: string; account: string; keyId: string; why: string }[];
  refusals: { why: string; role: string }[];
  renames: { outcome: string }[];
  lists: { place: { name: string }; removed: { email: string }[] }[];
}

describe.each(doors)("pulumi-dt review of a real preview, %s", (_name, door) => {
  let world: World;
  let stack: engine.CliStack;
  let project: string;
  let organization: string;

  beforeAll(async () => {
    world = await startWorld();
    [, project] = world.projects as [string, string];
    organization = world.organization;
    stack = await engine.stack({
      files: { "index.js": "" },
      packageJson: { main: "index.js" },
      env: { ...world.settings },
    });
  });

  const write = (body: string): void => stack.write("index.js", `${door.script}\n${body}`);
  const up = async (body: string): Promise<void> => {
    write(body);
    const { text, exitCode } = await stack.up();
    expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  };
  /** The output of a preview of a program. */
  const previewOf = async (body: string): Promise<string> => {
    write(body);
    return (await stack.run("preview", "--json", "--show-sames")).stdout;
  };
  const review = (input: string, args: string[] = [], env: Record<string, string> = { ...world.settings }) =>
    command(["review", ...args], { env, input });
  async function reviewed(input: string, args: string[] = []): Promise<Reviewed> {
    const { stdout, stderr } = await review(input, ["--json", ...args]);
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Reviewed;
  }

  const ann = (role: string, name = "ann"): string =>
    `declare("ProjectRoleBinding", "${name}", { project: "${project}", member: "ann@example.com", role: "${role}" });`;
  const erp =
    () => `const erp = declare("ServiceAccount", "erp", { project: "${project}", displayName: "ERP" });
declare("ServiceAccountKey", "erp", { serviceAccount: erp.id, rotationTriggers: { by: "1" } });
declare("ProjectRoleBinding", "erp", { project: "${project}", member: erp.email, role: "project.user" });`;

  test("It names who gains access where, an account by its resource, and the key that is made.", async () => {
    const { access, accounts, keys, summary } = await reviewed(await previewOf(ann("project.user") + erp()));
    expect(
      access.map(({ member, change, before, after }) => ({
        who: member.email || member.displayName,
        change,
        before,
        after,
      })),
    ).toEqual([
      { who: "ann@example.com", change: "new", before: "", after: "roles/project.user" },
      { who: "ERP", change: "new", before: "", after: "roles/project.user" },
    ]);
    expect(access[0]?.place.displayName).not.toBe("");
    expect(accounts.map(({ change, displayName }) => [change, displayName])).toEqual([["created", "ERP"]]);
    expect(keys.map(({ change }) => change)).toEqual(["made"]);
    expect(summary.counts).toMatchObject({ broadening: 2, key: 1, admin: 0, lockout: 0 });
    await up(ann("project.user") + erp());
    const quiet = await review(await previewOf(ann("project.user") + erp()));
    expect(quiet).toMatchObject({ exitCode: 0, stdout: containing("no access changes") });
  });

  test("A broader role is marked; the exit code follows --fail-on; a role that was changed by hand is the present one.", async () => {
    const wider = await previewOf(ann("project.admin") + erp());
    expect((await reviewed(wider)).access).toMatchObject([
      { change: "broader", before: "roles/project.user", after: "roles/project.admin", isAdmin: true },
    ]);
    expect(await review(wider)).toMatchObject({ exitCode: 0 });
    expect(await review(wider, ["--fail-on", "admin"])).toMatchObject({
      exitCode: 2,
      stdout: containing("▲ broader, admin"),
    });
    expect(await review(wider, ["--fail-on", "external", "--domain", "example.com"])).toMatchObject({
      exitCode: 0,
    });
    expect(await review(wider, ["--fail-on", "external", "--domain", "example.org"])).toMatchObject({
      exitCode: 2,
    });
    expect(await review(wider, ["--fail-on", "external"])).toMatchObject({
      exitCode: 1,
      stderr: containing("--domain"),
    });
    const [member] = world.cloud.members.list(project).filter(({ email }) => email === "ann@example.com");
    world.cloud.members.update(member!.name, { roles: ["roles/project.developer"] });
    expect((await reviewed(wider)).access).toMatchObject([{ before: "roles/project.developer" }]);
    expect((await reviewed(wider, ["--offline"])).access).toMatchObject([{ before: "roles/project.user" }]);
    world.cloud.members.update(member!.name, { roles: ["roles/project.user"] });
  });

  test("A deleted account is shown with what it could reach, in places that the stack does not declare, too; a changed trigger is a rotation.", async () => {
    const [, , other] = world.projects as [string, string, string];
    const [account] = world.cloud.accounts.list(project).filter(({ displayName }) => displayName === "ERP");
    world.cloud.members.create({ scope: other, email: account!.email, roles: ["roles/project.admin"] });
    const { accounts, access, keys } = await reviewed(await previewOf(ann("project.user")));
    expect(accounts).toMatchObject([
      { change: "deleted", reached: { [project]: "roles/project.user", [other]: "roles/project.admin" } },
    ]);
    expect(access.map(({ change }) => change)).toEqual(["gone", "gone"]);
    expect(keys.map(({ change }) => change)).toEqual(["deleted"]);
    const rotated = await reviewed(
      await previewOf(ann("project.user") + erp().replace('by: "1"', 'by: "2"')),
    );
    expect(rotated).toMatchObject({
      access: [],
      keys: [{ change: "rotated", why: containing("rotationTriggers") }],
    });
  });

  test("A rename changes nobody's access, with an alias, with adopt, and without both, where the update refuses it.", async () => {
    const renamed = ann("project.user", "anna") + erp();
    const plain = await reviewed(await previewOf(renamed));
    expect(plain).toMatchObject({ access: [], refusals: [{ why: "member", role: "roles/project.user" }] });
    const adopting = await reviewed(await previewOf(renamed.replace("role:", "adopt: true, role:")));
    expect(adopting).toMatchObject({ access: [], refusals: [], renames: [{ outcome: "kept" }] });
  });

  test("An administrator of the organization stands first, and a member who is there already is said.", async () => {
    world.cloud.members.create({ scope: project, email: "bob@example.com", roles: ["roles/project.user"] });
    const more = `${ann("project.user")}${erp()}
declare("ProjectRoleBinding", "bob", { project: "${project}", member: "bob@example.com", role: "project.admin" });
declare("ProjectRoleBinding", "cy", { project: "${project}", member: "cy@example.com", role: "project.user" });
declare("OrgAdminBinding", "dee", { organization: "${organization}", member: "dee@example.com" });`;
    const { access, refusals } = await reviewed(await previewOf(more));
    expect(access.map(({ member, after }) => [member.email, after])).toEqual([
      ["dee@example.com", "roles/organization.admin"],
      ["cy@example.com", "roles/project.user"],
    ]);
    expect(refusals).toMatchObject([{ why: "member", role: "roles/project.user" }]);
    const adopted = await reviewed(
      await previewOf(more.replace('member: "bob@example.com",', 'member: "bob@example.com", adopt: true,')),
    );
    expect(adopted.access.map(({ change, before }) => [change, before])).toContainEqual([
      "broader",
      "roles/project.user",
    ]);
  });

  test("A replaced account is another account: the old one loses its access, and the new one gets it.", async () => {
    const [home] = world.projects;
    const moved = erp().replace(`project: "${project}", displayName`, `project: "${home}", displayName`);
    const { access, accounts, keys } = await reviewed(await previewOf(ann("project.user") + moved));
    expect(accounts.map(({ change }) => change).sort()).toEqual(["created", "deleted"]);
    expect(keys.map(({ change }) => change).sort()).toEqual(["deleted", "made"]);
    const inProject = access.filter(({ place }) => place.name === project);
    expect(inProject.map(({ member, change }) => [member.displayName, change])).toEqual([
      ["ERP", "new"],
      ["ERP", "gone"],
    ]);
  });

  test("A member whose address is a secret is named by the resource.", async () => {
    const secret = `declare("ProjectRoleBinding", "eve", { project: "${project}", role: "project.user",
      member: require("@pulumi/pulumi").secret("eve@example.com") });`;
    const { stdout } = await review(await previewOf(ann("project.user") + erp() + secret));
    expect(stdout).toMatch(/▲ new +the member of "eve", which the preview does not show/);
    expect(stdout).not.toContain("eve@example.com");
  });

  test("An enforcing list names those whom it removes.", async () => {
    const list = (mode: string): string =>
      `declare("ProjectAccess", "list", { project: "${project}", mode: "${mode}", members: ["ann@example.com", erp.email], ignore: ["*@example.com"] });`;
    await up(ann("project.user") + erp() + list("enforce"));
    world.cloud.members.create({ scope: project, email: "zoe@example.org", roles: ["roles/project.admin"] });
    write(ann("project.user") + erp() + list("enforce"));
    const { stdout: preview } = await stack.run("preview", "--json", "--show-sames", "--refresh");
    const { access, lists } = await reviewed(preview);
    expect(access).toMatchObject([
      { member: { email: "zoe@example.org" }, change: "gone", before: "roles/project.admin" },
    ]);
    expect(lists).toMatchObject([{ place: { name: project }, removed: [{ email: "zoe@example.org" }] }]);
    await stack.run("up", "--yes", "--refresh");
    expect(world.cloud.members.list(project).map(({ email }) => email)).not.toContain("zoe@example.org");
  });

  test("A client from nothing: a new project, an account and access there are named by their resources.", async () => {
    const client = `const client = declare("Project", "client-b", { organization: "${organization}", displayName: "Client B" });
const reader = declare("ServiceAccount", "reader", { project: client.id, displayName: "Reader" });
declare("ProjectRoleBinding", "reader", { project: client.id, member: reader.email, role: "project.user" });`;
    const preview = await previewOf(ann("project.user") + erp() + client);
    const { access, projects } = await reviewed(preview);
    expect(projects).toMatchObject([{ change: "created", displayName: "Client B" }]);
    const inClient = access.filter(({ place }) => place.displayName === "Client B");
    expect(inClient).toMatchObject([{ change: "new", member: { displayName: "Reader" } }]);
    const { stdout } = await review(preview);
    expect(stdout).toContain('Client B, the new project of "client-b"');
    await up(ann("project.user") + erp() + client);
    const left = await reviewed(await previewOf(ann("project.user") + erp()));
    expect(left.projects).toMatchObject([{ change: "deleted", displayName: "Client B" }]);
    expect(left.access).toMatchObject([{ change: "gone", member: { displayName: "Reader" } }]);
    const renamed = await reviewed(
      await previewOf(ann("project.user") + erp() + client.replace('"client-b"', '"b"')),
    );
    expect(renamed.renames).toContainEqual(expect.objectContaining({ outcome: "refused" }));
  });

  test("The preview of a destroy says who loses everything.", async () => {
    const { stdout: preview } = await stack.run("destroy", "--preview-only", "--json");
    const { access, accounts } = await reviewed(preview);
    expect(access.map(({ member, after }) => [member.email || member.displayName, after])).toContainEqual([
      "ann@example.com",
      "",
    ]);
    expect(new Set(accounts.map(({ change }) => change))).toEqual(new Set(["deleted"]));
  });

  test("Every format is written, and without credentials it says that the cloud was not looked at.", async () => {
    const files = folder();
    const [json, markdown, html, text] = ["r.json", "r.md", "r.html", "r.txt"].map((name) =>
      join(files, name),
    );
    const outs = [json, markdown, html, text].flatMap((name) => ["--out", name!]);
    const offline = await review(
      await previewOf(ann("project.admin") + erp()),
      [...outs, "--format", "github"],
      {},
    );
    expect(offline).toMatchObject({
      exitCode: 3,
      stdout: containing("::warning title=pulumi-dt review%3A Access"),
    });
    const read = (name: string | undefined): string => readFileSync(name!, "utf8");
    expect(read(markdown)).toMatch(
      /^<!-- pulumi-dt review .+\/.+ -->\n### Access review of .*\n\n\*\*1 gets/,
    );
    expect(read(markdown)).toContain("no credentials are set");
    expect(read(text)).toContain("▲ broader, admin");
    expect(read(html)).toContain('<th scope="col">who</th>');
    expect(JSON.parse(read(json))).toMatchObject({ schemaVersion: 1, summary: { isFromCloud: false } });
  });
});
