import type { Emulator } from "../../../emulator";
import { startEmulator } from "../../../emulator";
import { assertion, grant } from "../login";
import { rawRequest } from "../raw";
import { scene, type Scene } from "../scene";

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
afterEach(() => made.emulator.close());

const control = (method: string, path: string, body?: string): Promise<Response> =>
  fetch(`${made.emulator.url.replace("/v2", "/_emulator")}${path}`, {
    method,
    ...(body === undefined ? {} : { body }),
  });

/** The status of a control request with this Host header. */
const asHost = async (Host: string, line = "GET /_emulator/state"): Promise<number | undefined> =>
  (await rawRequest(made.emulator, line, { Host }))?.status;

test.each([
  "localhost",
  "localhost:8080",
  "LOCALHOST.",
  "127.0.0.1",
  "127.1.2.3:1",
  "[::1]:80",
  "[::ffff:127.0.0.1]",
])("the control accepts the Host %s, a name of this machine", async (host) => {
  expect(await asHost(host)).toBe(200);
});

test.each([
  "rebound.example.com",
  "rebound.example.com:8080",
  "localhost.example.com",
  "10.0.0.1",
  "127.0.0.1.nip.io",
])("the control refuses the Host %s, which a web page could point to this machine", async (host) => {
  expect(await asHost(host)).toBe(403);
  expect(await asHost(host, "POST /_emulator/reset")).toBe(403);
  // Also with an absolute URL, because the emulator serves it like its path.
  expect(await asHost(host, "GET http://127.0.0.1/_emulator/state")).toBe(403);
  expect(await asHost("127.0.0.1", `GET http://${host}/_emulator/state`)).toBe(403);
  expect(await asHost(host, "GET /%5Femulator/state")).toBe(403);
  expect(await asHost(host, "GET /v2/roles")).toBe(401);
});

test("the control accepts the host that the emulator listens on", async () => {
  const open = await startEmulator({ host: "0.0.0.0", warn: () => undefined });
  const { status } = await fetch(`${open.url.replace("/v2", "/_emulator")}/settings`);
  await open.close();
  expect(status).toBe(200);
});

test("listening on an address that other machines can reach gives a warning", async () => {
  const warnings = async (host: string): Promise<string[]> => {
    const lines: string[] = [];
    const emulator = await startEmulator({ host, warn: (line) => lines.push(line) });
    await emulator.close();
    return lines;
  };
  expect(await warnings("0.0.0.0")).toEqual([expect.stringContaining("listens on 0.0.0.0: other machines")]);
  for (const host of ["127.0.0.1", "localhost", ""]) expect(await warnings(host)).toEqual([]);
});

test("a path that only starts like the control's belongs to the API", async () => {
  expect((await fetch(made.emulator.url.replace("/v2", "/_emulators"))).status).toBe(404);
  expect(made.emulator.requests.at(-1)?.path).toBe("/_emulators");
});

