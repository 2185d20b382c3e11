import { SignJWT } from "jose";
import { assertion, caller, callerWith, grant, type Login } from "../login";
import { scene, type Scene } from "../scene";

let made: Scene;
beforeAll(async () => {
  made = await scene();
});
afterAll(() => made.emulator.close());

const now = (): number => Math.floor(made.emulator.clock.now().getTime() / 1000);

test("a token is opaque, is valid for an hour and is not in the request log", async () => {
  const { emulator } = made;
  const { status, body, headers } = await grant(emulator, await assertion(emulator, emulator.admin));
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.any(String) as string,
    token_type: "bearer",
    expires_in: 3600,
  });
  expect(headers.get("content-type")).toContain("application/json");
  expect(JSON.stringify(emulator.requests)).not.toContain(body["access_token"]);
  expect(emulator.requests.at(-1)).toMatchObject({ path: "/oauth2/token", caller: emulator.admin.email });
});

test("an audience can use any name of this machine, and can be an array with one item", async () => {
  const { emulator } = made;
  const localhost = emulator.tokenEndpoint.replace("127.0.0.1", "localhost");
  for (const aud of [localhost, [emulator.tokenEndpoint]])
    expect(await grant(emulator, await assertion(emulator, emulator.admin, { aud }))).toMatchObject({
      status: 200,
    });
});

const refusals: Record<string, (admin: Login) => Promise<string>> = {
  "is not a JWT": () => Promise.resolve("nonsense"),
  "names an unknown key": (admin) => assertion(made.emulator, { ...admin, keyId: "unknown" }),
  "names no key": (admin) => assertion(made.emulator, admin, {}, { kid: undefined }),
  "is signed with another secret": (admin) => assertion(made.emulator, { ...admin, secret: "0".repeat(32) }),
  "is of another issuer": (admin) => assertion(made.emulator, admin, { iss: "other@example.com" }),
  "is meant for another endpoint": (admin) => assertion(made.emulator, admin, { aud: "https://example.com" }),
  "has expired": (admin) => assertion(made.emulator, admin, { iat: now() - 60, exp: now() - 1 }),
  "was issued in the future": (admin) => assertion(made.emulator, admin, { iat: now() + 10 }),
  "lives for more than an hour": (admin) =>
    assertion(made.emulator, admin, { iat: now() - 1, exp: now() + 3600 }),
  "does not say when it was issued": (admin) => assertion(made.emulator, admin, { iat: undefined }),
  "is not valid yet": (admin) => assertion(made.emulator, admin, { nbf: now() + 10 }),
  "has a time that is not a number": (admin) =>
    assertion(made.emulator, admin, { iat: String(now()) as unknown as number }),
  "needs an extension that the emulator does not know": (admin) =>
    new SignJWT({ iss: admin.email, aud: made.emulator.tokenEndpoint, iat: now(), exp: now() + 60 })
      .setProtectedHeader({ alg: "HS256", kid: admin.keyId, crit: ["x"], x: true })
      .sign(Buffer.from(admin.secret), { crit: { x: true } }),
  "has no signature": async (admin) => (await assertion(made.emulator, admin)).replace(/[^.]*$/, ""),
  "has several audiences": (admin) =>
    assertion(made.emulator, admin, { aud: [made.emulator.tokenEndpoint, "https://example.com"] }),
  "is signed with another algorithm": async (admin) =>
    new SignJWT({ iss: admin.email, aud: made.emulator.tokenEndpoint, iat: now(), exp: now() + 60 })
      .setProtectedHeader({ alg: "HS512", kid: admin.keyId })
      .sign(Buffer.from(admin.secret.repeat(2))),
};

test.each(Object.entries(refusals))("an assertion that %s is refused with 400", async (_why, make) => {
  const { status, body } = await grant(made.emulator, await make(made.emulator.admin));
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: "invalid_grant", code: 400 });
});

test("an assertion expires at the very second of its exp", async () => {
  const { emulator } = made;
  const exp = now() + 10;
  const text = await assertion(emulator, emulator.admin, { exp });
  const statusAt = async (ms: number): Promise<number> => {
    emulator.clock.freeze(new Date(ms));
    return (await grant(emulator, text)).status;
  };
  expect([await statusAt(exp * 1000 - 1), await statusAt(exp * 1000)]).toEqual([200, 400]);
  emulator.clock.reset();
});

test("an assertion of a key with an empty secret is refused", async () => {
  const { emulator } = made;
  const { id } = emulator.cloud.keys.create({ account: emulator.admin.name, secret: "" });
  const { email } = emulator.admin;
  const [header, payload] = (await assertion(emulator, { email, keyId: id, secret: "x" })).split(".");
  expect((await grant(emulator, `${header}.${payload}.`)).status).toBe(400);
});

test("parameters in the query, another grant type and a missing one are refused", async () => {
  const { emulator } = made;
  const text = await assertion(emulator, emulator.admin);
  const query = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: text,
  });
  const response = await fetch(`${emulator.tokenEndpoint}?${query.toString()}`, { method: "POST" });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: "invalid_request" });
  expect(emulator.requests.at(-1)?.query).toMatchObject({ assertion: "[hidden]" });
  expect((await grant(emulator, text, "password")).body).toMatchObject({ error: "unsupported_grant_type" });
  const empty = await fetch(emulator.tokenEndpoint, { method: "POST" });
  expect(await empty.json()).toMatchObject({ error: "invalid_request" });
  expect((await fetch(emulator.tokenEndpoint)).status).toBe(405);
});

test("a deleted key cannot log in, and neither can a deleted account", async () => {
  const { emulator, newAccount } = made;
  const { name, email } = await newAccount();
  const { keyId, secret } = emulator.cloud.credentials(name);
  const login = async (): Promise<number> =>
    (await grant(emulator, await assertion(emulator, { email, keyId, secret }))).status;
  expect(await login()).toBe(200);
  emulator.cloud.keys.delete(`${name}/keys/${keyId}`);
  expect(await login()).toBe(400);
  const second = emulator.cloud.credentials(name);
  emulator.cloud.accounts.delete(name);
  expect((await grant(emulator, await assertion(emulator, second))).status).toBe(400);
});

test("Basic auth works for an account that allows it, with the right secret", async () => {
  const { emulator, newAccount, project } = made;
  const { name } = await newAccount("project.user");
  const { keyId, secret } = emulator.cloud.credentials(name);
  const get = async (password: string): Promise<number> => {
    const call = callerWith(emulator, `Basic ${Buffer.from(`${keyId}:${password}`).toString("base64")}`);
    return (await call("GET", project)).status;
  };
  expect(await get(secret)).toBe(401);
  emulator.cloud.accounts.update(name, { enableBasicAuth: true });
  expect(await get(secret)).toBe(200);
  expect(await get("wrong")).toBe(401);
});

test("a missing or unknown token and an unknown scheme are refused", async () => {
  for (const authorization of ["", "Bearer unknown", "Digest x", "Basic nonsense"])
    expect(await callerWith(made.emulator, authorization)("GET", "projects")).toMatchObject({
      status: 401,
      body: { code: 401, help: "https://docs.d21s.com/error/#401" },
    });
});

test("an access token expires after one hour by the emulator's clock", async () => {
  const { emulator } = made;
  const call = await caller(emulator);
  emulator.clock.advance(3_590_000);
  expect((await call("GET", "projects")).status).toBe(200);
  emulator.clock.advance(20_000);
  expect((await call("GET", "projects")).status).toBe(401);
});
