import { example, must, outputsOf, projectId, settingsOf, startCloud, visit } from "./example";

test("a company master has access to every present and future project, and each run prints a warning", async () => {
  const emulator = await startCloud();
  const { cloud } = emulator;
  const [{ name: organization } = { name: "" }] = cloud.organizations.list();
  const home = projectId(emulator, "System Service Accounts");
  const config = { organization, home };
  const program = await example("company-master-access", { env: emulator.settings, config });
  const up = await must(program.up());
  const { credentials, email } = await outputsOf(program);
  expect(up.text).toMatch(
    /warning:.*administers organizations\/.*every project of the company, present and future/,
  );

  const master = await visit(emulator, credentials);
  expect(await master.projects()).toEqual([
    "System Service Accounts",
    "Development",
    "Staging",
    "Production",
  ]);
  const future = cloud.projects.create({ organization, displayName: "Made later" });
  expect(await master.projects()).toContain("Made later");
  const member = { email: "grace@example.com", roles: ["roles/project.user"] };
  expect(await master.status("POST", `${future.name}/members`, member)).toBe(200);
  const { text } = await must(program.preview("--refresh", "--expect-no-changes"));
  expect(text).toContain("warning:");

  // A run as the master does not remove its own access.
  const { serviceAccount } = JSON.parse(String(credentials)) as {
    serviceAccount: Parameters<typeof settingsOf>[1];
  };
  Object.assign(program.env, settingsOf(emulator, serviceAccount));
  const refused = await program.destroy();
  expect(refused.exitCode).toBe(1);
  expect(refused.text).toContain("refused:");
  expect(await master.projects()).toContain("Production");

  Object.assign(program.env, emulator.settings);
  await must(program.destroy());
  expect(cloud.members.list(organization).map((each) => each.email)).not.toContain(email);
});
