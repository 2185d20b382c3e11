import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import * as fc from "fast-check";
import { connect } from "../../provider/api/client";
import { readSettings } from "../../provider/settings";
import { without } from "./stack";
import { failureOf, startWorld, type Configuration, type World } from "./world";

const local = "http://127.0.0.1:4711/v2";
const complete = {
  DT_API_KEY_ID: "k",
  DT_API_KEY_SECRET: "hush-hush",
  DT_OIDC_EMAIL: "a@b.c",
  DT_API_URL: local,
  DT_OIDC_TOKEN_ENDPOINT: "http://127.0.0.1:4711/oauth2/token",
};
const inConfig: Configuration = {
  "dt:keyId": "k",
  "dt:keySecret": "hush-hush",
  "dt:email": "a@b.c",
  "dt:apiUrl": local,
  "dt:tokenEndpoint": "http://127.0.0.1:4711/oauth2/token",
};
type Environment = Record<string, string | undefined>;
const read = (environment: Environment = {}, config: Partial<Configuration> = {}) =>
  readSettings((key) => config[key as keyof Configuration], environment);

const keyIdMissing =
  "DT_API_KEY_ID is not set: export DT_API_KEY_ID=… (the id of the service account key to log in with), or run `pulumi config set dt:keyId …`";
const secretMissing =
  "DT_API_KEY_SECRET is not set: export DT_API_KEY_SECRET=… (that key's secret), or run `pulumi config set --secret dt:keySecret …`";
const emailMissing =
  "DT_OIDC_EMAIL is not set: export DT_OIDC_EMAIL=… (the service account's email), or run `pulumi config set dt:email …`";
const endpointMissing =
  "DT_OIDC_TOKEN_ENDPOINT is not set: export DT_OIDC_TOKEN_ENDPOINT=… (the token endpoint that belongs to this API), or run `pulumi config set dt:tokenEndpoint …`";

test("the environment and the configuration each suffice, and mean the same", () => {
  expect(read(complete)).toEqual({ ...read({}, inConfig), isFromConfig: false });
  expect(read({}, inConfig)).toMatchObject({
    apiUrl: local,
    keyId: "k",
    email: "a@b.c",
    auth: "oauth2",
    isFromConfig: true,
  });
});

test("the names that the vendor's Python client reads serve as well", () => {
  const python = {
    DT_SERVICE_ACCOUNT_KEY_ID: "k",
    DT_SERVICE_ACCOUNT_SECRET: "hush-hush",
    DT_SERVICE_ACCOUNT_EMAIL: "A@B.c ",
    DT_API_URL: complete.DT_API_URL,
    DT_OIDC_TOKEN_ENDPOINT: complete.DT_OIDC_TOKEN_ENDPOINT,
  };
  expect(read(python)).toEqual(read(complete));
});

test("the environment wins over the configuration, and an empty variable counts as none", () => {
  expect(read({ DT_API_KEY_ID: "other", DT_OIDC_EMAIL: "" }, inConfig)).toMatchObject({
    keyId: "other",
    email: "a@b.c",
  });
});

test("without an API base the settings are those of Disruptive's cloud", () => {
  const credentials = without(complete, "DT_API_URL", "DT_OIDC_TOKEN_ENDPOINT");
  expect(read(credentials)).toMatchObject({
    apiUrl: "https://api.disruptive-technologies.com/v2",
    tokenEndpoint: "https://identity.disruptive-technologies.com/oauth2/token",
    rateLimit: { requests: 25, perSeconds: 5 },
  });
});

