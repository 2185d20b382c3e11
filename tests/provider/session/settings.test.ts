import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { connect } from "../../../provider/api/http/client";
import { redact } from "../../../provider/api/text/redact";
import { readSettings } from "../../../provider/session/settings";
import { without } from "../stack";
import { failureOf, startWorld, type Configuration, type World } from "../world";

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
  readSettings((key) => config[key], environment);

const parts = [
  ["DT_API_KEY_ID", "dt:keyId", "the id of the service account key to log in with", "--plaintext"],
  ["DT_API_KEY_SECRET", "dt:keySecret", "the secret of the service account key", "--secret"],
  ["DT_OIDC_EMAIL", "dt:email", "the service account's email", "--plaintext"],
] as const;
const endpointMissing =
  "DT_OIDC_TOKEN_ENDPOINT is not set: export DT_OIDC_TOKEN_ENDPOINT=… (the token endpoint that belongs to this API), or run `pulumi config set --plaintext dt:tokenEndpoint …`";

test("the environment and the configuration are each enough, and mean the same", () => {
  const { from, ...settings } = read(complete);
  expect(read({}, inConfig)).toMatchObject({ ...settings, isFromConfig: true });
  expect(from.login).toBe("DT_API_KEY_ID, DT_API_KEY_SECRET and DT_OIDC_EMAIL");
  expect(read({}, inConfig).from.login).toBe("dt:keyId, dt:keySecret and dt:email");
  expect(read({}, inConfig)).toMatchObject({
    apiUrl: local,
    keyId: "k",
    email: "a@b.c",
    auth: "oauth2",
    isFromConfig: true,
  });
});

test("the variables of the vendor's Python client work, too", () => {
  const python = {
    DT_SERVICE_ACCOUNT_KEY_ID: "k",
    DT_SERVICE_ACCOUNT_SECRET: "hush-hush",
    DT_SERVICE_ACCOUNT_EMAIL: "A@B.c ",
    DT_API_URL: complete.DT_API_URL,
    DT_OIDC_TOKEN_ENDPOINT: complete.DT_OIDC_TOKEN_ENDPOINT,
  };
  const { from, ...settings } = read(python);
  expect(settings).toEqual(without(read(complete), "from"));
  expect(from.login).toBe(
    "DT_SERVICE_ACCOUNT_KEY_ID, DT_SERVICE_ACCOUNT_SECRET and DT_SERVICE_ACCOUNT_EMAIL",
  );
});

test("a complete login in the environment overrides the configuration, and an empty variable counts as not set", () => {
  expect(read({ ...complete, DT_API_KEY_ID: "other" }, inConfig)).toMatchObject({
    keyId: "other",
    isFromConfig: false,
  });
  expect(read({ DT_API_KEY_ID: "", DT_OIDC_EMAIL: " " }, inConfig)).toMatchObject({
    keyId: "k",
    email: "a@b.c",
  });
});

