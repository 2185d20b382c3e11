import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CallRequest,
  ConstructRequest,
  ListRequest,
  ParameterizeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed } from "../engine/access";
import { startEngineRecorder } from "../engine/harness/engineRecorder";
import { packedProject } from "../engine/harness/packed";
import { secret, startPlugin, unknown, type PluginProcess } from "../engine/harness/plugin";
import { call } from "../engine/harness/protocol";

jest.setTimeout(240_000);

let emulator: Emulator;
let plugin: PluginProcess;
beforeAll(async () => {
  emulator = await startEmulator();
  plugin = await startPlugin({ env: { ...emulator.settings }, config: {} });
});
afterAll(() => emulator.close());

test("the plugin asks for secrets with their marks, and says that it can preview", async () => {
  expect(await plugin.handshake()).toMatchObject({ acceptSecrets: true });
  expect(await plugin.configure({})).toMatchObject({ acceptsecrets: true, supportspreview: true });
});

test("the schema is JSON, and has the version of the package", async () => {
  const folder = join(await packedProject(), "node_modules/pulumi-dt");
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  expect(JSON.parse(await plugin.getSchema())).toMatchObject({ name: "disruptive", version });
  expect(await plugin.getPluginInfo()).toBe(version);
});

test("no name of another provider maps to this one", async () => {
  expect(await plugin.getMapping()).toEqual({ provider: "", data: "" });
});

