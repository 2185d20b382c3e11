import { networkInterfaces } from "node:os";
import { startEmulator } from "../../../emulator";
import { scene, type Scene } from "../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

/** Calls the control as a test in another process does, without a token. */
async function control(method: string, path: string, body?: unknown, headers = {}): Promise<unknown> {
  const response = await fetch(`${made.emulator.url.replace("/v2", "/_emulator")}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return response.status === 200 ? answer : [response.status, answer];
}

test("the control lists its calls, the settings and the state", async () => {
  const { emulator } = made;
  const { calls } = (await control("GET", "")) as { calls: string[] };
  expect(calls).toContain("DELETE /_emulator/faults/{id}: Removes a fault.");
  expect(await control("GET", "/settings")).toEqual(emulator.settings);
  const state = (await control("GET", "/state")) as { projects: unknown[]; keys: unknown[] };
  expect(state.projects).toEqual(emulator.cloud.projects.list());
  expect(state.keys).toEqual(emulator.cloud.keys.list());
});

test("the control adds, lists and removes faults", async () => {
  const fault = { path: "/v2/**", effect: { kind: "respond", status: 503 }, times: "untilCleared" };
  const { id } = (await control("POST", "/faults", fault)) as { id: number };
  expect((await made.admin("GET", "projects")).status).toBe(503);
  expect(await control("GET", "/faults")).toMatchObject({ faults: [{ id, struck: 1, path: "/v2/**" }] });
  await control("DELETE", `/faults/${id}`);
  expect((await made.admin("GET", "projects")).status).toBe(200);
  await control("POST", "/faults", fault);
  await control("DELETE", "/faults");
  expect((await made.admin("GET", "projects")).status).toBe(200);
  expect(await control("POST", "/faults", { ...fault, effect: { kind: "explode" } })).toMatchObject([
    400,
    {},
  ]);
});

test("the control moves the clock", async () => {
  expect(await control("PATCH", "/clock", { now: "2030-01-01T00:00:00Z", frozen: true })).toMatchObject({
    now: expect.stringMatching(/^2030-01-01T00:00:00/) as string,
  });
  await control("PATCH", "/clock", { advanceMs: 1000 });
  expect(made.emulator.clock.now().getUTCSeconds()).toBe(1);
  await control("PATCH", "/clock", { frozen: false });
  await control("DELETE", "/clock");
  expect(Math.abs(made.emulator.clock.now().getTime() - Date.now())).toBeLessThan(1000);
  expect(await control("PATCH", "/clock", { now: "never" })).toMatchObject([
    400,
    { error: "now: expected a date" },
  ]);
});

test("the control changes switches", async () => {
  expect(await control("PATCH", "/unknowns", { missingProjectAs: "403" })).toMatchObject({
    unknowns: { missingProjectAs: 403 },
  });
  expect((await made.admin("GET", "projects/none")).status).toBe(403);
  const { table, withoutSwitch } = (await control("GET", "/unknowns")) as {
    table: object;
    withoutSwitch: unknown[];
  };
  expect(Object.keys(table)).toEqual(Object.keys(made.emulator.unknowns));
  expect(withoutSwitch.length).toBeGreaterThan(0);
  expect(await control("PATCH", "/unknowns", { nothing: 1 })).toMatchObject([400, {}]);
});

test("the control lists and clears requests", async () => {
  await made.admin("GET", "roles");
  const { requests } = (await control("GET", "/requests")) as { requests: object[] };
  expect(requests.at(-1)).toMatchObject({ method: "GET", path: "/v2/roles", status: 200 });
  await control("DELETE", "/requests");
  expect(made.emulator.requests).toHaveLength(0);
});

test("the control creates, changes and deletes resources by name", async () => {
  const { project, emulator } = made;
  const account = (await control("POST", `/cloud/${project}/serviceaccounts`, { displayName: "x" })) as {
    name: string;
  };
  expect(await control("GET", `/cloud/${project}/serviceaccounts`)).toMatchObject({
    serviceaccounts: [account],
  });
  expect(await control("PATCH", `/cloud/${account.name}`, { displayName: "y" })).toMatchObject({
    displayName: "y",
  });
  const key = (await control("POST", `/cloud/${account.name}/keys`, {})) as { name: string; secret: string };
  expect(emulator.cloud.keys.get(key.name)?.secret).toBe(key.secret);
  expect(await control("DELETE", `/cloud/${key.name}`)).toEqual({ deleted: true });
  const roles = ["roles/project.user"];
  const member = (await control("POST", `/cloud/${project}/members`, { email: "a@x.no", roles })) as {
    name: string;
  };
  expect(await control("PATCH", `/cloud/${member.name}`, { roles: ["roles/project.admin"] })).toMatchObject({
    roles: ["roles/project.admin"],
  });
  await control("POST", "/cloud:acceptInvitation", { email: "a@x.no" });
  expect(emulator.cloud.members.get(member.name)?.status).toBe("ACCEPTED");
  const organization = (await control("POST", "/cloud/organizations", { displayName: "New" })) as {
    name: string;
  };
  const given = { displayName: "Theirs", organization: organization.name };
  expect(await control("POST", "/cloud/projects", given)).toMatchObject(given);
  expect(await control("GET", "/cloud/mails")).toEqual({ mails: [] });
  const users = await control("GET", "/cloud/users");
  expect(users).toMatchObject({ users: [{ known: true }, { known: true }, { email: "a@x.no" }] });
});

test.each([
  ["GET", "/cloud/projects/none", undefined, 404],
  ["GET", "/cloud/devices", undefined, 404],
  ["POST", "/cloud/projects/x", {}, 405],
  ["DELETE", "/cloud/projects", undefined, 405],
  ["POST", "/cloud/projects/none/members", { email: "a@x.no", roles: [] }, 400],
  ["POST", "/cloud/organizations", { name: "x" }, 400],
  ["GET", "/nothing", undefined, 404],
  ["PUT", "/clock", {}, 405],
])("%s %s is refused with a message", async (method, path, body, status) => {
  expect(await control(method, path, body)).toEqual([status, { error: expect.any(String) as string }]);
});

test("a web page cannot use the control", async () => {
  expect(await control("GET", "/state", undefined, { origin: "http://example.com" })).toMatchObject([
    403,
    {},
  ]);
});

const [outside] = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === "IPv4");

(outside ? test : test.skip)("from another address only the API is served", async () => {
  const open = await startEmulator({ host: "0.0.0.0", warn: () => undefined });
  const origin = open.url.replace("0.0.0.0", outside?.address ?? "").replace("/v2", "");
  const [state, api] = await Promise.all([
    fetch(`${origin}/_emulator/state`),
    fetch(`${origin}/v2/projects`),
  ]);
  await open.close();
  expect([state.status, api.status]).toEqual([403, 401]);
});

test("a request to the control is not in the request log", () => {
  expect(made.emulator.requests.every(({ path }) => !path.startsWith("/_emulator"))).toBe(true);
});
