import type { Emulator } from "../../emulator";
import { startEmulator } from "../../emulator";
import { stack, type CliStack } from "../engine/harness/cli";
import { afterwards } from "../engine/harness/scratch";
import { filesOf } from "../engine/patterns/example";
import { startPack, type PackProcess, type Planned, type Violation } from "./pack";
import { notRun } from "../report/atEnd";

jest.setTimeout(300_000);

interface Case {
  readonly policy: string;
  /** The declarations of a program. `project`, `organization` and `secret` stand for real ones. */
  readonly violating: string;
  readonly clean: string;
  readonly says: RegExp;
}

const key = (rotateAfter: string) =>
  `const { id } = new dt.ServiceAccount("erp", { project, displayName: "ERP" });
   new dt.ServiceAccountKey("erp", { serviceAccount: id${rotateAfter} });`;
const admin = (...members: string[]) =>
  members
    .map((member) => `new dt.OrgAdminBinding("${member}", { organization, member: "${member}" });`)
    .join("\n");
const two = admin("ada@example.com", "grace@example.com");

const cases: readonly Case[] = [
  {
    policy: "dt-basic-auth-off",
    violating: `new dt.ServiceAccount("prototype", { project, displayName: "Prototype", enableBasicAuth: true });`,
    clean: `new dt.ServiceAccount("prototype", { project, displayName: "Demo at the fair", enableBasicAuth: true });
      new dt.ServiceAccount("erp", { project, displayName: "ERP" });`,
    says: /account "prototype" has enableBasicAuth, and there is no exception for it/,
  },
  {
    policy: "dt-no-machine-organization-admins",
    violating: `${two}
      const { email } = new dt.ServiceAccount("erp", { project, displayName: "ERP" });
      new dt.OrgAdminBinding("erp", { organization, member: email });
      new dt.OrgAdminBinding("bot", { organization, member: "bot@p.serviceaccount.d21s.com" });`,
    clean: `${two}
      new dt.OrgAdminBinding("pulumi", { organization, member: "bot@p.serviceaccount.d21s.com" });`,
    says: /(?=[^]*"erp" makes a service account of this stack an organization administrator)(?=[^]*"bot" makes bot@p)/,
  },
  {
    policy: "dt-key-age",
    violating: key(', rotateAfter: "180d"'),
    clean: key(', rotateAfter: "90d"'),
    says: /key "erp" has rotateAfter 180d: set one of at most 90d/,
  },
  {
    policy: "dt-external-people",
    violating: `new dt.ProjectRoleBinding("eve", { project, member: "eve@example.com.evil.example", role: "project.user" });`,
    clean: `new dt.ProjectRoleBinding("ann", { project, member: "Ann@consultants.example", role: "project.user" });
      new dt.ProjectRoleBinding("jane", { project, member: "jane@EXAMPLE.com", role: "project.user" });
      new dt.ProjectRoleBinding("bot", { project, member: "bot@p.serviceaccount.d21s.com", role: "project.user" });`,
    says: /eve@example.com.evil.example is of another mail domain, and there is no exception for it/,
  },
  {
    policy: "dt-two-human-organization-admins",
    violating: `${admin("ada@example.com")}
      new dt.OrgAdminBinding("pulumi", { organization, member: "bot@p.serviceaccount.d21s.com" });`,
    clean: two,
    says: /makes only ada@example.com an administrator of .*: at least two are needed/,
  },
  {
    policy: "dt-no-literal-credentials",
    violating: `new dt.Provider("b", { keyId: "some-key", email: "bot@p.serviceaccount.d21s.com", keySecret: "SECRET" });`,
    clean: `const keySecret = process.env.DT_API_KEY_SECRET;
      new dt.Provider("b", { keyId: "some-key", email: "bot@p.serviceaccount.d21s.com", keySecret });`,
    says: /index.js:\d+ holds a plaintext credential: move it to `pulumi config set --secret`, and rotate it/,
  },
];

let emulator: Emulator;
let program: CliStack;
let pack: PackProcess;
const secret = "0123456789abcdef0123456789abcdef";

beforeAll(async () => {
  emulator = await startEmulator();
  afterwards(() => emulator.close());
  const pack_ = Object.entries(filesOf("policies")).map(
    ([file, text]) => [`policies/${file}`, text] as const,
  );
  program = await stack({
    env: emulator.settings,
    files: { ...Object.fromEntries(pack_), "index.js": "" },
  });
  pack = await startPack(`${program.folder}/policies`);
});

function write(body: string): void {
  const [organization, project] = [emulator.cloud.organizations, emulator.cloud.projects].map(
    (shelf) => shelf.list()[0]!.name,
  );
  program.write(
    "index.js",
    `const dt = require("pulumi-dt");
     const organization = "${organization!}";
     const project = "${project!}";
     ${body.replace("SECRET", secret)}`,
  );
}

/** The resources of a real preview. */
async function planned(): Promise<Planned[]> {
  const { steps } = (await program.preview("--json")).json() as {
    steps: { op: string; newState?: Planned }[];
  };
  return steps.flatMap(({ op, newState }) => (newState === undefined || op === "delete" ? [] : [newState]));
}

/** Advisory diagnostics say that a policy could not run before the update. */
const mandatory = (violations: Violation[]): Violation[] => violations.filter(({ level }) => level !== 0);

describe("a policy pack in its own process, with the resources of a real preview,", () => {
  test.each(cases)(
    "$policy accepts the clean program, and explains the violation in the other",
    async (each) => {
      write(each.clean);
      expect(mandatory(await pack.judge(await planned()))).toEqual([]);
      write(each.violating);
      const violations = mandatory(await pack.judge(await planned()));
      expect([...new Set(violations.map(({ policy }) => policy))]).toEqual([each.policy]);
      const text = violations.map(({ message }) => message).join("\n");
      expect(text).toMatch(each.says);
      expect(text).not.toContain(secret);
    },
  );
});

test("works through the CLI, if its language host runs policy packs", async () => {
  write(cases[0]!.clean);
  const clean = await program.preview("--policy-pack", "policies");
  if (/failed to start: .*not supported|could not read plugin/.test(clean.text)) {
    notRun(
      "Not run: policy packs through the CLI. This CLI's Node.js language host can't run them; the official one can. They ran in their own process instead.",
    );
    return;
  }
  expect(clean.exitCode).toBe(0);
  for (const each of cases) {
    write(each.clean);
    expect((await program.preview("--policy-pack", "policies")).exitCode).toBe(0);
    write(each.violating);
    const { exitCode, text } = await program.preview("--policy-pack", "policies");
    expect(exitCode).not.toBe(0);
    expect(text).toContain(each.policy);
    expect(text).not.toContain(secret);
  }
});
