import { writeFileSync } from "node:fs";
import { createServer as createPlainServer, type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { connect as connectTo, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { generate } from "selfsigned";
import { proxyFor } from "../../../../provider/api/http/proxy";
import { cli, folder } from "../../../cli/command";
import { startWorld } from "../../world";

const api = "https://api.disruptive-technologies.com/v2";
const named = (environment: Record<string, string>, target = api) => proxyFor(target, environment);

describe("the proxy", () => {
  test.each([
    [{ HTTPS_PROXY: "http://p:1" }, "HTTPS_PROXY", "http://p:1/"],
    [{ https_proxy: "http://p:1", HTTPS_PROXY: "http://q:2" }, "https_proxy", "http://p:1/"],
    [{ HTTPS_PROXY: " ", ALL_PROXY: "p:1" }, "ALL_PROXY", "http://p:1/"],
    [{ all_proxy: "https://p" }, "all_proxy", "https://p/"],
    [{ HTTPS_PROXY: "proxy.corp:3128" }, "HTTPS_PROXY", "http://proxy.corp:3128/"],
  ])("for %j comes from %s", (environment, variable, url) => {
    expect(named(environment)).toEqual({ variable, url });
  });

  test("for plain http has its own variable, which is ignored if a web server's client may have set it", () => {
    const environment = { HTTP_PROXY: "http://p:1", HTTPS_PROXY: "http://q:1" };
    expect(named(environment, "http://emulator.test/v2")).toMatchObject({ variable: "HTTP_PROXY" });
    expect(named({ HTTP_PROXY: "http://p:1" })).toBeUndefined();
    expect(
      named({ HTTP_PROXY: "http://p:1", REQUEST_METHOD: "GET" }, "http://emulator.test"),
    ).toBeUndefined();
  });

  test.each(["http://127.0.0.1:4711/v2", "http://127.8.9.1", "http://localhost:1/v2", "http://[::1]:1/v2"])(
    "is not used for this machine, %s",
    (target) => expect(named({ ALL_PROXY: "http://p:1", HTTP_PROXY: "http://p:1" }, target)).toBeUndefined(),
  );

  test.each([
    ["*", api],
    ["api.disruptive-technologies.com", api],
    ["disruptive-technologies.com", api],
    [".disruptive-technologies.com", api],
    ["*.disruptive-technologies.com", api],
    ["DISRUPTIVE-technologies.com.", api],
    ["other.example, disruptive-technologies.com", api],
    ["other.example disruptive-technologies.com:443", api],
    ["10.0.0.0/8", "https://10.1.2.3/v2"],
    ["10.1.2.3", "https://10.1.2.3/v2"],
    ["10.1.2.3:8443", "https://10.1.2.3:8443/v2"],
    ["fd00::/8", "https://[fd00::1]/v2"],
    ["fd00:0::1", "https://[fd00::1]/v2"],
    ["[fd00::1]:443", "https://[fd00::1]/v2"],
  ])("is not used with NO_PROXY=%s for %s", (exceptions, target) => {
    for (const name of ["NO_PROXY", "no_proxy"])
      expect(named({ HTTPS_PROXY: "http://p:1", [name]: exceptions }, target)).toBeUndefined();
  });

  test.each([
    ["", api],
    ["technologies.com", api],
    ["disruptive-technologies.com:8443", api],
    ["api.disruptive-technologies.com.evil.example", api],
    ["10.0.0.0/8", "https://11.1.2.3/v2"],
    ["10.0.0.0/99", "https://10.1.2.3/v2"],
    ["10.0.0.0/8", api],
    ["10.1.2.3", "https://110.1.2.3/v2"],
    [".", api],
  ])("is used with NO_PROXY=%s for %s", (exceptions, target) => {
    expect(named({ HTTPS_PROXY: "http://p:1", NO_PROXY: exceptions }, target)).toBeDefined();
  });

  test.each([
    [
      "socks5://me:hush-hush@p:1080",
      "HTTPS_PROXY names a proxy by socks5://, and only http:// and https:// are supported",
    ],
    ["http://me:hush-hush@p:port", "HTTPS_PROXY is not the URL of a proxy, such as http://proxy:3128"],
  ])("%s is an error that does not contain the password", (value, message) => {
    expect(() => named({ HTTPS_PROXY: value })).toThrow(message);
    expect(() => named({ HTTPS_PROXY: value })).not.toThrow("hush");
  });
});

const open: { close(): unknown }[] = [];
const sockets = new Set<Socket>();
afterAll(() => {
  for (const server of open) server.close();
  for (const socket of sockets) socket.destroy();
});

const listening = async (server: Server | ReturnType<typeof createPlainServer>): Promise<number> => {
  open.push(server);
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
};

/** An empty cloud with a certificate that only clients with its file trust. */
async function cloud() {
  const names = ["api.test", "identity.test"].map((value) => ({ type: 2 as const, value }));
  const { private: key, cert } = await generate([{ name: "commonName", value: "api.test" }], {
    keySize: 2048,
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [...names, { type: 7, ip: "127.0.0.1" }] },
    ],
  });
  const ca = join(folder(), "ca.pem");
  writeFileSync(ca, cert);
  const asked: (string | undefined)[] = [];
  const port = await listening(
    createServer({ key, cert }, (request, response) => {
      asked.push(request.url?.replace(/\?.*/, ""));
      const token = { access_token: "token-of-the-test", token_type: "Bearer", expires_in: 3600 };
      const lists = { roles: [], organizations: [], projects: [] };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.url === "/token" ? token : lists));
    }),
  );
  return { port, ca, asked };
}

