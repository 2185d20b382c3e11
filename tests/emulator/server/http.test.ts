import { request } from "node:http";
import { assertion, callerWith, grant } from "../login";
import { raw, rawRequest } from "../raw";
import { scene, type Scene } from "../scene";

let made: Scene;
let bearer: string;
beforeAll(async () => {
  made = await scene();
  const { body } = await grant(made.emulator, await assertion(made.emulator, made.emulator.admin));
  bearer = `Bearer ${String(body["access_token"])}`;
});
afterAll(() => made.emulator.close());

const as = (line: string, headers: Record<string, string> = {}, body = "") =>
  rawRequest(made.emulator, line, { Authorization: bearer, ...headers }, body);

const statusOf = async (line: string, headers: Record<string, string> = {}, body = "") =>
  (await as(line, headers, body))?.status;

test.each(["a b", "[::1", "user@host", "a/b", "host:port", "%", "\\"])(
  "the Host %j is a bad request with the API's error body",
  async (Host) => {
    const reply = await as("GET /v2/roles", { Host });
    expect(reply?.status).toBe(400);
    expect(JSON.parse(reply?.body ?? "")).toMatchObject({ code: 400, help: expect.any(String) as string });
  },
);

test("an absolute URL in the request line is served like its path", async () => {
  expect(await statusOf("GET http://127.0.0.1/v2/roles")).toBe(200);
  expect(await statusOf("GET http://api.example.com:8080/v2/roles?pageSize=1")).toBe(200);
  expect(await statusOf("GET HTTP://API.EXAMPLE.COM/v2/none")).toBe(404);
  expect(await statusOf("GET http://api.example.com")).toBe(404);
  expect(await statusOf("GET http://[bad/v2/roles")).toBe(400);
  expect(made.emulator.requests.at(-2)?.path).toBe("/v2/none");
});

test("CONNECT, which a client sends to a proxy, is refused with a valid answer", async () => {
  const reply = await rawRequest(made.emulator, "CONNECT api.example.com:443");
  expect([reply?.status, reply?.headers["allow"]]).toEqual([405, "GET, POST, PATCH, DELETE"]);
});

test.each([
  ["/v2/roles/", 404],
  ["/v2//roles", 404],
  ["//v2/roles", 404],
  ["/v2", 404],
  ["/v2/../v2/roles", 404],
  ["/v2/%2e%2E/v2/roles", 404],
  ["/v2/%zz", 400],
  ["/v2/projects/%ff/members", 400],
  ["/v2/%72oles", 200],
  ["/v2/projects/%2D/members", 200],
  ["/v2/roles?pageSize", 200],
  ["/v2/roles?unknown=1&%zz&&=", 200],
  ["/v2/roles#fragment", 200],
])("%s is %d", async (path, status) => {
  expect(await statusOf(`GET ${path}`)).toBe(status);
});

test("an encoded slash is part of the id", async () => {
  const { name } = made.emulator.cloud.accounts.create({ project: made.project });
  expect(await statusOf(`GET /v2/${name}`)).toBe(200);
  expect(await statusOf(`GET /v2/${name.replace("/serviceaccounts/", "%2Fserviceaccounts%2F")}`)).toBe(404);
});

test("a path with bytes that are not ASCII is a bad request", async () => {
  for (const text of ["ø", "\u009b31m", "\u0001"]) expect(await statusOf(`GET /v2/roles/${text}`)).toBe(400);
});

test("a very long URL is refused without an internal error", async () => {
  expect(await statusOf(`GET /v2/${"a".repeat(10_000)}`)).toBe(404);
  expect(await statusOf(`GET /v2/${"a".repeat(100_000)}`)).toBe(431);
});

test.each(["HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"])(
  "%s of a list is not allowed, and what is allowed is told",
  async (method) => {
    const reply = await as(`${method} /v2/projects`);
    expect([reply?.status, reply?.headers["allow"]]).toEqual([405, "GET, POST"]);
  },
);

test("a 405 lists the methods of its path", async () => {
  const allowed = async (line: string): Promise<string | undefined> => (await as(line))?.headers["allow"];
  expect(await allowed("GET /v2/projects:batchUpdate")).toBe("POST");
  expect(await allowed(`POST /v2/${made.organization}`)).toBe("GET");
  expect(await allowed("GET /oauth2/token")).toBe("POST");
  expect(await allowed("PUT /_emulator/clock")).toBe("GET, PATCH, DELETE");
  expect(await allowed("DELETE /_emulator")).toBe("GET");
  expect(await allowed("DELETE /_emulator/cloud/projects")).toBe("GET, POST");
  expect(await allowed("POST /_emulator/cloud/projects/p")).toBe("GET, PATCH, DELETE");
});

test("a 401 says how to authenticate, and what is wrong with the token", async () => {
  const { emulator } = made;
  const challenge = async (authorization: string): Promise<string | null> => {
    const { status, headers } = await callerWith(emulator, authorization)("GET", "roles");
    expect(status).toBe(401);
    return headers.get("www-authenticate");
  };
  expect(await challenge("")).toMatch(/^Bearer realm=/);
  expect(await challenge("Bearer none")).toContain('error="invalid_token"');
  expect(await challenge("Basic bm9uZQ==")).toMatch(/^Basic realm=/);
  emulator.faults.add({ path: "/v2/roles", effect: { kind: "respond", status: 401 } });
  expect(await challenge(bearer)).toMatch(/^Bearer realm=/);
});

test.each([
  ["the API", (): string => `/v2/${made.project}/members`, { code: 413 }],
  ["the login", (): string => "/oauth2/token", { code: 413 }],
  ["the control", (): string => "/_emulator/faults", {}],
])("a body of 10 MB is too large for %s, and its sender can read the answer", async (_what, path, body) => {
  const { hostname, port } = new URL(made.emulator.url);
  const options = { hostname, port, path: path(), method: "POST", headers: { authorization: bearer } };
  for (const length of [10_000_000, 40_000_000]) {
    const reply = await new Promise<{ status: number | undefined; text: string }>((resolve, fail) => {
      const sent = request(options, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      });
      sent.on("error", fail);
      sent.end(Buffer.alloc(length, "x"));
    });
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.text)).toMatchObject({ error: "the body is too large", ...body });
  }
});

test("a connection stays usable after a malformed body", async () => {
  const { emulator } = made;
  const head = `Host: x\r\nAuthorization: ${bearer}`;
  const first = `POST /v2/projects HTTP/1.1\r\n${head}\r\nContent-Length: 3\r\n\r\n{{{`;
  const second = `GET /v2/roles HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`;
  const reply = await raw(emulator, first + second);
  expect(reply?.status).toBe(400);
  expect(reply?.body).toContain("HTTP/1.1 200 OK");
});

test("the body of a GET or DELETE is ignored", async () => {
  expect(await statusOf("GET /v2/roles", {}, "{")).toBe(200);
  const { name } = made.emulator.cloud.accounts.create({ project: made.project });
  expect(await statusOf(`DELETE /v2/${name}`, {}, "[]")).toBe(200);
});
