import { type Emulator } from "../../emulator";
import { caller } from "./login";
import { scene, type Scene } from "./scene";

let made: Scene;
let emulator: Emulator;
beforeAll(async () => {
  made = await scene();
  ({ emulator } = made);
});
afterAll(() => emulator.close());

test("a new account gets a key and a role, and logs in with the key", async () => {
  const { admin, project } = made;
  const account = await admin("POST", `${project}/serviceaccounts`, { displayName: "erp" });
  expect(account).toMatchObject({ status: 200, body: { displayName: "erp", enableBasicAuth: false } });
  const { name, email } = account.body as { name: string; email: string };

  const { body } = await admin("POST", `${name}/keys`);
  const { key, secret } = body as { key: { name: string; id: string }; secret: string };
  expect(key.name).toBe(`${name}/keys/${key.id}`);
  expect(secret).toMatch(/^[0-9a-f]{32}$/);
  const erp = await caller(emulator, { email, keyId: key.id, secret });
  expect((await erp("GET", project)).status).toBe(403);

  const member = await admin("POST", `${project}/members`, { email, roles: ["roles/project.user"] });
  expect(member.body).toMatchObject({
    status: "ACCEPTED",
    accountType: "SERVICE_ACCOUNT",
    displayName: "erp",
  });
  expect((await erp("GET", project)).status).toBe(200);
  const patched = await admin("PATCH", String(member.body["name"]), { roles: ["roles/project.admin"] });
  expect(patched.body).toMatchObject({ roles: ["roles/project.admin"] });

  expect(await admin("DELETE", name)).toMatchObject({ status: 200, body: {} });
  expect(emulator.cloud.members.list(project)).toEqual([]);
});

test("custom verbs after a colon are not read as ids", async () => {
  const { admin, project, other } = made;
  const batch = await admin("POST", "projects/-/members:batchCreate", {
    members: [project, other].map((one) => ({
      project: one,
      email: "new@x.no",
      roles: ["roles/project.user"],
    })),
  });
  expect(batch.status).toBe(200);
  const members = batch.body["members"] as { name: string; status: string }[];
  expect(members.map(({ status }) => status)).toEqual(["PENDING", "PENDING"]);
  expect(emulator.cloud.mails).toMatchObject([{ to: "new@x.no", scopes: [project, other] }]);

  const invite = await admin("GET", `${members[0]!.name}:getInviteUrl`);
  expect(invite.body["inviteUrl"]).toMatch(/^https:/);
  const labelled = await admin("POST", "projects:batchUpdate", {
    projects: [project],
    addLabels: { a: "b" },
  });
  expect(labelled.status).toBe(200);
  expect(emulator.cloud.projects.get(project)?.labels).toEqual({ a: "b" });
  const removed = await admin("POST", "projects/-/members:batchDelete", {
    names: members.map(({ name }) => name),
  });
  expect(removed).toMatchObject({ status: 200, body: {} });
});