/** A proxy that knows the address of `api.test`, or refuses with a status. */
async function proxy(to: number, status = 200) {
  const asked: { readonly to: string | undefined; readonly login: string | undefined }[] = [];
  const server = createPlainServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push({ to: request.url, login: request.headers["proxy-authorization"] });
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\n{}`);
    const server = connectTo(to, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    for (const socket of [client, server]) socket.on("error", () => undefined);
    sockets.add(server);
  });
  return { port: await listening(server), asked };
}

const login = {
  DT_API_KEY_ID: "c18rs36olv9021epsv2g",
  DT_API_KEY_SECRET: "hush-hush-hush",
  DT_OIDC_EMAIL: "a@b.c",
};
const away = {
  ...login,
  DT_API_URL: "https://api.test/v2",
  DT_OIDC_TOKEN_ENDPOINT: "https://identity.test/token",
};

test("all requests go through the proxy with CONNECT and its login, which is never shown", async () => {
  const { port, ca, asked } = await cloud();
  const via = await proxy(port);
  const env = {
    ...away,
    NODE_EXTRA_CA_CERTS: ca,
    HTTPS_PROXY: `http://me:p%40ssword-of-it@127.0.0.1:${via.port}`,
  };
  const run = await cli(["whoami"], { env });
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  expect(new Set(asked)).toEqual(new Set(["/token", "/v2/roles", "/v2/organizations", "/v2/projects"]));
  const basic = `Basic ${Buffer.from("me:p@ssword-of-it").toString("base64")}`;
  expect(via.asked).toContainEqual({ to: "identity.test:443", login: basic });
  expect(via.asked).toContainEqual({ to: "api.test:443", login: basic });
  const direct = await cli(["whoami"], {
    env: { ...env, NO_PROXY: ".test", DT_DEADLINE: "2", DT_RETRY_DELAY: "0.1" },
  });
  expect(direct).toMatchObject({ exitCode: 1, stdout: "" });
});

test.each([407, 403, 404, 502])(
  "a proxy that answers %d is named at once, and never mistaken for the API",
  async (status) => {
    const via = await proxy(0, status);
    const env = {
      ...away,
      HTTPS_PROXY: `http://me:pass-of-the-proxy@127.0.0.1:${via.port}`,
      DT_AUTH: "basic",
    };
    const run = await cli(["whoami"], { env });
    expect(run).toMatchObject({ exitCode: 1, stdout: expect.not.stringContaining("hush") as string });
    expect(run.stderr).toContain(
      `ERR_PROXY_REFUSED the proxy answers ${status}; check HTTPS_PROXY, and the login in it`,
    );
    expect(run.stderr + run.stdout).not.toMatch(/pass-of-the-proxy|hush/);
    expect(via.asked).toHaveLength(1);
  },
);

test("an untrusted certificate is reported at once, with the way to trust it", async () => {
  const { port, ca, asked } = await cloud();
  const url = `https://127.0.0.1:${port}`;
  const env = { ...login, DT_API_URL: url, DT_OIDC_TOKEN_ENDPOINT: `${url}/token` };
  for (const auth of ["oauth2", "basic"]) {
    const begun = Date.now();
    const run = await cli(["whoami"], { env: { ...env, DT_AUTH: auth } });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT .*name the CA's PEM file in NODE_EXTRA_CA_CERTS/);
    expect(Date.now() - begun).toBeLessThan(10_000);
  }
  expect(asked).toEqual([]);
  expect(await cli(["whoami"], { env: { ...env, NODE_EXTRA_CA_CERTS: ca } })).toMatchObject({ exitCode: 0 });
  expect(asked).toContain("/v2/roles");
});

test("the emulator is called directly, even if there is a proxy", async () => {
  const { settings } = await startWorld();
  const nowhere = "http://127.0.0.1:9";
  const env = { ...settings, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere };
  expect(await cli(["whoami"], { env })).toMatchObject({ exitCode: 0 });
});

test("a machine without a proxy loads no code for one", async () => {
  const text = `require("./provider/api/http/route.ts").routeTo("https://api.test").then(() => console.log(Object.keys(require.cache).filter((file) => /proxy-agent/.test(file)).length))`;
  const args = ["--require", require.resolve("tsx/cjs"), "--eval", text];
  const { stdout } = await execa(process.execPath, args, {
    cwd: join(__dirname, "../../../.."),
    env: { NO_PROXY: "*" },
  });
  expect(stdout).toBe("0");
});
