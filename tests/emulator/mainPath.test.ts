import { type Emulator, startEmulator } from "../../emulator";
import { caller } from "./login";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

test("an account is made, gets a key and a role, and its key logs in", async () => {
  const admin = await caller(emulator);
  const project = emulator.cloud.projects.list()[0]!;
  const account = await admin("POST", `${project.name}/serviceaccounts`, { displayName: "erp" });
  expect(account).toMatchObject({ status: 200, body: { displayName: "erp", enableBasicAuth: false } });
  const { name, email } = account.body as { name: string; email: string };

  const key = await admin("POST", `${name}/keys`);
  expect(key.body).toMatchObject({
    key: { name: expect.any(String) },
    secret: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const {
    key: { id },
    secret,
  } = key.body as { key: { id: string }; secret: string };
  const erp = await caller(emulator, { email, keyId: id, secret });
  expect((await erp("GET", project.name)).status).toBe(403);

  const member = await admin("POST", `${project.name}/members`, { email, roles: ["roles/project.user"] });
  expect(member.body).toMatchObject({
    status: "ACCEPTED",
    accountType: "SERVICE_ACCOUNT",
    displayName: "erp",
  });
  expect((await erp("GET", project.name)).status).toBe(200);
  const patched = await admin("PATCH", String(member.body["name"]), { roles: ["roles/project.admin"] });
  expect(patched.body).toMatchObject({ roles: ["roles/project.admin"] });

  expect(await admin("DELETE", name)).toMatchObject({ status: 200, body: {} });
  expect(emulator.cloud.members.list(project.name)).toEqual([]);
});

test("verbs behind a colon are told from ids", async () => {
  const admin = await caller(emulator);
  const [one, two] = emulator.cloud.projects.list();
  const batch = await admin("POST", "projects/-/members:batchCreate", {
    members: [one, two].map((project) => ({
      project: project!.name,
      email: "new@x.no",
      roles: ["roles/project.user"],
    })),
  });
  expect(batch.status).toBe(200);
  const members = batch.body["members"] as { name: string; status: string }[];
  expect(members.map(({ status }) => status)).toEqual(["PENDING", "PENDING"]);
  expect(emulator.cloud.mails).toMatchObject([{ to: "new@x.no", scopes: [one!.name, two!.name] }]);

  const invite = await admin("GET", `${members[0]!.name}:getInviteUrl`);
  expect(invite.body).toMatchObject({ inviteUrl: expect.stringMatching(/^https:/) });
  const labelled = await admin("POST", "projects:batchUpdate", {
    projects: [one!.name],
    addLabels: { a: "b" },
  });
  expect(labelled.status).toBe(200);
  expect(emulator.cloud.projects.get(one!.name)?.labels).toEqual({ a: "b" });
  const removed = await admin("POST", "projects/-/members:batchDelete", {
    names: members.map(({ name }) => name),
  });
  expect(removed).toMatchObject({ status: 200, body: {} });
});
