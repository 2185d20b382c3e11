import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Emulator } from "../../emulator";
import { lackOf } from "../../tools/pulumi-cli/languages";
import { stackIn, type CliStack } from "../engine/harness/cli";
import { scratchFolder } from "../engine/harness/scratch";
import { logsIn, must, outputsOf, projectId, startCloud } from "../engine/patterns/example";
import { environmentWithPlugin } from "./installedPlugin";
import { pulumiPython } from "./pulumiPython";
import { withSdk } from "./sdkForPython";
import { ifPossible, lackOfGenerator } from "./sdk";

jest.setTimeout(600_000);

const programs = resolve(__dirname, "../../examples/any-language/patterns");

/** What each pattern creates, whichever language its program is in. */
const patterns: Readonly<Record<string, readonly string[]>> = {
  "account-per-system": [
    "account data-warehouse in System Service Accounts, keys: 1",
    "account device-provisioning in System Service Accounts, keys: 1",
    "data-warehouse: project.user in Development",
    "data-warehouse: project.user in Production",
    "device-provisioning: project.admin in Production",
  ],
  "system-service-accounts": [
    "account cleaning-reports in System Service Accounts, keys: 1",
    "account refrigeration-reports in System Service Accounts, keys: 1",
    "cleaning-reports: project.user in Cleaning",
    "refrigeration-reports: project.user in Refrigeration",
  ],
  "company-master-access": [
    "Company Master Access: organization.admin in Example Company",
    "account Company Master Access in System Service Accounts, keys: 1",
  ],
  "client-access": [
    "account Client B Access from Company A in Client B, keys: 1",
    "ada@example.com: project.admin in Client B",
  ],
  "client-from-nothing": [
    "account Client C Access from Company A in Client C, keys: 1",
    "grace@example.com: project.admin in Client C",
  ],
  "access-grant": ["a@example.com: project.admin in Bergen", "a@example.com: project.admin in Oslo"],
  "one-account-for-all-clients": ["account Company A in System Service Accounts, keys: 1"],
  people: [
    "grace@example.com: organization.admin in Example Company",
    "linus@example.com: project.developer in Development",
    "linus@example.com: project.user in Production",
  ],
  "basic-auth-prototype": [
    "Prototype, by Basic Auth until November: project.user in Development",
    "account Prototype, by Basic Auth until November in Development, keys: 1",
  ],
  "authoritative-access": ["jane@example.com: project.admin in Production"],
};

test("every program of a pattern is in YAML and in Python", () => {
  const files = Object.keys(patterns).flatMap((name) => [`${name}.py`, `${name}.yaml`]);
  expect(readdirSync(programs).sort()).toEqual(files.sort());
});

describe.each(Object.entries(patterns))("The pattern %s", (name, expected) => {
  test("runs in YAML", async () => {
    await ifPossible(`the pattern ${name} in YAML`, [await lackOf("yaml")], async () => {
      await expectAccess({ "Pulumi.yaml": textOf(`${name}.yaml`) }, expected);
    });
  });

  test("runs in Python", async () => {
    const base = pulumiPython();
    const lacks = [
      await lackOf("python"),
      await lackOfGenerator(),
      "missing" in base ? base.missing : undefined,
    ];
    await ifPossible(`the pattern ${name} in Python`, lacks, async () => {
      const files = {
        "Pulumi.yaml": JSON.stringify({ name, runtime: "python" }),
        "__main__.py": textOf(`${name}.py`),
      };
      await expectAccess(files, expected, await (python ??= withSdk("python" in base ? base.python : "")));
    });
  });
});

let python: Promise<string> | undefined;

const textOf = (file: string): string => readFileSync(join(programs, file), "utf8");

const titles = {
  home: "System Service Accounts",
  development: "Development",
  production: "Production",
  cleaning: "Cleaning",
  refrigeration: "Refrigeration",
  clientB: "Client B",
  oslo: "Oslo",
  bergen: "Bergen",
};
const seed = {
  organizations: [
    {
      displayName: "Example Company",
      members: { "ada@example.com": "organization.admin" },
      projects: Object.values(titles).map((displayName) => ({ displayName })),
    },
  ],
  users: [{ email: "ada@example.com" }, { email: "grace@example.com" }],
};

/**
 * Expects that a program gives exactly this access, and that a key in its outputs logs in.
 *
 * @param bin a folder that comes first on the PATH
 */
async function expectAccess(
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
  bin?: string,
): Promise<void> {
  const emulator = await startCloud({ seed });
  for (const name of [titles.oslo, titles.bergen])
    emulator.cloud.projects.update(`projects/${projectId(emulator, name)}`, {
      labels: { "monitored-by": "company-a" },
    });
  const before = accessIn(emulator);
  const program = await project(files, emulator, bin);
  // In a preview, the credentials of a provider can be unknown.
  if (Object.values(files).join().includes("as-all-clients")) await must(program.preview());
  await must(program.up());
  expect(
    accessIn(emulator)
      .filter((each) => !before.includes(each))
      .sort(),
  ).toEqual([...expected].sort());

  const { credentials } = await outputsOf(program);
  if (typeof credentials === "string") expect(await logsIn(emulator, credentials)).toBe(true);
}

async function project(
  files: Readonly<Record<string, string>>,
  emulator: Emulator,
  bin?: string,
): Promise<CliStack> {
  const folder = scratchFolder("pattern");
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const env = await environmentWithPlugin({ ...emulator.settings, DT_RATE_LIMIT: "off" });
  if (bin !== undefined) env.PATH = [bin, env.PATH].join(delimiter);
  const ids = Object.entries(titles).map(([key, title]) => [key, projectId(emulator, title)] as const);
  const [organization] = emulator.cloud.organizations.list();
  const config = {
    ...Object.fromEntries(ids),
    organization: organization?.name.replace("organizations/", "") ?? "",
    emailOfA: "a@example.com",
  };
  return stackIn(folder, env, { config });
}

/** All memberships and accounts, one line each. */
function accessIn({ cloud }: Emulator): string[] {
  const places = [...cloud.organizations.list(), ...cloud.projects.list()];
  const titleOf = (name: string) =>
    places.find((place) => name.startsWith(`${place.name}/`))?.displayName ?? name;
  const accounts = cloud.accounts.list();
  const whoIs = (email: string) => accounts.find((each) => each.email === email)?.displayName ?? email;
  return [
    ...cloud.members
      .list()
      .map(
        ({ name, email, roles }) =>
          `${whoIs(email)}: ${roles.join().replaceAll("roles/", "")} in ${titleOf(name)}`,
      ),
    ...accounts.map(
      ({ name, displayName }) =>
        `account ${displayName} in ${titleOf(name)}, keys: ${cloud.keys.list(name).length}`,
    ),
  ];
}
