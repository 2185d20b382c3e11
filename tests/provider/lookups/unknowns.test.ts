import { lookUp, type Lookups } from "../../../provider/lookups/lookUp";
import { flips } from "../flips";
import { startWorld } from "../world";

test.each(flips)("lookups return the same if %s is %p", async (name, value) => {
  const world = await startWorld({ unknowns: { [name]: value } });
  const { cloud, organization, projects, admin } = world;
  const [home, other] = projects;
  const settings = world.settingsOf() as Record<string, string>;
  const ask = <Name extends keyof Lookups>(lookup: Name, args: Lookups[Name]["args"]) =>
    lookUp(lookup, args, (key) => settings[key]);
  const account = cloud.accounts.create({ project: home, displayName: "ERP" });
  cloud.members.create({ scope: other, email: account.email, roles: ["roles/project.user"] });
  cloud.members.create({ scope: other, email: "Grace@example.com", roles: ["roles/project.admin"] });

  const names = (await ask("getProjects", { organization })).map((project) => project.name);
  expect([...names].sort()).toEqual([...projects].sort());
  const emailsOf = async (filter: Lookups["getMembers"]["args"]) =>
    (await ask("getMembers", filter)).map(({ email }) => email).sort();
  const both = ["grace@example.com", account.email].sort();
  expect(await emailsOf({ project: other })).toEqual(both);
  expect(await emailsOf({ organization, inProjects: true })).toEqual(both);
  expect(await emailsOf({ organization, inProjects: true, email: account.email })).toEqual([account.email]);
  expect(await emailsOf({ organization })).toEqual(["ada@example.com", admin.email].sort());
  expect((await ask("getServiceAccount", { email: account.email })).name).toBe(account.name);
  expect((await ask("getServiceAccount", { project: home, displayName: "ERP" })).name).toBe(account.name);
  expect((await ask("getRoles", {})).map((role) => role.name)).toContain("roles/project.user");
  expect((await ask("whoAmI", {})).organizations.map((each) => each.name)).toEqual([organization]);
});
