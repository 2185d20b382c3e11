import { startEmulator, type Emulator } from "../../emulator";
import { assertion, grant } from "../emulator/login";
import { accessIn, projectNamed, writesTo } from "./access";
import * as cli from "./harness/cli";

jest.setTimeout(240_000);

interface Declared {
  home: string;
  displayName: string;
  role: string;
}

const programs = {
  JavaScript: ["index.js", 'const dt = require("pulumi-dt");', "exports.credentials ="],
  TypeScript: ["index.ts", 'import * as dt from "pulumi-dt";', "export const credentials ="],
} as const;

describe.each(Object.entries(programs))("A %s program", (_language, [file, imports, output]) => {
  let emulator: Emulator;
  let stack: cli.CliStack;
  let before: ReturnType<typeof accessIn>;
  let declared: Declared;

  /** Writes the program as a person would edit it. */
  const declare = (changes: Partial<Declared> = {}) => {
    declared = { ...declared, ...changes };
    const { home, displayName, role } = declared;
    stack.write(
      file,
      `${imports}
const account = new dt.ServiceAccount("erp", { project: "${home}", displayName: "${displayName}" });
const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id });
new dt.ProjectRoleBinding("erp", {
  project: "${projectNamed(emulator, "Production")}",
  member: account.email,
  role: "${role}",
});
new dt.OrgAdminBinding("grace", {
  organization: "${emulator.cloud.organizations.list()[0]!.name}",
  member: "Grace@Example.com",
});
${output} { email: key.email, keyId: key.keyId, secret: key.secret };
`,
    );
    emulator.requests.clear();
  };
  const account = () => emulator.cloud.accounts.list(declared.home).at(-1)!;
  const membership = () => accessIn(emulator).members.find(({ email }) => email === account().email)!;

  beforeAll(async () => {
    emulator = await startEmulator();
    before = accessIn(emulator);
    const home = projectNamed(emulator, "System Service Accounts");
    declared = { home, displayName: "ERP", role: "project.user" };
    stack = await cli.stack({ files: {}, env: { ...emulator.settings } });
  });
  afterAll(() => emulator.close());

  test("creates the declared resources", async () => {
    declare();
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(account()).toMatchObject({ displayName: "ERP", enableBasicAuth: false });
    expect(emulator.cloud.keys.list(account().name)).toHaveLength(1);
    expect(membership()).toMatchObject({ roles: ["roles/project.user"], status: "ACCEPTED" });
    const organization = emulator.cloud.organizations.list()[0]!.name;
    expect(emulator.cloud.members.list(organization)).toContainEqual(
      expect.objectContaining({ email: "grace@example.com", roles: ["roles/organization.admin"] }),
    );
  });

  test("changes nothing when it runs again", async () => {
    declare();
    expect(await stack.up("--expect-no-changes")).toMatchObject({ exitCode: 0 });
    expect(writesTo(emulator)).toEqual([]);
  });

  test("changes a role and a display name in place, each with one PATCH", async () => {
    const [{ name }, { name: membershipName }] = [account(), membership()];
    declare({ displayName: "ERP 2", role: "project.developer" });
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(account()).toMatchObject({ name, displayName: "ERP 2" });
    expect(membership()).toMatchObject({ name: membershipName, roles: ["roles/project.developer"] });
    expect(writesTo(emulator)).toEqual([
      "PATCH /v2/projects/*/members/*",
      "PATCH /v2/projects/*/serviceaccounts/*",
    ]);
  });

  test("replaces the account, with its key and its role, when its project changes", async () => {
    const old = account();
    declare({ home: projectNamed(emulator, "Development") });
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(account()).toMatchObject({ displayName: "ERP 2" });
    expect(emulator.cloud.keys.list(account().name)).toHaveLength(1);
    expect(membership()).toMatchObject({ roles: ["roles/project.developer"] });
    expect(emulator.cloud.accounts.get(old.name)).toBeUndefined();
    expect(accessIn(emulator).members.filter(({ email }) => email === old.email)).toEqual([]);
  });

  test("shows drift in preview --refresh --expect-no-changes: exit code 0 without drift, 7 with drift", async () => {
    const look = () => stack.preview("--refresh", "--expect-no-changes");
    expect(await look()).toMatchObject({ exitCode: 0 });
    emulator.cloud.members.update(membership().name, { roles: ["roles/project.admin"] });
    const drifted = await look();
    expect(drifted).toMatchObject({ exitCode: 7 });
    expect(drifted.text).toContain("diff: ~role");
    expect(await stack.up("--refresh")).toMatchObject({ exitCode: 0 });
    expect(membership()).toMatchObject({ roles: ["roles/project.developer"] });
  });

  test("keeps the key's secret out of state, export and output, and the secret logs in", async () => {
    const { secret } = emulator.cloud.keys.list(account().name)[0]!;
    const [exported, masked, shown] = [
      await stack.run("stack", "export"),
      await stack.run("stack", "output", "credentials"),
      await stack.run("stack", "output", "credentials", "--show-secrets"),
    ];
    for (const text of [stack.stateText(), exported.text, masked.text]) expect(text).not.toContain(secret);
    expect(masked.json()).toMatchObject({ email: account().email, secret: "[secret]" });
    const login = shown.json() as Parameters<typeof assertion>[1];
    expect(login.secret).toBe(secret);
    expect(await grant(emulator, await assertion(emulator, login))).toMatchObject({ status: 200 });
  });

  test("leaves the cloud as it was before when it is destroyed", async () => {
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(accessIn(emulator)).toEqual(before);
  });
});
