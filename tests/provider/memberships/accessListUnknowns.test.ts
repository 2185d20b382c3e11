import { inRun } from "../engineRun";
import { flips } from "../flips";
import { startWorld } from "../world";

test.each(flips)("a list shows and removes exactly the right members if %s is %p", async (name, value) => {
  const isAboutRates = /^(rate|retry)/.test(name);
  const world = await startWorld({
    unknowns: { [name]: value },
    ...(isAboutRates ? { rateLimit: { requests: 60, perSeconds: 1 } } : {}),
  });
  const { cloud, projects, organization, admin } = world;
  const [home, scope] = projects;
  const stack = world.stack({ ...world.settingsOf(), "dt:retryDelay": "0.05" });
  const run = (mode: string) =>
    inRun(() =>
      stack.up({
        erp: ["serviceAccount", { project: home, displayName: "ERP" }],
        machine: [
          "projectRoleBinding",
          ({ erp }) => ({ project: scope, member: erp!.outs.email, role: "project.user" }),
        ],
        list: [
          "projectAccess",
          ({ erp }) => ({ project: scope, members: [erp!.outs.email, "Grace@example.com"], mode }),
        ],
        admins: ["organizationAccess", { organization, members: [admin.email, "ada@example.com"], mode }],
      }),
    );
  const undeclared = async () => {
    await inRun(() => stack.refresh());
    return [stack.made.list!.inputs.undeclared, stack.made.admins!.inputs.undeclared];
  };
  const emails = (where: string) => cloud.members.list(where).map(({ email }) => email.toLowerCase());

  cloud.members.create({ scope, email: "grace@example.com", roles: ["roles/project.admin"] });
  await run("enforce");
  expect(await undeclared()).toEqual([{}, {}]);
  for (const [where, role] of [
    [scope, "project.admin"],
    [organization, "organization.admin"],
  ] as const)
    cloud.members.create({ scope: where, email: "Mallory@example.com", roles: [`roles/${role}`] });
  expect(await undeclared()).toEqual([
    { "mallory@example.com": "project.admin" },
    { "mallory@example.com": "organization.admin" },
  ]);
  await run("report");
  expect(emails(scope)).toContain("mallory@example.com");
  expect(await undeclared()).not.toEqual([{}, {}]);
  await run("enforce");
  expect(emails(scope).sort()).toEqual([stack.made.erp!.outs.email, "grace@example.com"].sort());
  expect(emails(organization).sort()).toEqual([admin.email, "ada@example.com"].sort());
  expect(await undeclared()).toEqual([{}, {}]);
});
