import { edit, example, expectQuiet, must, outputsOf, projectId, startCloud, visit } from "./example";

test("each system sees exactly what the table says, and its keys are its own secrets", async () => {
  const emulator = await startCloud();
  const ids = Object.fromEntries(
    ["Development", "Staging", "Production"].map((name) => [name.toLowerCase(), projectId(emulator, name)]),
  );
  const home = projectId(emulator, "System Service Accounts");
  const program = await example("account-per-system", { env: emulator.settings, config: { ...ids, home } });
  const before = emulator.cloud.members.list();
  const up = await must(program.up());
  const outputs = await outputsOf(program);

  const warehouse = await visit(emulator, outputs["data-warehouse"]);
  expect(await warehouse.projects()).toEqual(["Development", "Staging", "Production"]);
  const member = { email: "grace@example.com", roles: ["roles/project.user"] };
  expect(await warehouse.status("POST", `projects/${ids.staging}/members`, member)).toBe(403);

  const dashboard = await visit(emulator, outputs["facility-dashboard"]);
  expect(await dashboard.projects()).toEqual(["Development", "Production"]);
  expect(await dashboard.status("GET", `projects/${ids.staging}`)).toBe(403);
  expect(await dashboard.status("GET", `projects/${home}/serviceaccounts`)).toBe(403);

  const provisioning = await visit(emulator, outputs["device-provisioning"]);
  expect(await provisioning.projects()).toEqual(["Staging", "Production"]);
  expect(await provisioning.status("POST", `projects/${ids.staging}/members`, member)).toBe(200);
  expect(emulator.cloud.members.delete(`projects/${ids.staging}/members/9202`)).toBe(true);

  const secrets = emulator.cloud.keys.list().map(({ secret }) => secret);
  for (const secret of secrets) expect(up.text).not.toContain(secret);
  expect((await program.run("stack", "output", "--json")).text).not.toMatch(new RegExp(secrets.join("|")));
  expect(emulator.cloud.accounts.list(`projects/${home}`).map(({ displayName }) => displayName)).toEqual(
    expect.arrayContaining(["data-warehouse", "facility-dashboard", "device-provisioning"]),
  );
  await expectQuiet(program);

  // Removing a line from the table removes access in the cloud.
  edit(program, "index.ts", 'developer", production: "project.user" }', 'developer" }');
  await must(program.up());
  expect(await dashboard.projects()).toEqual(["Development"]);
  expect(await warehouse.projects()).toEqual(["Development", "Staging", "Production"]);

  await must(program.destroy());
  expect(emulator.cloud.members.list()).toEqual(before);
  await expect(visit(emulator, outputs["data-warehouse"]).then((gone) => gone.projects())).rejects.toThrow(
    "401",
  );
});
