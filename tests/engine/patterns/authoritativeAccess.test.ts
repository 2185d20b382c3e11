import type { Emulator } from "../../../emulator";
import { edit, example, must, projectId, startCloud, visit } from "./example";

/** A service account that a person adds as a member by hand. */
function letIn({ cloud }: Emulator, project: string, displayName: string) {
  const account = cloud.accounts.create({ project, displayName });
  cloud.members.create({ scope: project, email: account.email, roles: ["roles/project.admin"] });
  return { ...account, login: cloud.credentials(account.name) };
}

test("the preview names every member that the list lacks, and the update removes only them, and only in enforce mode", async () => {
  const emulator = await startCloud();
  const { cloud } = emulator;
  const [{ name: organization } = { name: "" }] = cloud.organizations.list();
  const production = projectId(emulator, "Production");
  const project = `projects/${production}`;
  const config = { organization, production, mode: "enforce" };
  const program = await example("authoritative-access", { env: emulator.settings, config });
  await must(program.up());
  const declared = cloud.members.list(project);
  for (let run = 1; run <= 5; run++) await must(program.up("--refresh", "--expect-no-changes"));
  expect(cloud.members.list(project)).toEqual(declared);

  const mallory = letIn(emulator, project, "Mallory");
  const intruder = await visit(emulator, mallory.login);
  expect(await intruder.projects()).toEqual(["Production"]);
  const seen = await program.preview("--refresh", "--expect-no-changes", "--json");
  expect(seen.exitCode).toBe(7);
  const { steps } = seen.json() as {
    steps: { op: string; detailedDiff: Record<string, { kind: string }> | null }[];
  };
  const [update] = steps.filter(({ op }) => op === "update");
  expect(update?.detailedDiff).toEqual({
    [`undeclared["${mallory.email}"]`]: expect.objectContaining({ kind: "delete" }) as unknown,
  });

  // A person joins after the preview of this update. The update reads the members once for the preview and
  // once for itself.
  const later: { email: string }[] = [];
  let looks = 0;
  const stop = emulator.onRequest({ method: "GET", path: `/v2/${project}/members` }, () => {
    if (++looks === 2) later.push(letIn(emulator, project, "Later"));
  });
  const up = await must(program.run("up", "--yes", "--refresh"));
  stop();
  expect(up.text).toContain(`removed ${mallory.email}`);
  expect(later).toHaveLength(1);
  expect(up.text).toContain(`that no preview has named yet: ${later[0]!.email}`);
  expect(await intruder.projects()).toEqual([]);
  const emails = () => cloud.members.list(project).map(({ email }) => email);
  expect(emails()).toContain(later[0]!.email);
  await must(program.run("up", "--yes", "--refresh"));
  expect(cloud.members.list(project)).toEqual(declared);

  await must(program.run("config", "set", "mode", "report"));
  const trudy = letIn(emulator, project, "Trudy");
  await must(program.up("--refresh"));
  const shown = await program.preview("--refresh", "--expect-no-changes", "--diff");
  expect(shown.exitCode).toBe(7);
  expect(shown.text).toContain(trudy.email);
  expect(emails()).toContain(trudy.email);
  edit(program, "index.ts", 'new dt.ProjectAccess("production", {', "void ({");
  await must(program.up());
  expect(emails()).toContain(trudy.email);
});

test("a binding that the list of the same program lacks is an error, whichever resource runs first", async () => {
  const emulator = await startCloud();
  const [{ name: organization } = { name: "" }] = emulator.cloud.organizations.list();
  const config = { organization, production: projectId(emulator, "Production"), mode: "enforce" };
  const program = await example("authoritative-access", { env: emulator.settings, config });
  edit(program, "index.ts", "[erp.email, jane.member]", '["ada@example.com"]');
  const { exitCode, text } = await program.preview();
  expect(exitCode).not.toBe(0);
  expect(text).toMatch(
    /jane@example.com gets access to .* by "jane" in this program, but is not in the list/,
  );
  expect(text).toContain("the two resources would undo each other. Add it to members");

  edit(program, "index.ts", '"*@disruptive-technologies.com"', '"JANE@*"');
  await must(program.preview());
  edit(program, "index.ts", '"JANE@*"', '"*@disruptive-technologies.com"');
  await must(program.run("config", "set", "mode", "report"));
  const late =
    'new dt.ProjectRoleBinding("late", { project: production, member: "late@example.com", role: "project.user" });';
  edit(program, "index.ts", "  // The identity that runs", `  ${late}\n  // The identity that runs`);
  const report = await must(program.preview());
  for (const name of ["jane", "late"])
    expect(report.text).toMatch(
      new RegExp(`${name}@example.com gets access .* and is reported as undeclared. Add it to members`),
    );
});
