import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../emulator";
import * as dt from "../../sdk";
import * as cli from "./harness/cli";
import { stack } from "./harness/engine";
import { afterwards } from "./harness/scratch";

jest.setTimeout(180_000);

let emulator: Emulator;
let config: Record<string, string>;
let secrets: Record<string, string>;
beforeAll(async () => {
  emulator = await startEmulator();
  afterwards(() => emulator.close());
  config = {
    "dt:apiUrl": emulator.url,
    "dt:tokenEndpoint": emulator.tokenEndpoint,
    "dt:keyId": emulator.admin.keyId,
    "dt:email": emulator.admin.email,
    "dt:rateLimit": "off",
  };
  secrets = { "dt:keySecret": emulator.admin.secret };
});
beforeEach(() => emulator.requests.clear());

interface Stored {
  type: string;
  outputs?: Record<string, unknown>;
}

const asked = (path: string): number => emulator.requests.filter((request) => request.path === path).length;

test("a program uses the stack's own settings for lookups, asks each question once in a run, and asks again in the next", async () => {
  const program = async () => {
    const [projects, again] = await Promise.all([dt.getProjects(), dt.getProjects()]);
    const { email } = await dt.whoAmI();
    return { names: projects.map(({ displayName }) => displayName), isSame: projects === again, email };
  };
  const made = await stack({ program, config, secrets });
  await made.up();
  expect(await made.outputs()).toEqual({
    names: ["System Service Accounts", "Development", "Staging", "Production"],
    isSame: true,
    email: emulator.admin.email,
  });
  expect(asked("/v2/projects")).toBe(1);
  await made.preview();
  expect(asked("/v2/projects")).toBe(2);
});

test("a lookup as an account that the same program creates waits for its key, and its result is not a secret", async () => {
  const [home = "", production = ""] = emulator.cloud.projects.list().map(({ name }) => name);
  const program = () => {
    const account = new dt.ServiceAccount("reader", { project: home, displayName: "Reader" });
    const binding = new dt.ProjectRoleBinding("reader", {
      project: production,
      member: account.email,
      role: "project.user",
    });
    const key = new dt.ServiceAccountKey("reader", { serviceAccount: account.id });
    const keyId = pulumi.all([key.keyId, binding.id]).apply(([id]) => id);
    const provider = new dt.Provider("reader", { keyId, keySecret: key.secret, email: account.email });
    return {
      reachable: dt.getProjectsOutput({}, { provider }).apply((found) => found.map(({ name }) => name)),
      who: dt.whoAmIOutput({ provider }).apply(({ email }) => email),
      email: account.email,
      members: dt
        .getMembersOutput({ project: production, email: binding.member })
        .apply((found) => found.length),
    };
  };
  const made = await stack({ program, config, secrets });
  await made.preview();
  expect(asked("/v2/projects")).toBe(0);
  await made.up();
  const { reachable, who, email, members } = await made.outputs();
  expect(reachable).toEqual([production]);
  expect(who).toBe(email);
  expect(members).toBe(1);
  // As plaintext in the stored state.
  const state = JSON.parse(made.stateText()) as { checkpoint: { latest: { resources: Stored[] } } };
  const root = state.checkpoint.latest.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  expect(root?.outputs?.reachable).toEqual([production]);
  await made.destroy();
});

test("a lookup uses the credentials of another company if it has them, whatever the stack's credentials are", async () => {
  const { cloud } = emulator;
  const company = cloud.organizations.create({ displayName: "Company B" });
  const project = cloud.projects.create({ organization: company.name, displayName: "Theirs" });
  const account = cloud.accounts.create({ project: project.name, displayName: "B" });
  cloud.members.create({ scope: company.name, email: account.email, roles: ["roles/organization.admin"] });
  const { keyId, secret, email } = cloud.credentials(account.name);
  const providerOf = (keySecret: string) => new dt.Provider("b", { keyId, keySecret, email });

  const made = await stack({
    program: async () => {
      const projects = await dt.getProjects({}, { provider: providerOf(secret) });
      return { names: projects.map(({ displayName }) => displayName) };
    },
    config,
    secrets,
  });
  await made.up();
  expect(await made.outputs()).toEqual({ names: ["Theirs"] });
});

