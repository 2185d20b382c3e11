import { idOf, scene, type Scene } from "../../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

const user = ["roles/project.user"];

test("a second invitation of the same person is a conflict, whatever the case of the email", async () => {
  const { admin, project } = made;
  const first = await admin("POST", `${project}/members`, { email: "New@Example.com", roles: user });
  expect(first.body).toMatchObject({ email: "New@Example.com" });
  expect(await admin("POST", `${project}/members`, { email: "new@example.com", roles: user })).toMatchObject({
    status: 409,
    body: { error: "already exists", code: 409, help: "https://docs.d21s.com/error/#409" },
  });
});

test("a person has the same member id everywhere, and it finds all memberships", async () => {
  const { admin, project, other, organization } = made;
  const ids = new Set<string>();
  for (const scope of [project, other])
    ids.add(
      idOf(String((await admin("POST", `${scope}/members`, { email: "a@x.no", roles: user })).body["name"])),
    );
  const roles = ["roles/organization.admin"];
  const inOrganization = await admin("POST", `${organization}/members`, { email: "a@x.no", roles });
  ids.add(idOf(String(inOrganization.body["name"])));
  expect(ids.size).toBe(1);
  const [id = ""] = ids;
  const query = `memberId=${id}&organization=${organization}&pageSize=100&pageToken=`;
  const { body } = await admin("GET", `projects/-/members?${query}`);
  expect(body).toMatchObject({
    members: [{ name: `${project}/members/${id}` }, { name: `${other}/members/${id}` }],
    nextPageToken: "",
  });
});

test("an account's member id is its own id, and the member's name follows the account's", async () => {
  const { admin, emulator, project, other } = made;
  const { name, email } = emulator.cloud.accounts.create({ project, displayName: "old" });
  const { body } = await admin("POST", `${other}/members`, { email, roles: user });
  expect(body["name"]).toBe(`${other}/members/${idOf(name)}`);
  await admin("PATCH", name, { displayName: "new" });
  expect((await admin("GET", String(body["name"]))).body).toMatchObject({ displayName: "new" });
});

test("only a pending person has an invitation URL", async () => {
  const { admin, project, newAccount } = made;
  const pending = await admin("POST", `${project}/members`, { email: "new@x.no", roles: user });
  const known = await admin("POST", `${project}/members`, { email: "grace@example.com", roles: user });
  const { member } = await newAccount("project.user");
  const status = async (name: unknown): Promise<number> =>
    (await admin("GET", `${String(name)}:getInviteUrl`)).status;
  expect(await status(pending.body["name"])).toBe(200);
  expect(await status(known.body["name"])).toBe(400);
  expect(await status(member)).toBe(400);
  expect(await status(`${project}/members/1`)).toBe(404);
});

test("PATCH replaces the role, and ignores the other fields that Terraform sends", async () => {
  const { admin, project, newAccount } = made;
  const { member, email } = await newAccount("project.user");
  const body = {
    name: member,
    displayName: "x",
    email,
    accountType: "x",
    roles: ["roles/project.developer"],
  };
  expect(await admin("PATCH", `${member}?update_mask=roles`, body)).toMatchObject({
    status: 200,
    body: { roles: ["roles/project.developer"], displayName: "newcomer" },
  });
  expect((await admin("PATCH", member, { roles: [] })).status).toBe(400);
  expect((await admin("PATCH", member, { roles: ["roles/organization.admin"] })).status).toBe(400);
  expect((await admin("PATCH", `${project}/members/1`, { roles: user })).status).toBe(404);
});

test("an organization's member cannot be patched, only removed and added", async () => {
  const { admin, newAccount } = made;
  const { member } = await newAccount("organization.admin");
  expect(await admin("PATCH", member, { roles: ["roles/organization.admin"] })).toMatchObject({
    status: 405,
    body: {},
  });
  expect((await admin("GET", `${member}:getInviteUrl`)).status).toBe(400);
  expect(await admin("DELETE", member)).toMatchObject({ status: 200, body: {} });
  expect((await admin("GET", member)).status).toBe(404);
});

