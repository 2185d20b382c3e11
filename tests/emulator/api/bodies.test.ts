import { callerWith, grant, assertion } from "../login";
import { at, places, replaced } from "../places";
import { rawRequest } from "../raw";
import { scene, type Scene } from "../scene";

let made: Scene;
let bearer: string;
beforeAll(async () => {
  made = await scene({ unknowns: { patchOrganization: "ok" } });
  const { body } = await grant(made.emulator, await assertion(made.emulator, made.emulator.admin));
  bearer = `Bearer ${String(body["access_token"])}`;
});
afterAll(() => made.emulator.close());

const roles = ["roles/project.user"];
const fresh = (): string => `u${Math.random().toString(36).slice(2)}@example.com`;

/** Every call that reads a body, with a valid body. */
function calls(): [method: string, path: string, body: () => Record<string, unknown>][] {
  const { project, organization, emulator } = made;
  const { cloud } = emulator;
  const { name: account } = cloud.accounts.create({ project });
  const { name: member } = cloud.members.create({ scope: project, email: fresh(), roles });
  return [
    [
      "POST",
      "projects",
      () => ({ organization, displayName: "p", location: { latitude: 1, longitude: 2, timeLocation: "x" } }),
    ],
    ["PATCH", project, () => ({ displayName: "Development", location: { latitude: null } })],
    [
      "POST",
      "projects:batchUpdate",
      () => ({ projects: [project], addLabels: { a: "b" }, removeLabels: ["c"] }),
    ],
    ["PATCH", organization, () => ({ displayName: "Example Company" })],
    ["POST", `${project}/serviceaccounts`, () => ({ displayName: "x", enableBasicAuth: false })],
    ["PATCH", account, () => ({ displayName: "y", enableBasicAuth: true })],
    ["POST", `${account}/keys`, () => ({})],
    ["POST", `${project}/members`, () => ({ email: fresh(), roles })],
    ["PATCH", member, () => ({ roles })],
    ["POST", `${organization}/members`, () => ({ email: fresh(), roles: ["roles/organization.admin"] })],
    ["POST", "projects/-/members:batchCreate", () => ({ members: [{ project, email: fresh(), roles }] })],
    ["POST", "projects/-/members:batchDelete", () => ({ names: [] })],
  ];
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : value === null ? "null" : typeof value;

test("a value of the wrong type at any place of any body is a 400 that changes nothing", async () => {
  for (const [method, path, body] of calls()) {
    for (const place of places(body())) {
      for (const wrong of [[], {}, "text", 1, true, [[]], [{}], [1]]) {
        const good = at(body(), place);
        if (kindOf(wrong) === kindOf(good) && !(Array.isArray(wrong) && wrong.length > 0)) continue;
        // A coordinate can be null, which counts as absent. A list never contains lists.
        if (good === null && typeof wrong === "number") continue;
        const before = JSON.stringify(made.emulator.cloud.projects.list());
        const sent = replaced(body(), place, wrong);
        const { status } = await made.admin(method, path, sent);
        expect({ method, path, sent, status }).toMatchObject({ status: 400 });
        expect(JSON.stringify(made.emulator.cloud.projects.list())).toBe(before);
      }
    }
  }
});

test("null counts as absent in every field of every body", async () => {
  for (const [method, path, body] of calls()) {
    for (const place of places(body())) {
      if (typeof place.at(-1) === "number") continue;
      const without = JSON.parse(JSON.stringify(replaced(body(), place, undefined) ?? null)) as unknown;
      const asNull = await made.admin(method, path, replaced(body(), place, null));
      const asAbsent = await made.admin(method, path, without);
      // A map is not a message: its values cannot be absent.
      const expected = place[0] === "addLabels" && place.length === 2 ? 400 : asAbsent.status;
      expect({ method, path, place, status: asNull.status }).toMatchObject({ status: expected });
    }
  }
});

test("a label change as Terraform sends it, with null for removeLabels, only adds labels", async () => {
  const { admin, emulator, project } = made;
  const change = (labels: object) =>
    admin("POST", "projects:batchUpdate", { projects: [project], ...labels });
  expect((await change({ addLabels: { a: "1", constructor: "2" }, removeLabels: null })).status).toBe(200);
  expect(Object.entries(emulator.cloud.projects.get(project)?.labels ?? {})).toEqual(
    expect.arrayContaining([
      ["a", "1"],
      ["constructor", "2"],
    ]),
  );
  expect((await change({ addLabels: null, removeLabels: ["a", "constructor"] })).status).toBe(200);
  expect(emulator.cloud.projects.get(project)?.labels).not.toHaveProperty("a");
});

test("unknown fields are ignored, whatever their names are", async () => {
  const { admin, project } = made;
  const text = '{"displayName":"x","__proto__":{"enableBasicAuth":true},"constructor":1,"other":[null]}';
  const body = JSON.parse(text) as object;
  const reply = await admin("POST", `${project}/serviceaccounts`, body);
  expect(reply).toMatchObject({ status: 200, body: { displayName: "x", enableBasicAuth: false } });
});

test.each([
  ["a byte order mark", Buffer.from('\ufeff{"displayName":"x"}')],
  ["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ["a number that is not one", Buffer.from('{"displayName":NaN}')],
  ["a string that ends early", Buffer.from('{"displayName":"x')],
  ["lists a million deep", Buffer.from("[".repeat(1_000_000) + "]".repeat(1_000_000))],
  ["only a space", Buffer.from(" ")],
])("%s is a bad request", async (_what, body) => {
  const reply = await fetch(`${made.emulator.url}/${made.project}/serviceaccounts`, {
    method: "POST",
    headers: { authorization: bearer },
    body,
  });
  expect(reply.status).toBe(400);
});

test("the last value of a repeated field is used, as in JavaScript", async () => {
  const reply = await rawRequest(
    made.emulator,
    `POST /v2/${made.project}/serviceaccounts`,
    { Authorization: bearer },
    '{"displayName":"first","displayName":"last"}',
  );
  expect(JSON.parse(reply?.body ?? "")).toMatchObject({ displayName: "last" });
});

test.each([
  "",
  "a",
  "@x.no",
  "a@",
  "a b@x.no",
  "a@x@no",
  "a\u0000@x.no",
  "a\u200b@x.no",
  "a\u202e@x.no",
  "a\ud800@x.no",
  "a\u00a0@x.no",
  `${"a".repeat(250)}@x.no`,
])("%j is not an email", async (email) => {
  const { status, body } = await made.admin("POST", `${made.project}/members`, { email, roles });
  expect([status, body["error"]]).toEqual([400, "invalid email"]);
});

test("an email can use any script", async () => {
  for (const email of ["jørgen@blåbær.no", "用户@例え.jp", "İ@x.no", "😀@x.no"]) {
    const { status, body } = await made.admin("POST", `${made.project}/members`, { email, roles });
    expect([status, body["email"]]).toEqual([200, email]);
  }
});

test("a batch cannot change members of an organization", async () => {
  const { admin, organization, newAccount } = made;
  const { member } = await newAccount("organization.admin");
  const item = { project: organization, email: fresh(), roles: ["roles/organization.admin"] };
  expect((await admin("POST", "projects/-/members:batchCreate", { members: [item] })).status).toBe(400);
  expect((await admin("POST", "projects/-/members:batchDelete", { names: [member] })).status).toBe(400);
  expect((await admin("POST", "projects:batchUpdate", { projects: [organization] })).status).toBe(400);
  expect((await admin("GET", member)).status).toBe(200);
});

test("a call without credentials is a 401, whatever its body", async () => {
  expect((await callerWith(made.emulator, "")("POST", "projects", [])).status).toBe(401);
});
