import { idOf, scene, type Scene } from "../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

test("callers see out-of-band changes at once, and the reverse", async () => {
  const { emulator, admin, project } = made;
  const { cloud } = emulator;
  const { name } = cloud.accounts.create({ project, displayName: "by hand" });
  expect((await admin("GET", name)).body).toMatchObject({ displayName: "by hand" });
  cloud.accounts.update(name, { displayName: "drifted" });
  expect((await admin("GET", name)).body).toMatchObject({ displayName: "drifted" });
  await admin("DELETE", name);
  expect(cloud.accounts.get(name)).toBeUndefined();
  expect(cloud.accounts.delete(name)).toBe(false);
});

test("out-of-band changes can create what the API refuses: two roles, another status, a past date", async () => {
  const { emulator, admin, project } = made;
  const roles = ["roles/project.user"];
  const { name } = emulator.cloud.members.create({ scope: project, email: "a@x.no", roles });
  const odd = { roles: [...roles, "roles/project.admin"], status: "SUSPENDED" };
  emulator.cloud.members.update(name, odd);
  expect((await admin("GET", name)).body).toMatchObject(odd);
  const account = emulator.cloud.accounts.create({ project }).name;
  const old = emulator.cloud.keys.create({ account, createTime: "2020-01-01T00:00:00.000000Z" });
  expect((await admin("GET", old.name)).body).toMatchObject({ createTime: "2020-01-01T00:00:00.000000Z" });
});

test("returned resources are copies", () => {
  const { cloud } = made.emulator;
  cloud.projects.list()[0]!.displayName = "changed";
  expect(cloud.projects.list()[0]!.displayName).toBe("System Service Accounts");
});

test("an out-of-band deletion also deletes what belongs to the resource", () => {
  const { emulator, project, organization } = made;
  const { cloud } = emulator;
  const { name, email } = cloud.accounts.create({ project });
  cloud.credentials(name);
  cloud.members.create({ scope: organization, email, roles: ["roles/organization.admin"] });
  cloud.projects.delete(project);
  expect([cloud.accounts.get(name), cloud.keys.list(name)]).toEqual([undefined, []]);
  expect(cloud.members.list(organization).map((member) => idOf(member.name))).not.toContain(idOf(name));
  cloud.organizations.delete(organization);
  expect(cloud.projects.list()).toEqual([]);
});

test("a missing resource cannot be changed or be a parent", () => {
  const { cloud } = made.emulator;
  expect(() => cloud.accounts.create({ project: "projects/none" })).toThrow("projects/none does not exist");
  expect(() => cloud.keys.update("none", {})).toThrow("none does not exist");
  expect(() => cloud.credentials("none")).toThrow("none does not exist");
  expect(() => cloud.acceptInvitation("nobody@x.no")).toThrow("nobody@x.no has not been invited");
});

test("requests are recorded with their caller and outcome, and can be cleared", async () => {
  const { emulator, admin, project } = made;
  emulator.requests.clear();
  await admin("GET", `${project}/members?pageSize=5`);
  await admin("POST", `${project}/members`, {});
  expect(emulator.requests).toMatchObject([
    {
      method: "GET",
      path: `/v2/${project}/members`,
      query: { pageSize: "5" },
      status: 200,
      caller: emulator.admin.email,
    },
    { method: "POST", path: `/v2/${project}/members`, query: {}, status: 400 },
  ]);
  const ids = emulator.requests.map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  emulator.requests.clear();
  expect(emulator.requests.filter(() => true)).toEqual([]);
});