test("a failed lookup gives the user a one-sentence error, without a stack trace and without a secret", async () => {
  const wrong = "not-the-secret-0123456789";
  const program = (lookup: string) => `import * as dt from "pulumi-dt";
    const [project] = ${JSON.stringify(emulator.cloud.projects.list().map(({ name }) => name))};
    const account = new dt.ServiceAccount("reader", { project, displayName: "Reader" });
    const { keyId, secret } = new dt.ServiceAccountKey("reader", { serviceAccount: account.id });
    const own = new dt.Provider("own", { keyId, keySecret: secret, email: account.email });
    const { email } = process.env.DT_OIDC_EMAIL ? { email: process.env.DT_OIDC_EMAIL } : { email: "" };
    const refused = new dt.Provider("refused", { keyId: "${emulator.admin.keyId}", keySecret: "${wrong}", email });
    export = async () => { await ${lookup}; };`;
  const env = { ...emulator.settings, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
  const made = await cli.stack({ env, files: { "index.ts": program("dt.getRoles()") } });
  const textOf = async (lookup: string) => {
    made.write("index.ts", program(lookup));
    const { exitCode, text } = await made.preview();
    expect(exitCode).toBe(1);
    expect(text).not.toContain(wrong);
    expect(text).not.toMatch(/lookUp\.(js|ts):\d+/);
    return text;
  };
  expect(await textOf("dt.getProjects({}, { provider: own })")).toContain(
    "getProjects: the provider's credentials are not known before `pulumi up`; use getProjectsOutput, which waits for them",
  );
  expect(await textOf("dt.getRoles({ provider: refused })")).toMatch(
    /getRoles: POST .*: 400 .*check that the dt\.Provider's keyId, keySecret and email belong to one key/,
  );
  expect(await textOf('dt.getProjects({ displayName: "None" })')).toContain(
    'getProjects: no project is called "None"',
  );
  Reflect.deleteProperty(made.env, "DT_API_KEY_SECRET");
  expect(await textOf("dt.getRoles()")).toContain("getRoles: DT_API_KEY_SECRET is not set");
});

describe("a program that runs inside another one, with the credentials in the workspace's envVars,", () => {
  const declared = (): string => emulator.cloud.projects.list()[0]?.name ?? "";
  const unset = (): void => {
    for (const name of Object.keys(process.env))
      if (name.startsWith("DT_")) Reflect.deleteProperty(process.env, name);
  };
  afterEach(unset);

  test("gets an error that lookups do not see them, and what to do", async () => {
    const program = async () => {
      // The test catches this itself: the program runs in the same process.
      const failure = await dt.getProjects().catch((error: unknown) => error);
      return { said: (failure as Error).message };
    };
    const made = await stack({ program, env: { ...emulator.settings } });
    await made.up();
    expect((await made.outputs()).said).toMatch(
      /getProjects: DT_API_KEY_ID is not set.*not the workspace's envVars.*process\.env.*configuration/s,
    );
    expect(asked("/v2/projects")).toBe(0);
  });

  test("declares nothing if its lookups used other credentials or another address", async () => {
    const other = await startEmulator();
    afterwards(() => other.close());
    Object.assign(process.env, other.settings);
    const program = (lookUp: () => unknown) => async () => {
      await lookUp();
      new dt.ServiceAccount("reader", { project: declared(), displayName: "Reader of nothing" });
    };
    for (const lookUp of [() => dt.getProjects(), () => void dt.getProjectsOutput()]) {
      const made = await stack({ program: program(lookUp), env: { ...emulator.settings } });
      await expect(made.up()).rejects.toThrow(
        `the program's lookups asked ${other.url} with key ${other.admin.keyId}, but its resources ask ${emulator.url} with key ${emulator.admin.keyId}`,
      );
    }
    const names = emulator.cloud.accounts.list().map(({ displayName }) => displayName);
    expect(names).not.toContain("Reader of nothing");
  });

  test("works if this process sees the same credentials, and leaves no trace of them in the state", async () => {
    Object.assign(process.env, emulator.settings);
    const program = async () => {
      await dt.getProjects();
      new dt.ServiceAccount("reader", { project: declared(), displayName: "Reader" });
    };
    const made = await stack({ program, env: { ...emulator.settings } });
    expect((await made.up()).changes).toEqual({ create: 2 });
    expect((await made.preview({ expectNoChanges: true })).changes).toEqual({});
    expect((await made.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
    expect(made.stateText()).not.toMatch(/"__askedAs":(?!\[\])/);
    await made.destroy();
  });
});
