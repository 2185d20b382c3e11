import { execa } from "execa";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import * as cli from "./harness/cli";
import { packedProject } from "./harness/packed";

jest.setTimeout(300_000);

/** The commands that docs/drift.md names, each with the output that CI reads. */
const commands = {
  "pulumi preview --refresh": ["preview", "--refresh", "--expect-no-changes"],
  "pulumi refresh --preview-only": ["refresh", "--preview-only", "--expect-no-changes"],
} as const;

let emulator: Emulator;
let stack: cli.CliStack;
let organization: string;
let project: string;

const program = () => `
const dt = require("pulumi-dt");
const account = new dt.ServiceAccount("account", { project: "${project}", displayName: "ERP" });
new dt.ServiceAccountKey("key", { serviceAccount: account.id });
new dt.ProjectRoleBinding("binding", { project: "${project}", member: "jane@example.com", role: "project.user" });
new dt.OrgAdminBinding("admin", { organization: "${organization}", member: "grace@example.com" });
new dt.ProjectAccess("list", { project: "${project}", members: ["jane@example.com"] });
`;

beforeAll(async () => {
  emulator = await startEmulator({ unknowns: { organizationViewerRole: true } });
  organization = emulator.cloud.organizations.list()[0]!.name;
  project = emulator.cloud.projects.list()[1]!.name;
  stack = await cli.stack({
    files: { "index.js": program() },
    packageJson: { main: "index.js" },
    env: { ...emulator.settings },
  });
  const { text, exitCode } = await stack.up();
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
});
afterAll(() => emulator.close());

const account = () => emulator.cloud.accounts.list().find(({ displayName }) => displayName !== "Pulumi")!;
const membership = (scope: string, email: string) =>
  emulator.cloud.members.list(scope).find((member) => member.email === email)!;