describe("CheckConfig", () => {
  test("refuses unknown settings with a hint, and never repeats a value", async () => {
    const { failures } = await plugin.checkConfig({
      keyIdd: "hush",
      "key\u001b[31m": secret("hush"),
      deadline: ["hush"],
    });
    expect(failures.sort()).toEqual([
      "deadline must be text, a number or a boolean",
      expect.stringMatching(
        /^key \[31m is not a setting of the provider disruptive; the settings are keyId, keySecret, email, /,
      ),
      "keyIdd is not a setting of the provider disruptive; did you mean keyId?",
    ]);
  });

  test("passes on what the engine adds", async () => {
    const news = { version: "0.1.0", pluginDownloadURL: "https://example.com", __internal: {} };
    expect(await plugin.checkConfig(news)).toEqual({ inputs: news, failures: [] });
  });

  test("marks the key's secret as secret, whether it was or not", async () => {
    const marked = { keyId: "k", keySecret: secret("hush") };
    expect(await plugin.checkConfig({ keyId: "k", keySecret: "hush" })).toEqual({
      inputs: marked,
      failures: [],
    });
    expect(await plugin.checkConfig(marked)).toEqual({ inputs: marked, failures: [] });
  });

  test("keeps values that a preview does not know, and the marks of other secrets", async () => {
    const news = {
      keyId: unknown,
      keySecret: secret(unknown),
      email: secret("a@b.example"),
      deadline: 7,
      auth: null,
    };
    expect(await plugin.checkConfig(news)).toEqual({ inputs: news, failures: [] });
  });
});

describe("DiffConfig", () => {
  const olds = { apiUrl: "https://a.example/v2", keyId: "k", rateLimit: "25/5", version: "0.1.0" };

  test("shows changed settings, and replaces nothing", async () => {
    const news = { apiUrl: "https://a.example/v2", keyId: "other", keySecret: "s", version: "0.2.0" };
    expect(await plugin.diffConfig(olds, olds)).toMatchObject({ changes: false, details: {}, replaces: [] });
    expect(await plugin.diffConfig(olds, news)).toEqual({
      changes: true,
      diffs: ["keyId", "rateLimit", "keySecret"],
      details: { keyId: "UPDATE", rateLimit: "DELETE", keySecret: "ADD" },
      replaces: [],
      stables: [],
      deleteBeforeReplace: false,
    });
  });

  test("warns of another API, unless it is not known yet", async () => {
    const engine = await startEngineRecorder();
    await plugin.handshake(engine.address);
    await plugin.diffConfig(olds, { ...olds, apiUrl: unknown });
    expect(engine.logged).toEqual([]);
    const news = { ...olds, apiUrl: "https://b.example/v2" };
    expect(await plugin.diffConfig(olds, news)).toMatchObject({ changes: true, replaces: [] });
    expect(engine.logged).toEqual([
      {
        severity: "WARNING",
        urn: expect.stringMatching(/disruptive::default$/) as string,
        message: expect.stringMatching(
          /^apiUrl changes from https:\/\/a\.example\/v2 to https:\/\/b\.example\/v2\./,
        ) as string,
      },
    ]);
  });
});

describe("notices", () => {
  const take = async (running: PluginProcess, name = "erp") => {
    const project = projectNamed(emulator, "Production");
    const found = emulator.cloud.accounts.create({ project, displayName: `${name} account` });
    const account = running.resource("ServiceAccount", name);
    const { inputs } = await account.check({ project, displayName: "ERP", adopt: found.email });
    await account.create(inputs);
    return { account, found };
  };

  test("arrive in the engine's log with the resource, and nothing but the port is on stdout", async () => {
    const engine = await startEngineRecorder();
    const running = await startPlugin({ env: { ...emulator.settings }, engine: engine.address, config: {} });
    const { account, found } = await take(running);
    expect(engine.logged).toEqual([
      {
        severity: "INFO",
        urn: account.urn,
        message: expect.stringContaining(`will adopt ${found.name}`) as string,
      },
      {
        severity: "INFO",
        urn: account.urn,
        message: expect.stringContaining(`adopted service account ${found.name}`) as string,
      },
    ]);
    expect(running.stdout).toMatch(/^\d+\n$/);
    expect(running.stderr).toBe("");
  });

  test("arrive although the environment names a proxy", async () => {
    const engine = await startEngineRecorder();
    const env = { ...emulator.settings, grpc_proxy: "http://127.0.0.1:1", NO_PROXY: "example.com" };
    const running = await startPlugin({ env, engine: engine.address, config: {} });
    await take(running);
    expect(engine.logged).toHaveLength(2);
  });

  test("are lost with a killed engine, and the operation does not fail", async () => {
    const engine = await startEngineRecorder();
    const running = await startPlugin({ env: { ...emulator.settings }, config: {}, engine: engine.address });
    await take(running, "first");
    engine.close();
    const { account, found } = await take(running, "second");
    expect(emulator.cloud.accounts.list().filter(({ name }) => name === found.name)).toHaveLength(1);
    expect(engine.logged.map(({ urn }) => urn)).not.toContain(account.urn);
  });
});

describe("Configure", () => {
  /** What `whoAmI` answers with a configuration and an environment. */
  const ask = async (config: Record<string, unknown>, name: string, env: Record<string, string> = {}) => {
    const running = await startPlugin({ env, config, name });
    return running.invoke("whoAmI");
  };
  const login = () => ({
    keyId: emulator.admin.keyId,
    keySecret: secret(emulator.admin.secret),
    email: emulator.admin.email,
  });
  const place = () => ({ apiUrl: emulator.url, tokenEndpoint: emulator.tokenEndpoint });
  const stranger = { DT_API_KEY_ID: "stranger", DT_API_KEY_SECRET: "hush", DT_OIDC_EMAIL: "s@x.example" };

  test.each(["default", "default_0_1_0", "default_0_1_0_https_/example.com"])(
    "the environment wins for the default provider, called '%s'",
    async (name) => {
      const { result, failures } = await ask({ ...login(), ...place() }, name, {
        ...emulator.settings,
        ...stranger,
      });
      expect(result).toEqual({});
      expect(failures).toEqual([
        expect.stringMatching(/^whoAmI: .*key stranger of s@x\.example cannot log in/),
      ]);
    },
  );

  test.each(["company", "defaults", "default-b", "default_b"])(
    "the environment does not give the login of a provider that the program calls '%s'",
    async (name) => {
      const { result } = await ask({ ...login(), ...place() }, name, { ...emulator.settings, ...stranger });
      expect(result).toMatchObject({ email: emulator.admin.email });
      const { failures } = await ask(place(), name, emulator.settings);
      expect(failures).toEqual([
        expect.stringMatching(/keyId is not set: give the disruptive.Provider keyId/),
      ]);
    },
  );

  test("an engine that sends no name sends a URN, which has it", async () => {
    const running = await startPlugin({ env: { ...emulator.settings, ...stranger } });
    await running.configure({ ...login(), ...place() }, "company", { sendsName: false });
    expect(await running.invoke("whoAmI")).toMatchObject({ result: { email: emulator.admin.email } });
  });

  test("a provider inherits from the stack's configuration what is not part of a login", async () => {
    const stack = { ...place(), rateLimit: "1/0", keyId: "stranger" };
    const PULUMI_CONFIG = JSON.stringify(stack);
    const { failures } = await ask(login(), "company", { PULUMI_CONFIG });
    expect(failures).toEqual([expect.stringMatching(/rateLimit must be requests\/seconds.*not "1\/0"/)]);
    const good = JSON.stringify({ ...stack, rateLimit: "20/5" });
    expect((await ask(login(), "company", { PULUMI_CONFIG: good })).result).toMatchObject({
      email: emulator.admin.email,
    });
    const own = { ...login(), rateLimit: "off", asOf: "2027-01-31T00:00:00Z" };
    expect((await ask(own, "company", { PULUMI_CONFIG })).failures).toEqual([]);
    const loginless = await ask({}, "company", { PULUMI_CONFIG: good });
    expect(loginless.failures).toEqual([expect.stringMatching(/keyId is not set/)]);
  });

  test("a stack's configuration that is no JSON is as none", async () => {
    const { failures } = await ask({ ...login(), ...place() }, "company", { PULUMI_CONFIG: "{" });
    expect(failures).toEqual([]);
  });

  test("numbers and booleans may be JSON or its text", async () => {
    for (const [deadline, allowInsecure] of [
      [7, true],
      ["7", "true"],
    ]) {
      const { failures } = await ask({ ...login(), ...place(), deadline, allowInsecure }, "company");
      expect(failures).toEqual([]);
    }
    const { failures } = await ask({ ...login(), ...place(), deadline: true }, "company");
    expect(failures).toEqual([expect.stringMatching(/deadline must be .* not "true"/)]);
  });
});

describe("functions", () => {
  test("each answers an object, and a list has a name", async () => {
    const project = projectNamed(emulator, "Production");
    const organization = emulator.cloud.organizations.list()[0]!.name;
    const account = emulator.cloud.accounts.create({ project, displayName: "found" });
    const answers = {
      whoAmI: await plugin.invoke("whoAmI"),
      getProjects: await plugin.invoke("getProjects", { organization }),
      getOrganizations: await plugin.invoke("getOrganizations"),
      getRoles: await plugin.invoke("getRoles"),
      getMembers: await plugin.invoke("getMembers", { project }),
      getServiceAccount: await plugin.invoke("getServiceAccount", { project, displayName: "found" }),
    };
    expect(Object.values(answers).map(({ failures }) => failures)).toEqual(Array(6).fill([]));
    expect(answers).toMatchObject({
      whoAmI: { result: { email: emulator.admin.email } },
      getProjects: {
        result: { projects: expect.arrayContaining([expect.objectContaining({ name: project })]) as unknown },
      },
      getOrganizations: {
        result: {
          organizations: expect.arrayContaining([expect.objectContaining({ name: organization })]) as unknown,
        },
      },
      getRoles: {
        result: {
          roles: expect.arrayContaining([expect.objectContaining({ name: "roles/project.user" })]) as unknown,
        },
      },
      getMembers: { result: { members: expect.any(Array) as unknown } },
      getServiceAccount: { result: { email: account.email } },
    });
  });

  test("an error is a failure that names the function and holds no secret", async () => {
    const { failures, result } = await plugin.invoke("getServiceAccount", {
      project: "nowhere",
      displayName: "x",
    });
    expect(result).toEqual({});
    expect(failures).toEqual([expect.stringMatching(/^getServiceAccount: /)]);
  });

  test("the answer to a secret question is secret", async () => {
    const project = projectNamed(emulator, "Production");
    const { result } = await plugin.invoke("getMembers", { project: secret(project) });
    expect(result).toEqual({ members: secret(expect.any(Array)) });
  });

  test.each(["getNothing", "toString", "disruptive:index:constructor", "dt:index:whoAmI"])(
    "an unknown one is a failure: %s",
    async (name) => {
      const { failures } = await plugin.invoke(name);
      expect(failures).toEqual([expect.stringMatching(/^disruptive \S+ has no function .*:index:\w+$/)]);
    },
  );
});

describe("the plugin refuses", () => {
  test.each([
    "disruptive:index:Sensor",
    "disruptive:index:toString",
    "dt:index:ServiceAccount",
    "disruptive:other:ServiceAccount",
  ])("resources that it does not have, such as %s", async (type) => {
    const message = new RegExp(`^disruptive \\S+ has no resource ${type}$`);
    await expect(plugin.resource(type).check({})).rejects.toThrow(message);
    await expect(plugin.resource(type).read("x")).rejects.toThrow(message);
  });

  test("what it does not serve", async () => {
    const { client } = plugin;
    const unserved = {
      construct: call((done) => client.construct(new ConstructRequest(), done)),
      call: call((done) => client.call(new CallRequest(), done)),
      parameterize: call((done) => client.parameterize(new ParameterizeRequest(), done)),
      list: new Promise((resolve, reject) => {
        client
          .list(new ListRequest())
          .on("data", resolve)
          .on("error", (cause) => reject(new Error(cause.message, { cause })));
      }),
    };
    for (const [name, answer] of Object.entries(unserved)) {
      await expect(answer).rejects.toMatchObject({
        message: expect.stringContaining(`disruptive does not serve ${name}`) as string,
        cause: { code: 12 },
      });
    }
  });
});