test.each([
  ["PATCH", "/clock", "[]", "expected an object"],
  ["PATCH", "/clock", '{"now":null}', "now"],
  ["PATCH", "/clock", '{"now":"+275760-09-13T00:00:00.000Z"}', "years 1970 to 9999"],
  ["PATCH", "/clock", '{"now":"1969-12-31T23:59:59Z"}', "years 1970 to 9999"],
  ["PATCH", "/clock", '{"advanceMs":1e300}', "years 1970 to 9999"],
  ["PATCH", "/clock", '{"advanceMs":1e400}', "advanceMs"],
  ["PATCH", "/clock", '{"now":"2030-01-01T00:00:00Z","advanceMs":-1e15}', "years 1970 to 9999"],
  ["PATCH", "/unknowns", "[]", "expected an object of answers"],
  ["PATCH", "/unknowns", '{"forbiddenAs":[404]}', "forbiddenAs must be one of 403, 404"],
  ["PATCH", "/unknowns", '{"batchLimit":1.5}', "batchLimit must be a number of items"],
  ["PATCH", "/unknowns", '{"batchLimit":null}', "batchLimit must be a number of items"],
  ["PATCH", "/unknowns", '{"batchLimit":[]}', "batchLimit must be a number of items"],
  ["PATCH", "/unknowns", '{"toString":1}', 'there is no switch "toString"'],
  ["PATCH", "/unknowns", '{"forbiddenAs":404,"nothing":1}', 'there is no switch "nothing"'],
  ["POST", "/faults", '{"path":"/**","effect":{"kind":"respond","status":99}}', "effect.status"],
  [
    "POST",
    "/faults",
    '{"path":"/**","effect":{"kind":"respond","status":200,"headers":{"a b":"c"}}}',
    "headers",
  ],
  [
    "POST",
    "/faults",
    '{"path":"/**","effect":{"kind":"respond","status":200,"headers":{"a":"b\\nc"}}}',
    "headers",
  ],
  ["POST", "/faults", '{"path":"/**","effect":{"kind":"latency","ms":1e12}}', "effect.ms"],
  ["POST", "/faults", '{"path":"/**","effect":[]}', "effect"],
  ["POST", "/cloud/organizations", '{"displayName":"x","id":"a/b"}', "contain a slash"],
  ["POST", "/cloud/organizations", '{"displayName":"x","id":""}', "must not be empty"],
  ["POST", "/cloud/users", '{"email":1}', "email"],
  ["POST", "/cloud:acceptInvitation", "[]", "expected an object"],
  ["POST", "/cloud:acceptInvitation", '"a@x.no"', "expected an object"],
  ["POST", "/faults", "{", "not JSON"],
])("%s %s with %s is refused with a message, and changes nothing", async (method, path, body, words) => {
  const before = [
    made.emulator.cloud.organizations.list(),
    { ...made.emulator.unknowns },
    made.emulator.faults.list(),
  ];
  const response = await control(method, path, body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain(words);
  expect([
    made.emulator.cloud.organizations.list(),
    { ...made.emulator.unknowns },
    made.emulator.faults.list(),
  ]).toEqual(before);
  expect(Math.abs(made.emulator.clock.now().getTime() - Date.now())).toBeLessThan(1000);
  expect((await made.admin("GET", "roles")).status).toBe(200);
});

test("a fault whose body is nested too deeply to serialize is refused", async () => {
  const body = `{"path":"/**","effect":{"kind":"respond","status":200,"body":${"[".repeat(500_000)}${"]".repeat(500_000)}}}`;
  expect((await control("POST", "/faults", body)).status).toBe(400);
  expect((await control("GET", "/faults")).status).toBe(200);
});

test("a fault that returns an error without a body gets the API's error body, in the chosen format", async () => {
  const { emulator, admin } = made;
  const fault = { path: "/v2/roles", effect: { kind: "respond", status: 503 }, times: 2 };
  await control("POST", "/faults", JSON.stringify(fault));
  expect((await admin("GET", "roles")).body).toEqual({
    error: "Service Unavailable",
    code: 503,
    help: "https://docs.d21s.com/error/#503",
  });
  emulator.unknowns.errorBody = "grpc";
  expect((await admin("GET", "roles")).body).toMatchObject({ code: 503, message: "Service Unavailable" });
});

/** Changes everything a test can change. */
async function disturb({ emulator, admin, project }: Scene): Promise<void> {
  await admin("POST", `${project}/serviceaccounts`, { displayName: "made" });
  await admin("POST", `${project}/members`, { email: "new@x.no", roles: ["roles/project.user"] });
  const { keyId, name } = emulator.admin;
  emulator.cloud.keys.delete(`${name}/keys/${keyId}`);
  emulator.cloud.projects.delete(project);
  emulator.cloud.users.create({ email: "known@x.no" });
  emulator.clock.advance(86_400_000);
  Object.assign(emulator.unknowns, { forbiddenAs: 404, createdStatus: 201 });
  emulator.faults.add({ path: "/v2/**", effect: { kind: "respond", status: 500 }, times: "untilCleared" });
  emulator.onRequest({ path: "/v2/**" }, () => Promise.reject(new Error("a hook that was left")));
}

const picture = ({ cloud, unknowns, faults, requests, admin }: Emulator): unknown => [
  ...(["organizations", "projects", "accounts", "keys", "members", "users"] as const).map((kind) =>
    cloud[kind].list(),
  ),
  cloud.mails,
  { ...unknowns },
  faults.list(),
  [...requests],
  admin,
];

const resets: [by: string, reset: () => unknown][] = [
  ["its control", () => control("POST", "/reset")],
  ["code", () => made.emulator.reset()],
];

test.each(resets)("%s restores the initial state, and keeps tokens valid", async (_by, reset) => {
  const { emulator, admin } = made;
  emulator.requests.clear();
  const before = picture(emulator);
  for (let round = 0; round < 2; round++) {
    await disturb(made);
    await reset();
    expect(picture(emulator)).toEqual(before);
    expect(Math.abs(emulator.clock.now().getTime() - Date.now())).toBeLessThan(1000);
  }
  expect((await admin("GET", made.project)).status).toBe(200);
  expect((await grant(emulator, await assertion(emulator, emulator.admin))).status).toBe(200);
});

test("a reset also resets the rate limit", async () => {
  const limited = await scene({ rateLimit: { requests: 1, perSeconds: 3600 } });
  const statuses = [await limited.admin("GET", "roles"), await limited.admin("GET", "roles")];
  limited.emulator.reset();
  statuses.push(await limited.admin("GET", "roles"));
  await limited.emulator.close();
  expect(statuses.map(({ status }) => status)).toEqual([200, 429, 200]);
});
