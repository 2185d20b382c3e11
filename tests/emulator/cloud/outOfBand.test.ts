import { idOf, scene, type Scene } from "../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

test("what a hand does is seen by callers at once, and the other way round", async () => {
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

test("a hand may do what the API refuses: two roles, another status, a past date", async () => {
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

test("what is returned is a copy", () => {
  const { cloud } = made.emulator;
  cloud.projects.list()[0]!.displayName = "changed";
  expect(cloud.projects.list()[0]!.displayName).toBe("System Service Accounts");
});

test("deleting by hand takes what hangs on it along", () => {
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

test("what does not exist cannot be changed or be anything's home", () => {
  const { cloud } = made.emulator;
  expect(() => cloud.accounts.create({ project: "projects/none" })).toThrow("there is no projects/none");
  expect(() => cloud.keys.update("none", {})).toThrow("there is no none");
  expect(() => cloud.credentials("none")).toThrow("there is no none");
  expect(() => cloud.acceptInvitation("nobody@x.no")).toThrow("nobody was invited as nobody@x.no");
});

test("requests are recorded with their caller and outcome, and forgotten on demand", async () => {
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