describe("a login comes from one source:", () => {
  const python = {
    DT_SERVICE_ACCOUNT_KEY_ID: "p",
    DT_SERVICE_ACCOUNT_SECRET: "python-hush",
    DT_SERVICE_ACCOUNT_EMAIL: "p@b.c",
  };
  const messageOf = (environment: Environment, config: Partial<Configuration> = {}): string => {
    try {
      read(environment, config);
      return "";
    } catch (error) {
      expect((error as Error).message).not.toMatch(/hush/);
      return (error as Error).message;
    }
  };

  test.each([
    ["DT_API_KEY_ID", "other"],
    ["DT_API_KEY_SECRET", "other-hush"],
    ["DT_OIDC_EMAIL", "other@b.c"],
    ["DT_SERVICE_ACCOUNT_KEY_ID", "other"],
    ["DT_SERVICE_ACCOUNT_SECRET", "other-hush"],
    ["DT_SERVICE_ACCOUNT_EMAIL", "other@b.c"],
  ])("%s of another account beside the configuration's is an error that names both", (variable, value) => {
    expect(messageOf({ [variable]: value }, inConfig)).toContain(
      `${variable} is set, and dt:keyId, dt:keySecret and dt:email hold another login`,
    );
  });

  test("one that has the same value does no harm", () => {
    expect(read({ DT_API_KEY_ID: "k", DT_SERVICE_ACCOUNT_EMAIL: "A@b.c" }, inConfig).isFromConfig).toBe(true);
    expect(read({ ...complete, DT_SERVICE_ACCOUNT_KEY_ID: "k" }).keyId).toBe("k");
  });

  test("two complete ones that differ are an error that names both", () => {
    expect(messageOf({ ...complete, ...python })).toBe(
      "DT_SERVICE_ACCOUNT_KEY_ID, DT_SERVICE_ACCOUNT_SECRET and DT_SERVICE_ACCOUNT_EMAIL are set, and DT_API_KEY_ID, DT_API_KEY_SECRET and DT_OIDC_EMAIL hold another login: a login comes from one source, and it is not clear which one is meant. Unset DT_SERVICE_ACCOUNT_KEY_ID, DT_SERVICE_ACCOUNT_SECRET and DT_SERVICE_ACCOUNT_EMAIL, or unset DT_API_KEY_ID, DT_API_KEY_SECRET and DT_OIDC_EMAIL",
    );
  });

  test("parts of several do not form one, and the message names each missing part and its place", () => {
    const message = messageOf({
      ...without(complete, "DT_OIDC_EMAIL"),
      DT_SERVICE_ACCOUNT_EMAIL: "a@b.c",
    });
    expect(message).toContain("DT_OIDC_EMAIL is not set: export DT_OIDC_EMAIL=…");
    expect(message).toContain("DT_SERVICE_ACCOUNT_EMAIL is set, too, but a login comes from one source");
    const { DT_SERVICE_ACCOUNT_SECRET: secret, ...rest } = python;
    expect(secret).not.toBe("");
    expect(
      messageOf({ ...rest, ...without(complete, "DT_API_KEY_ID", "DT_API_KEY_SECRET", "DT_OIDC_EMAIL") }),
    ).toBe(
      "DT_SERVICE_ACCOUNT_SECRET is not set: export DT_SERVICE_ACCOUNT_SECRET=… (the secret of the service account key)",
    );
  });

  test("a swapped id and secret are reported, and neither is shown, now or later", () => {
    const secret = "0123456789abcdef0123456789abcdea";
    const id = "c18rs36olv9021epsv2g";
    expect(messageOf({ ...complete, DT_API_KEY_ID: secret, DT_API_KEY_SECRET: id })).toBe(
      "DT_API_KEY_ID holds what looks like the secret of a key. Perhaps the values of the two are swapped: DT_API_KEY_SECRET. No login was tried",
    );
    expect(messageOf({}, { ...inConfig, "dt:keyId": secret, "dt:keySecret": id })).toContain(
      "dt:keyId holds what looks like the secret of a key. Perhaps the values of the two are swapped: dt:keySecret",
    );
    expect(messageOf({ DT_API_KEY_ID: secret })).toContain("Set it as DT_API_KEY_SECRET");
    expect(redact(`${secret} ${id}`)).toBe("[secret] [secret]");
  });

  test("an id of another cloud that looks like a secret is accepted", () => {
    const keyId = "0123456789abcdef0123456789abcdee";
    expect(read({ ...complete, DT_API_KEY_ID: keyId, DT_API_KEY_SECRET: `${keyId}-and-more` }).keyId).toBe(
      keyId,
    );
  });
});

