import { edit, example, expectQuiet, must, outputsOf, projectId, startCloud } from "./example";

test("people are invited once, change their role without another mail, and leave when a line is removed", async () => {
  const emulator = await startCloud();
  const { cloud } = emulator;
  const [{ name: organization } = { name: "" }] = cloud.organizations.list();
  const production = projectId(emulator, "Production");
  const development = projectId(emulator, "Development");
  // Ada is already an administrator of the company, so the program adopts her membership.
  const program = await example("people", {
    env: emulator.settings,
    config: { organization, production, development },
  });
  edit(program, "index.ts", "organization, member }", "organization, member, adopt: true }");
  await must(program.up());

  expect((await outputsOf(program)).invited).toEqual(["linus@example.com", "margaret@example.com"]);
  const mailsTo = (email: string) => cloud.mails.filter(({ to }) => to === email).length;
  const linusMails = mailsTo("linus@example.com");
  expect(linusMails).toBeGreaterThan(0);
  const rolesOf = (email: string) =>
    cloud.members
      .list()
      .filter((member) => member.email === email)
      .map(({ roles }) => roles.join());
  expect(rolesOf("linus@example.com").sort()).toEqual(["roles/project.developer", "roles/project.user"]);

  cloud.acceptInvitation("linus@example.com", "Linus");
  await must(program.refresh());
  await must(program.up());
  expect((await outputsOf(program)).invited).toEqual(["margaret@example.com"]);

  edit(program, "index.ts", 'production: "project.user" }', 'production: "project.admin" }');
  await must(program.up());
  expect(rolesOf("linus@example.com").sort()).toEqual(["roles/project.admin", "roles/project.developer"]);
  expect(mailsTo("linus@example.com")).toBe(linusMails);
  await expectQuiet(program);

  edit(
    program,
    "index.ts",
    '  "linus@example.com": { development: "project.developer", production: "project.admin" },\n',
    "",
  );
  await must(program.up());
  expect(rolesOf("linus@example.com")).toEqual([]);
  expect(rolesOf("grace@example.com")).toEqual(["roles/organization.admin"]);

  edit(program, "index.ts", '["ada@example.com", "grace@example.com"]', '["ada@example.com"]');
  await must(program.up());
  expect(rolesOf("grace@example.com")).toEqual([]);
  expect(rolesOf("ada@example.com")).toEqual(["roles/organization.admin"]);
});