describe("a missing setting is named, with the variable and the command that set it", () => {
  test.each<[keyof typeof complete, keyof typeof inConfig, string]>([
    ["DT_API_KEY_ID", "dt:keyId", keyIdMissing],
    ["DT_API_KEY_SECRET", "dt:keySecret", secretMissing],
    ["DT_OIDC_EMAIL", "dt:email", emailMissing],
    ["DT_OIDC_TOKEN_ENDPOINT", "dt:tokenEndpoint", endpointMissing],
  ])("%s or %s", (variable, key, message) => {
    expect(() => read(without(complete, variable))).toThrow(new Error(message));
    expect(() => read({}, without(inConfig, key))).toThrow(new Error(message));
  });

  test("all at once", () => {
    expect(() => read()).toThrow(new Error([keyIdMissing, secretMissing, emailMissing].join("\n")));
  });

  test("of a dt.Provider, by its argument: the environment must not fill in for another company", () => {
    expect(() => read(complete, { "dt:explicit": "true", "dt:apiUrl": local })).toThrow(
      new Error(
        [
          "keyId is not set: give the dt.Provider keyId, the id of the service account key to log in with",
          "keySecret is not set: give the dt.Provider keySecret, that key's secret",
          "email is not set: give the dt.Provider email, the service account's email",
        ].join("\n"),
      ),
    );
  });

  test("but with Basic authentication no email is needed, and no token endpoint", () => {
    const basic = without(complete, "DT_OIDC_EMAIL", "DT_OIDC_TOKEN_ENDPOINT");
    expect(read({ ...basic, DT_AUTH: "basic" })).toMatchObject({ auth: "basic", email: undefined });
  });
});

describe("nonsense is named with the variable, the key and what would be right", () => {
  test.each([
    [
      "DT_RATE_LIMIT",
      "fast",
      'DT_RATE_LIMIT (or dt:rateLimit) is requests per seconds, such as 25/5, or off; not "fast"',
    ],
    [
      "DT_RATE_LIMIT",
      "0/5",
      'DT_RATE_LIMIT (or dt:rateLimit) is requests per seconds, such as 25/5, or off; not "0/5"',
    ],
    [
      "DT_RATE_LIMIT",
      "25/0",
      'DT_RATE_LIMIT (or dt:rateLimit) is requests per seconds, such as 25/5, or off; not "25/0"',
    ],
    ["DT_AUTH", "oauth", 'DT_AUTH (or dt:auth) is oauth2 or basic, not "oauth"'],
    ["DT_API_URL", "api.d21s.com", 'DT_API_URL (or dt:apiUrl) is no URL: "api.d21s.com"'],
    [
      "DT_API_URL",
      "http://api.d21s.com/v2",
      'DT_API_URL (or dt:apiUrl) must be https, not "http://api.d21s.com": credentials would travel in clear. Set DT_ALLOW_INSECURE=true to allow it',
    ],
    [
      "DT_API_URL",
      "http://127.0.0.1.evil.example/v2",
      'DT_API_URL (or dt:apiUrl) must be https, not "http://127.0.0.1.evil.example": credentials would travel in clear. Set DT_ALLOW_INSECURE=true to allow it',
    ],
    [
      "DT_API_URL",
      "file:///etc/passwd",
      'DT_API_URL (or dt:apiUrl) must be https, not "file://": credentials would travel in clear. Set DT_ALLOW_INSECURE=true to allow it',
    ],
    [
      "DT_OIDC_TOKEN_ENDPOINT",
      "http://identity.d21s.com/token",
      'DT_OIDC_TOKEN_ENDPOINT (or dt:tokenEndpoint) must be https, not "http://identity.d21s.com": credentials would travel in clear. Set DT_ALLOW_INSECURE=true to allow it',
    ],
  ])("%s=%s", (variable, value, message) => {
    expect(() => read({ ...complete, [variable]: value })).toThrow(new Error(message));
  });

  test("and plain http to another machine is allowed by an explicit word only", () => {
    const foreign = {
      ...complete,
      DT_API_URL: "http://emulator.test/v2",
      DT_OIDC_TOKEN_ENDPOINT: "http://emulator.test/token",
    };
    expect(read({ ...foreign, DT_ALLOW_INSECURE: "true" }).apiUrl).toBe("http://emulator.test/v2");
    expect(() => read({ ...foreign, DT_ALLOW_INSECURE: "false" })).toThrow("must be https");
  });

  test.each([
    ["http://me:hush-hush@api.d21s.com/v2", "must be https"],
    ["https://me:hush-hush@api.d21s.com/v2", "holds a user or a password, which have no place there"],
    ["http://me:hush-hush@127.0.0.1:1/v2", "holds a user or a password, which have no place there"],
    ["https://me:hush-hush@api d21s.com/v2", 'is no URL: "…@api d21s.com/v2"'],
  ])("a login in a URL, such as %s, is refused, and never reaches a message", (url, words) => {
    for (const [variable, name] of [
      ["DT_API_URL", "DT_API_URL (or dt:apiUrl)"],
      ["DT_OIDC_TOKEN_ENDPOINT", "DT_OIDC_TOKEN_ENDPOINT (or dt:tokenEndpoint)"],
    ] as const) {
      expect(() => read({ ...complete, [variable]: url })).toThrow(`${name} ${words}`);
      expect(() => read({ ...complete, [variable]: url })).not.toThrow("hush-hush");
    }
  });
});