describe("a credentials file, as DT's Python client reads it and DeliveredKey writes it,", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-dt-settings-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const production = "https://identity.disruptive-technologies.com/oauth2/token";
  const fileOf = (more: object = {}): string => {
    const path = join(folder, "dt.json");
    const serviceAccount = {
      keyId: "f",
      secret: "file-hush",
      email: "F@b.c",
      algorithm: "HS256",
      tokenEndpoint: production,
    };
    writeFileSync(path, JSON.stringify({ serviceAccount: { ...serviceAccount, ...more } }));
    return path;
  };

  test("is a complete login, and names the token endpoint", () => {
    const path = fileOf();
    expect(read({ DT_CREDENTIALS_FILE: path }, inConfig)).toMatchObject({
      keyId: "f",
      keySecret: "file-hush",
      email: "f@b.c",
      tokenEndpoint: production,
      isFromConfig: false,
      from: { login: `the values in ${path} (DT_CREDENTIALS_FILE)` },
    });
    expect(read({ DT_CREDENTIALS_FILE: path }).apiUrl).toBe("https://api.disruptive-technologies.com/v2");
  });

  test("that names another cloud's token endpoint selects that cloud, or asks for it", () => {
    const dev = "https://identity.dev.disruptive-technologies.com/oauth2/token";
    expect(read({ DT_CREDENTIALS_FILE: fileOf({ tokenEndpoint: dev }) }).apiUrl).toBe(
      "https://api.dev.disruptive-technologies.com/v2",
    );
    const elsewhere = { DT_CREDENTIALS_FILE: fileOf({ tokenEndpoint: "http://127.0.0.1:1/token" }) };
    expect(() => read(elsewhere)).toThrow(/^DT_API_URL is not set: .*dt\.json/);
    expect(read({ ...elsewhere, DT_API_URL: local })).toMatchObject({
      apiUrl: local,
      tokenEndpoint: "http://127.0.0.1:1/token",
    });
    expect(() => read({ ...elsewhere, DT_API_URL: local, DT_OIDC_TOKEN_ENDPOINT: production })).toThrow(
      /^DT_OIDC_TOKEN_ENDPOINT and the values in .*dt\.json \(DT_CREDENTIALS_FILE\) name different token endpoints/,
    );
  });

  test("beside the variables of another account is an error that names both", () => {
    expect(() =>
      read({ ...complete, DT_CREDENTIALS_FILE: fileOf({ tokenEndpoint: complete.DT_OIDC_TOKEN_ENDPOINT }) }),
    ).toThrow(
      "DT_CREDENTIALS_FILE is set, and DT_API_KEY_ID, DT_API_KEY_SECRET and DT_OIDC_EMAIL hold another login",
    );
    expect(() => read({ DT_OIDC_EMAIL: "other@b.c", DT_CREDENTIALS_FILE: fileOf() })).toThrow(
      "DT_OIDC_EMAIL is set, and DT_CREDENTIALS_FILE hold",
    );
  });

  test.each([
    ["that is not there", () => join(folder, "none.json"), "which can't be read: ENOENT"],
    ["with something missing", () => fileOf({ secret: "" }), "serviceAccount.secret is missing or malformed"],
    [
      "with another algorithm",
      () => fileOf({ algorithm: "none" }),
      "serviceAccount.algorithm is missing or malformed",
    ],
  ])("%s is an error that names the file, and quotes nothing from it", (_, path, words) => {
    const environment = { DT_CREDENTIALS_FILE: path() };
    expect(() => read(environment)).toThrow(words);
    expect(() => read(environment)).toThrow(environment.DT_CREDENTIALS_FILE);
    expect(() => read(environment)).not.toThrow("hush");
  });

  test("does not affect a dt.Provider, which has its own login", () => {
    const own = { "dt:explicit": "true", ...inConfig } as Partial<Configuration>;
    expect(read({ DT_CREDENTIALS_FILE: join(folder, "none.json") }, own).keyId).toBe("k");
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

describe("a missing setting is named, with the variable and the command that set it,", () => {
  test.each(parts)("%s or %s", (variable, key, meaning, option) => {
    expect(() => read(without(complete, variable))).toThrow(
      new Error(`${variable} is not set: export ${variable}=… (${meaning})`),
    );
    expect(() => read({}, without(inConfig, key))).toThrow(
      new Error(`${key} is not set: run \`pulumi config set ${option} ${key} …\` (${meaning})`),
    );
  });

  test("the token endpoint", () => {
    expect(() => read(without(complete, "DT_OIDC_TOKEN_ENDPOINT"))).toThrow(new Error(endpointMissing));
    expect(() => read({}, without(inConfig, "dt:tokenEndpoint"))).toThrow(new Error(endpointMissing));
  });

  test("all of them", () => {
    const each = parts.map(
      ([variable, key, meaning, option]) =>
        `${variable} is not set: export ${variable}=… (${meaning}), or run \`pulumi config set ${option} ${key} …\``,
    );
    expect(() => read()).toThrow(new Error(each.join("\n")));
  });

  test("for a dt.Provider, by its argument: the environment must not fill in for another company", () => {
    expect(() => read(complete, { "dt:explicit": "true", "dt:apiUrl": local })).toThrow(
      new Error(
        [
          "keyId is not set: give the dt.Provider keyId, the id of the service account key to log in with",
          "keySecret is not set: give the dt.Provider keySecret, the secret of the service account key",
          "email is not set: give the dt.Provider email, the service account's email",
        ].join("\n"),
      ),
    );
  });

  test("except that Basic authentication needs no email and no token endpoint", () => {
    const basic = without(complete, "DT_OIDC_EMAIL", "DT_OIDC_TOKEN_ENDPOINT");
    expect(read({ ...basic, DT_AUTH: "basic" })).toMatchObject({ auth: "basic", email: undefined });
  });
});

describe("an invalid value is named with the variable, the key and a correct value,", () => {
  test.each([
    ["DT_RATE_LIMIT", "fast", 'DT_RATE_LIMIT must be requests/seconds, such as 25/5, or off; not "fast"'],
    ["DT_RATE_LIMIT", "0/5", 'DT_RATE_LIMIT must be requests/seconds, such as 25/5, or off; not "0/5"'],
    ["DT_RATE_LIMIT", "25/0", 'DT_RATE_LIMIT must be requests/seconds, such as 25/5, or off; not "25/0"'],
    ["DT_AUTH", "oauth", 'DT_AUTH must be oauth2 or basic, not "oauth"'],
    ["DT_API_URL", "api.d21s.com", 'DT_API_URL is not a URL: "api.d21s.com"'],
    [
      "DT_API_URL",
      "http://api.d21s.com/v2",
      'DT_API_URL must be https, not "http://api.d21s.com": credentials would be sent in clear text. Set DT_ALLOW_INSECURE=true to allow it',
    ],
    [
      "DT_API_URL",
      "http://127.0.0.1.evil.example/v2",
      'DT_API_URL must be https, not "http://127.0.0.1.evil.example": credentials would be sent in clear text. Set DT_ALLOW_INSECURE=true to allow it',
    ],
    [
      "DT_API_URL",
      "file:///etc/passwd",
      'DT_API_URL must be https, not "file://": credentials would be sent in clear text. Set DT_ALLOW_INSECURE=true to allow it',
    ],
    [
      "DT_OIDC_TOKEN_ENDPOINT",
      "http://identity.d21s.com/token",
      'DT_OIDC_TOKEN_ENDPOINT must be https, not "http://identity.d21s.com": credentials would be sent in clear text. Set DT_ALLOW_INSECURE=true to allow it',
    ],
  ])("%s=%s", (variable, value, message) => {
    expect(() => read({ ...complete, [variable]: value })).toThrow(new Error(message));
  });

  test("with its source: a key of the configuration, or an argument of a dt.Provider", () => {
    const nonsense = { ...inConfig, "dt:rateLimit": "fast" };
    expect(() => read({}, nonsense)).toThrow("dt:rateLimit must be requests/seconds");
    expect(() => read({}, { ...nonsense, "dt:explicit": "true" })).toThrow(
      "the dt.Provider's rateLimit must be requests/seconds",
    );
  });

  test("and plain http to another machine needs an explicit setting", () => {
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
    ["https://me:hush-hush@api.d21s.com/v2", "must not contain a user name or password"],
    ["http://me:hush-hush@127.0.0.1:1/v2", "must not contain a user name or password"],
    ["https://me:hush-hush@api d21s.com/v2", 'is not a URL: "…@api d21s.com/v2"'],
  ])("a login in a URL, such as %s, is refused, and never appears in a message", (url, words) => {
    for (const variable of ["DT_API_URL", "DT_OIDC_TOKEN_ENDPOINT"]) {
      expect(() => read({ ...complete, [variable]: url })).toThrow(`${variable} ${words}`);
      expect(() => read({ ...complete, [variable]: url })).not.toThrow("hush-hush");
    }
  });
});

describe("an API base has one spelling:", () => {
  const spelled = (url: string): string => read({ ...complete, DT_API_URL: url }).apiUrl;

  test.each([
    ["https://api.d21s.com/v2/", "https://api.disruptive-technologies.com/v2"],
    ["HTTPS://API.Disruptive-Technologies.com:443/v2//", "https://api.disruptive-technologies.com/v2"],
    ["http://localhost:8080/v2", "http://127.0.0.1:8080/v2"],
    ["http://[::1]:8080/v2", "http://127.0.0.1:8080/v2"],
    // DT's Terraform provider accepts it without the version.
    ["https://api.disruptive-technologies.com", "https://api.disruptive-technologies.com/v2"],
    ["https://api.d21s.com/", "https://api.disruptive-technologies.com/v2"],
    ["http://127.0.0.1:8080//", "http://127.0.0.1:8080/v2"],
    ["https://gateway.example/dt", "https://gateway.example/dt/v2"],
    ["https://gateway.example/v2beta1/dt", "https://gateway.example/v2beta1/dt"],
    ["https://gateway.example/vault", "https://gateway.example/vault/v2"],
  ])("%s is %s", (given, canonical) => expect(spelled(given)).toBe(canonical));

  test("and normalizing it again does not change it", () => {
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

test("requests go to the URL as it is written: an alias may be another address", () => {
  const url = "http://[::1]:8080/v2";
  expect(read({ ...complete, DT_API_URL: "http://[::1]:8080" }).connectTo).toBe(url);
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

describe("the engine gets errors about settings", () => {
  let world: World;
  beforeAll(async () => void (world = await startWorld()));
  const declared = () =>
    ({ erp: ["serviceAccount", { project: world.projects[0], displayName: "ERP" }] }) as const;

  test("in a preview already: check names the missing ones, and no request is sent", async () => {
    world.requests.clear();
    const settings = { ...world.settingsOf() } as Record<string, string>;
    delete settings["dt:keySecret"];
    const { message } = await failureOf(world.stack(settings).up(declared()));
    expect(message).toContain("dt:keySecret is not set: run `pulumi config set --secret dt:keySecret …`");
    expect(world.requests).toHaveLength(0);
  });

  test("that name another API than the state's, before any request is sent to either", async () => {
    const stack = world.stack();
    await stack.up(declared());
    const elsewhere = await startWorld();
    const moved = stack.with(elsewhere.settingsOf());
    world.requests.clear();
    const message = `this resource belongs to ${world.url}, but the settings name ${elsewhere.url}: set dt:apiUrl back, or use another stack for another API`;
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

  test("but no error if they spell the same API differently", async () => {
    const stack = world.stack();
    await stack.up(declared());
    const other = stack.with({
      ...world.settingsOf(),
      "dt:apiUrl": new URL(world.url).origin.replace("127.0.0.1", "localhost"),
    });
    expect(await other.refresh()).toEqual({ erp: [] });
    expect(await other.up(declared())).toEqual({ erp: "same" });
  });
});