interface Step {
  op: string;
  urn: string;
  detailedDiff?: Record<string, unknown> | null;
}
/** The changes that the JSON lists: `account displayName,enableBasicAuth`, or `key create` for a deleted resource. */
function named(json: unknown): string[] {
  const { steps } = json as { steps: Step[] };
  return steps
    .filter(({ op }) => !["same", "refresh"].includes(op))
    .map(({ op, urn, detailedDiff }) => {
      const properties = Object.keys(detailedDiff ?? {}).map((path) => path.split(/[.[]/)[0]!);
      return `${urn.split("::").at(-1)!} ${op === "update" ? [...new Set(properties)].sort().join() : op}`;
    })
    .sort();
}

interface Drift {
  seed: () => unknown;
  /** Undoes the edit. */
  mend: () => unknown;
  /** The changes that `preview --refresh` lists. */
  preview: string[];
  /** The changes that `refresh --preview-only` lists. */
  refresh: string[];
}

const changed = (named: string, seed: () => unknown, mend: () => unknown): Drift => ({
  seed,
  mend,
  preview: [named],
  refresh: [named],
});
const gone = (resource: string, seed: () => unknown): Drift => ({
  seed,
  mend: async () => {
    const { text, exitCode } = await stack.run("up", "--yes", "--skip-preview", "--refresh");
    expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  },
  preview: [`${resource} create`],
  refresh: [`${resource} delete`],
});

const update = (changes: object) => () => emulator.cloud.accounts.update(account().name, changes);
const setRole = (role: string) => () =>
  emulator.cloud.members.update(membership(project, "jane@example.com").name, { roles: [role] });

const kinds: Record<string, Drift> = {
  "an account's display name": changed(
    "account displayName",
    update({ displayName: "?" }),
    update({ displayName: "ERP" }),
  ),
  "an account's Basic authentication": changed(
    "account enableBasicAuth",
    update({ enableBasicAuth: true }),
    update({ enableBasicAuth: false }),
  ),
  "a member's role": changed("binding role", setRole("roles/project.admin"), setRole("roles/project.user")),
  "a member nobody declared, where the whole list is": changed(
    "list undeclared",
    () =>
      emulator.cloud.members.create({
        scope: project,
        email: "ada@example.com",
        roles: ["roles/project.user"],
      }),
    () => emulator.cloud.members.delete(membership(project, "ada@example.com").name),
  ),
  "a key that is gone": gone("key", () =>
    emulator.cloud.keys.delete(emulator.cloud.keys.list(account().name)[0]!.name),
  ),
  "a membership that is gone": gone("binding", () =>
    emulator.cloud.members.delete(membership(project, "jane@example.com").name),
  ),
  "an administrator who is gone": gone("admin", () =>
    emulator.cloud.members.delete(membership(organization, "grace@example.com").name),
  ),
};

describe.each(Object.entries(commands))("%s --expect-no-changes", (_, args) => {
  const look = async () => {
    const json = await stack.run(...args, "--json");
    return { exitCode: json.exitCode, named: named(json.json()) };
  };

  test("exits 0 if there is no drift.", async () => {
    expect(await look()).toMatchObject({ exitCode: 0, named: [] });
  });

  test.each(Object.entries(kinds))(
    "exits 7 and names the drift: %s.",
    async (kind, { seed, mend, preview, refresh }) => {
      seed();
      const seen = await look();
      await mend();
      const expected = args[0] === "preview" ? preview : refresh;
      expect({ kind, ...seen }).toMatchObject({ kind, exitCode: 7, named: expected });
    },
  );

  test("also names the property, its actual value and its declared value in the text for people.", async () => {
    update({ displayName: "changed by hand" })();
    const { text, exitCode } = await stack.run(...args, "--diff");
    update({ displayName: "ERP" })();
    expect(exitCode).toBe(7);
    expect(text).toMatch(/displayName.*("changed by hand" => "ERP"|"ERP" => "changed by hand")/);
  });

  test("exits 7 and names the role if an administrator's role has changed.", async () => {
    const setTo = (role: string) =>
      emulator.cloud.members.update(membership(organization, "grace@example.com").name, { roles: [role] });
    setTo("roles/organization.viewer");
    const json = await stack.run(...args, "--json");
    setTo("roles/organization.admin");
    expect(json.exitCode).toBe(7);
    expect(json.stdout).toContain("roles/organization.viewer");
    const { steps } = json.json() as { steps: Step[] };
    expect(steps.flatMap(({ detailedDiff }) => Object.keys(detailedDiff ?? {}))).toContain("role");
  });

  const failures: Record<string, () => number> = {
    "403": () =>
      emulator.faults.add({
        path: "/v2/projects/**",
        effect: { kind: "respond", status: 403 },
        times: "untilCleared",
      }),
    "a proxy's page": () =>
      emulator.faults.add({
        path: "/v2/projects/**",
        effect: { kind: "respond", status: 404, body: "<html>", headers: { "content-type": "text/html" } },
        times: "untilCleared",
      }),
    "a refused login": () =>
      emulator.faults.add({
        path: "/oauth2/token",
        effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
        times: "untilCleared",
      }),
  };
  test.each(Object.entries(failures))(
    "never passes if the API answers %s: exit code 1.",
    async (__, fail) => {
      fail();
      const { exitCode, stdout } = await stack.run(...args, "--json");
      emulator.faults.clear();
      expect({ exitCode, stdout }).toMatchObject({ exitCode: 1 });
    },
  );
});

test("A refresh uses the credentials of the last up; with --run-program it uses the present ones from the configuration.", async () => {
  const other = await cli.stack({
    files: { "index.js": program() },
    packageJson: { main: "index.js" },
    env: { DT_API_URL: emulator.url, DT_OIDC_TOKEN_ENDPOINT: emulator.tokenEndpoint },
  });
  const fresh = () => {
    const { keyId, secret, email } = emulator.cloud.credentials(emulator.admin.name);
    return { keyId, secret, email };
  };
  const use = async ({ keyId, secret, email }: ReturnType<typeof fresh>) => {
    await other.run(
      "config",
      "set-all",
      "--plaintext",
      `dt:keyId=${keyId}`,
      "--plaintext",
      `dt:email=${email}`,
      "--secret",
      `dt:keySecret=${secret}`,
    );
  };
  const first = fresh();
  await use(first);
  // A resource that only this stack has.
  other.write(
    "index.js",
    `const dt = require("pulumi-dt"); new dt.ServiceAccount("account", { project: "${project}", displayName: "Other" });`,
  );
  expect(await other.up()).toMatchObject({ exitCode: 0 });
  emulator.cloud.keys.delete(`${emulator.admin.name}/keys/${first.keyId}`);
  await use(fresh());
  const command = ["refresh", "--preview-only", "--expect-no-changes"];
  const stale = await other.run(...command);
  expect(stale.exitCode).toBe(1);
  expect(stale.text).toContain("--run-program");
  expect(await other.run(...command, "--run-program")).toMatchObject({ exitCode: 0 });
  expect(await other.run("preview", "--refresh", "--expect-no-changes", "--run-program")).toMatchObject({
    exitCode: 0,
  });
});

test("The packed `pulumi-dt drift` command reports the same on a real state.", async () => {
  const command = join(await packedProject(), "node_modules/.bin/pulumi-dt");
  const drift = () =>
    execa(command, ["drift", "--format", "json"], {
      cwd: stack.folder,
      env: { ...stack.env, DT_RATE_LIMIT: "off" },
      extendEnv: false,
      reject: false,
    });
  const declaredOnly = (stdout: string) =>
    (JSON.parse(stdout) as { findings: { class: string; id: string }[] }).findings.filter(
      ({ class: kind }) => !["unmanaged", "self", "pending"].includes(kind),
    );
  expect(declaredOnly((await drift()).stdout)).toEqual([]);
  emulator.cloud.accounts.update(account().name, { displayName: "?" });
  const { stdout, exitCode } = await drift();
  expect(exitCode).toBe(2);
  expect(declaredOnly(stdout)).toMatchObject([{ class: "changed", id: account().name }]);
});