describe("an API base has one spelling", () => {
  const spelled = (url: string): string => read({ ...complete, DT_API_URL: url }).apiUrl;

  test.each([
    ["https://api.d21s.com/v2/", "https://api.disruptive-technologies.com/v2"],
    ["HTTPS://API.Disruptive-Technologies.com:443/v2//", "https://api.disruptive-technologies.com/v2"],
    ["http://localhost:8080/v2", "http://127.0.0.1:8080/v2"],
    ["http://[::1]:8080/v2", "http://127.0.0.1:8080/v2"],
  ])("%s is %s", (given, canonical) => expect(spelled(given)).toBe(canonical));

  test("that is its own spelling, whatever was given", () => {
    fc.assert(
      fc.property(
        fc.webUrl({ validSchemes: ["https"], withQueryParameters: true, withFragments: true }),
        (url) => {
          const once = spelled(url);
          expect(spelled(once)).toBe(once);
        },
      ),
    );
  });
});

test("requests go where the URL says, as it says it: an alias may be another address", () => {
  const url = "http://[::1]:8080/v2";
  expect(read({ ...complete, DT_API_URL: `${url}/` })).toMatchObject({
    apiUrl: "http://127.0.0.1:8080/v2",
    connectTo: url,
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === "::1"),
);
(hasIpv6 ? test : test.skip)("a cloud that listens on IPv6 alone is reached", async () => {
  const server = createServer((_request, response) => void response.end("{}"));
  await new Promise<void>((listening) => server.listen(0, "::1", listening));
  const { port } = server.address() as AddressInfo;
  const api = await connect(read({ ...complete, DT_AUTH: "basic", DT_API_URL: `http://[::1]:${port}/v2` }));
  expect((await api.get("projects/p")).statusCode).toBe(200);
  server.close().closeAllConnections();
});

describe("the engine hears of settings", () => {
  let world: World;
  beforeAll(async () => void (world = await startWorld()));
  const declared = () =>
    ({ erp: ["serviceAccount", { project: world.projects[0], displayName: "ERP" }] }) as const;

  test("in a preview already: check names what is missing, and nothing is asked", async () => {
    world.requests.clear();
    const settings = { ...world.settingsOf() } as Record<string, string>;
    delete settings["dt:keySecret"];
    const { message } = await failureOf(world.stack(settings).up(declared()));
    expect(message).toBe(secretMissing);
    expect(world.requests).toHaveLength(0);
  });

  test("that name another API than the state's, before anything is asked of either", async () => {
    const stack = world.stack();
    await stack.up(declared());
    const elsewhere = await startWorld();
    const moved = world.stack({ ...elsewhere.settingsOf() });
    moved.made = stack.made;
    world.requests.clear();
    const message = `this resource lives in ${world.url}, but the settings name ${elsewhere.url}: set DT_API_URL (or dt:apiUrl) back, or use another stack for another API`;
    expect((await failureOf(moved.up(declared()))).message).toBe(message);
    expect((await failureOf(moved.refresh())).message).toBe(message);
    expect((await failureOf(moved.destroy())).message).toBe(message);
    const { erp } = stack.made;
    const update = moved.handlers.serviceAccount.update(erp!.id, erp!.outs, {
      ...erp!.inputs,
      displayName: "other",
    });
    expect((await failureOf(update)).message).toBe(message);
    expect([...world.requests, ...elsewhere.requests]).toHaveLength(0);
  });

  test("that spell the same API otherwise, without a word", async () => {
    const stack = world.stack();
    await stack.up(declared());
    const other = world.stack({
      ...world.settingsOf(),
      "dt:apiUrl": `${world.url.replace("127.0.0.1", "localhost")}/`,
    });
    other.made = stack.made;
    expect(await other.refresh()).toEqual({ erp: [] });
    expect(await other.up(declared())).toEqual({ erp: "same" });
  });
});
