import { example, expectQuiet, must, outputsOf, startCloud, visit } from "./example";

test("a line creates a client's project with its people, account and key, and keeps the project with devices until it may be left", async () => {
  const emulator = await startCloud();
  const { cloud } = emulator;
  const { name: organization } = cloud.organizations.list()[0]!;
  const before = cloud.projects.list().length;
  const program = await example("client-from-nothing", { env: emulator.settings, config: { organization } });
  await must(program.preview());
  expect(cloud.projects.list()).toHaveLength(before);
  await must(program.up());
  const client = cloud.projects.list().find(({ displayName }) => displayName === "Client B")!;
  expect(client).toMatchObject({ organization, labels: { customer: "client-b" } });
  const { projects, emails } = (await outputsOf(program)) as unknown as {
    projects: Record<string, string>;
    emails: Record<string, string>;
  };
  expect(projects).toEqual({ "Client B": client.name });
  const [account] = cloud.accounts.list(client.name);
  expect(account).toMatchObject({ email: emails["Client B"], displayName: "Client B Access from Company A" });
  expect(cloud.members.list(client.name)).toMatchObject([
    { email: "ada@example.com", roles: ["roles/project.admin"] },
  ]);
  const theirs = await visit(emulator, cloud.credentials(account!.name));
  expect(await theirs.projects()).toEqual([]);
  await expectQuiet(program);

  cloud.projects.update(client.name, { sensorCount: 3 });
  const refused = await program.destroy();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.text).toContain(`${client.name} ("Client B") is not empty: it has 3 sensors`);
  await must(program.run("config", "set", "retain", "true"));
  await must(program.up());
  await must(program.destroy());
  expect(cloud.projects.get(client.name)).toBeDefined();
  expect(cloud.accounts.list(client.name)).toEqual([]);
});