test("a batch sends one mail per person and is atomic", async () => {
  const { admin, emulator, project, other } = made;
  const members = [project, other].map((scope) => ({ project: scope, email: "new@x.no", roles: user }));
  const create = (list: object[]) => admin("POST", "projects/-/members:batchCreate", { members: list });
  const missing = { project: "projects/none", email: "new@x.no", roles: user };
  expect((await create([...members, missing])).status).toBe(404);
  expect(emulator.cloud.members.list(project)).toEqual([]);
  expect((await create(members)).status).toBe(200);
  expect(emulator.cloud.mails.map(({ to }) => to)).toEqual(["new@x.no"]);
  expect((await create(members)).status).toBe(409);
});

test("an error about a body names the invalid field", async () => {
  const { admin, project } = made;
  const error = async (body: unknown): Promise<unknown> =>
    (await admin("POST", `${project}/members`, body)).body["error"];
  expect(await error({ email: 1, roles: user })).toBe("invalid email");
  expect(await error({ email: "nobody", roles: user })).toBe("invalid email");
  expect(await error({ email: "a@x.no", roles: [1] })).toBe("invalid roles.0");
  expect(await error([])).toMatch(/invalid/);
});

test("a batch that fails leaves nothing behind, neither a user nor a mail", async () => {
  const { admin, emulator, project, other } = made;
  const before = [emulator.cloud.users.list(), emulator.cloud.mails];
  const members = [
    { project, email: "new@x.no", roles: user },
    { project: other, email: "other@x.no", roles: user },
    { project: other, email: "third@x.no", roles: ["roles/none"] },
  ];
  expect((await admin("POST", "projects/-/members:batchCreate", { members })).status).toBe(400);
  expect([emulator.cloud.users.list(), emulator.cloud.mails]).toEqual(before);
  expect(emulator.cloud.members.list(project)).toEqual([]);
});

test("a batch changes the labels of all its projects or of none", async () => {
  const { admin, emulator, organization, project } = made;
  emulator.unknowns.propagationProjectMs = 3_600_000;
  const { body } = await admin("POST", "projects", { organization, displayName: "too new to be seen" });
  const projects = [project, String(body["name"])];
  expect((await admin("POST", "projects:batchUpdate", { projects, addLabels: { a: "b" } })).status).toBe(404);
  expect(emulator.cloud.projects.get(project)?.labels).toEqual({});
});

test("a batch does not remove the last administrator by removing all of them at once", async () => {
  const { admin, emulator, project } = made;
  emulator.unknowns.lastProjectAdminRemoval = "400";
  const names = ["a@x.no", "b@x.no"].map(
    (email) => emulator.cloud.members.create({ scope: project, email, roles: ["roles/project.admin"] }).name,
  );
  expect((await admin("POST", "projects/-/members:batchDelete", { names })).status).toBe(400);
  expect(emulator.cloud.members.list(project).map(({ name }) => name)).toEqual(names);
  emulator.unknowns.batchAtomic = false;
  expect((await admin("POST", "projects/-/members:batchDelete", { names })).status).toBe(200);
  expect(emulator.cloud.members.list(project).map(({ name }) => name)).toEqual(names.slice(1));
});

test("a batch that fails keeps the order of the members", async () => {
  const { admin, emulator, project } = made;
  const names = ["a@x.no", "b@x.no", "c@x.no"].map(
    (email) => emulator.cloud.members.create({ scope: project, email, roles: user }).name,
  );
  const [first, ...rest] = names;
  const gone = { names: [first, `${project}/members/1`] };
  expect((await admin("POST", "projects/-/members:batchDelete", gone)).status).toBe(404);
  expect(emulator.cloud.members.list(project).map(({ name }) => name)).toEqual([first, ...rest]);
  const { body } = await admin("GET", `${project}/members`);
  expect((body["members"] as { name: string }[]).map(({ name }) => name)).toEqual(names);
});

test("concurrent batches and single removals remove each member once", async () => {
  const { admin, emulator, project } = made;
  emulator.unknowns.batchDeleteMissing = "skipped";
  const names = Array.from(
    { length: 20 },
    (_unused, number) =>
      emulator.cloud.members.create({ scope: project, email: `m${number}@x.no`, roles: user }).name,
  );
  const batch = () => admin("POST", "projects/-/members:batchDelete", { names });
  const replies = await Promise.all([batch(), ...names.map((name) => admin("DELETE", name)), batch()]);
  expect(replies.filter(({ status }) => status !== 200 && status !== 404)).toEqual([]);
  expect(emulator.cloud.members.list(project)).toEqual([]);
});
