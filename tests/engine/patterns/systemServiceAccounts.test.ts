import type { Emulator } from "../../../emulator";
import { example, expectQuiet, must, outputsOf, projectId, startCloud, visit } from "./example";

const seed = {
  organizations: [
    {
      displayName: "Example Company",
      projects: ["System Service Accounts", "Cleaning", "Refrigeration"].map((displayName) => ({
        displayName,
      })),
    },
  ],
};

/** Credentials of an administrator of one project, without any other access. */
function administratorOf(emulator: Emulator, project: string) {
  const account = emulator.cloud.accounts.create({ project, displayName: "Administrator" });
  emulator.cloud.members.create({ scope: project, email: account.email, roles: ["roles/project.admin"] });
  return emulator.cloud.credentials(account.name);
}

test("accounts of the central project have access to other projects, and none to their own", async () => {
  const emulator = await startCloud({ seed });
  const [home, cleaning, refrigeration] = idsOf(emulator);
  const program = await example("system-service-accounts", {
    env: emulator.settings,
    config: { home, cleaning, refrigeration },
  });
  await must(program.up());
  const { credentials } = (await outputsOf(program)) as { credentials: Record<string, string> };

  const reports = await visit(emulator, credentials.cleaning);
  expect(await reports.projects()).toEqual(["Cleaning"]);
  expect(await reports.status("GET", `projects/${home}`)).toBe(403);
  // The administrator of the served project sees who has access, but cannot create keys.
  const administrator = await visit(emulator, administratorOf(emulator, `projects/${cleaning}`));
  const [account] = emulator.cloud.accounts.list(`projects/${home}`).filter(isReports);
  expect(await administrator.status("GET", `projects/${cleaning}/members`)).toBe(200);
  expect(await administrator.status("POST", `${account!.name}/keys`)).toBe(403);
  await expectQuiet(program);
});

test("the project's administrators control the accounts that live in it", async () => {
  const emulator = await startCloud({ seed });
  const [, cleaning, refrigeration] = idsOf(emulator);
  const program = await example("system-service-accounts", {
    env: emulator.settings,
    config: { cleaning, refrigeration },
  });
  await must(program.up());
  const { credentials } = (await outputsOf(program)) as { credentials: Record<string, string> };

  expect(await (await visit(emulator, credentials.cleaning)).projects()).toEqual(["Cleaning"]);
  expect(await (await visit(emulator, credentials.refrigeration)).projects()).toEqual(["Refrigeration"]);
  const administrator = await visit(emulator, administratorOf(emulator, `projects/${cleaning}`));
  const [account] = emulator.cloud.accounts.list(`projects/${cleaning}`).filter(isReports);
  expect(await administrator.status("POST", `${account!.name}/keys`)).toBe(200);
  await expectQuiet(program);
});

const isReports = ({ displayName }: { displayName: string }): boolean => displayName.endsWith("-reports");

const idsOf = (emulator: Emulator) =>
  ["System Service Accounts", "Cleaning", "Refrigeration"].map((name) => projectId(emulator, name)) as [
    string,
    string,
    string,
  ];
