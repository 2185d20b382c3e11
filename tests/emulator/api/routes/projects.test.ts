import { callerWith } from "../../login";
import { scene, type Scene } from "../../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

test("projects can be filtered by organization and by a keyword in their names", async () => {
  const { admin, organization } = made;
  const names = async (query: string): Promise<string[]> => {
    const { body } = await admin("GET", `projects?${query}`);
    return (body["projects"] as { displayName: string }[]).map(({ displayName }) => displayName);
  };
  expect(await names(`organization=${organization}&query=STAG`)).toEqual(["Staging"]);
  expect(await names("query=example+company")).toHaveLength(4);
  expect(await names("organization=organizations/none")).toEqual([]);
});

test("a project has all its fields, can be renamed, and can be deleted when it is empty", async () => {
  const { admin, emulator, organization } = made;
  const { body } = await admin("POST", "projects", { organization, displayName: "new" });
  expect(body).toEqual({
    name: expect.stringMatching(/^projects\/[0-9a-v]{20}$/) as string,
    displayName: "new",
    organization,
    organizationDisplayName: "Example Company",
    inventory: false,
    sensorCount: 0,
    cloudConnectorCount: 0,
    location: { latitude: null, longitude: null, timeLocation: "" },
    labels: {},
  });
  const name = String(body["name"]);
  const location = { latitude: 59.9, longitude: 10.7, timeLocation: "Europe/Oslo" };
  expect((await admin("PATCH", name, { displayName: "renamed", location })).body).toMatchObject({
    displayName: "renamed",
    location,
  });
  const { name: account } = emulator.cloud.accounts.create({ project: name });
  expect((await admin("DELETE", name)).status).toBe(400);
  emulator.cloud.accounts.delete(account);
  expect(await admin("DELETE", name)).toMatchObject({ status: 200, body: {} });
  expect((await admin("GET", name)).status).toBe(404);
});

test("a project in an organization that does not exist, or without a name, is refused", async () => {
  const { admin, organization } = made;
  expect(
    (await admin("POST", "projects", { organization: "organizations/none", displayName: "x" })).status,
  ).toBe(404);
  expect((await admin("POST", "projects", { organization })).body).toMatchObject({
    error: "invalid displayName",
  });
});

test("labels of several projects are added and removed in one call", async () => {
  const { admin, emulator, project, other } = made;
  const change = (body: object) =>
    admin("POST", "projects:batchUpdate", { projects: [project, other], ...body });
  await change({ addLabels: { team: "a", site: "b" } });
  await change({ removeLabels: ["site"] });
  for (const name of [project, other])
    expect(emulator.cloud.projects.get(name)?.labels).toEqual({ team: "a" });
});

test("ids, emails and times have the format of the real API", async () => {
  const { admin, project } = made;
  const { body } = await admin("POST", `${project}/serviceaccounts`, { displayName: "x" });
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
  expect(body).toEqual({
    name: expect.stringMatching(new RegExp(`^${project}/serviceaccounts/[0-9a-v]{20}$`)) as string,
    email: `${String(body["name"]).slice(-20)}@${project.slice(-20)}.serviceaccount.d21s.com`,
    displayName: "x",
    enableBasicAuth: false,
    createTime: time,
    updateTime: time,
  });
});

test("a missing path is a 404 with the API's error body, also outside /v2", async () => {
  const { admin, project, emulator } = made;
  for (const path of [
    `${project}/serviceaccounts/none`,
    "projects/none",
    "organizations/none",
    "roles/none",
    "devices",
  ])
    expect(await admin("GET", path)).toMatchObject({ status: 404, body: { code: 404 } });
  const outside = await fetch(emulator.url.replace("/v2", "/v1/projects"));
  expect(outside.status).toBe(404);
  const nobody = await callerWith(emulator, "")("GET", "none");
  expect(nobody.status).toBe(401);
});

test("a body that is not JSON is refused", async () => {
  const { emulator, project } = made;
  const { keyId, secret, name } = emulator.admin;
  emulator.cloud.accounts.update(name, { enableBasicAuth: true });
  const authorization = `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}`;
  const response = await fetch(`${emulator.url}/${project}/members`, {
    method: "POST",
    headers: { authorization },
    body: "{",
  });
  expect(response.status).toBe(400);
});
