import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cli, folder } from "../../cli/command";
import * as engine from "../../engine/harness/cli";
import { scratchFolder } from "../../engine/harness/scratch";
import { startWorld, type World } from "../../provider/world";
import { tally } from "../tally";
import { killProviders } from "./processes";

jest.setTimeout(600_000);

/**
 * Secrets in every place where a program may have one: configuration, a provider's arguments, inputs, outputs
 * and values made from them.
 */
const program = `
const dt = require("pulumi-dt");
const pulumi = require("@pulumi/pulumi");
const { project, byHand, keyId, round, more } = require("./given.json");
const provider = new dt.Provider("own", {
  keyId: process.env.OWN_KEY_ID,
  keySecret: process.env.OWN_KEY_SECRET,
  email: process.env.OWN_EMAIL,
  apiUrl: process.env.OWN_URL,
  tokenEndpoint: process.env.OWN_TOKEN_ENDPOINT,
});
const account = new dt.ServiceAccount("erp", { project, displayName: "ERP", enableBasicAuth: true });
const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id, rotationTriggers: { round }, overlap: "24h" });
const adopted = new dt.ServiceAccountKey("adopted", { serviceAccount: byHand, adopt: keyId, secret: process.env.ADOPTED });
new dt.ProjectRoleBinding("erp", { project, member: account.email, role: "project.user" }, { provider });
if (more) new dt.ServiceAccountKey("more", { serviceAccount: account.id });
exports.credentials = key.credentials;
exports.secret = key.secret;
exports.previous = key.previousSecret;
exports.adopted = adopted.secret;
exports.url = pulumi.interpolate\`https://\${key.keyId}:\${key.secret}@example.com\`;
exports.nested = { of: [{ them: adopted.credentials }] };
`;

let world: World;
const log: string[] = [];
const seen = new Map<string, string>();
/** Secrets and tokens in plaintext and in encoded forms. */
const canaries = new Set<string>();

async function noteCanaries(): Promise<void> {
  for (const secret of await world.secrets()) canaries.add(secret);
  for (const { id, secret } of world.cloud.keys.list())
    canaries.add(Buffer.from(`${id}:${secret}`).toString("base64"));
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** The places where a secret, a token or a signed assertion can be read. */
function leaks(texts: Iterable<[where: string, text: string]>): string[] {
  const assertion = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
  return [...texts].flatMap(([where, text]) =>
    [...canaries].some((each) => text.includes(each) || text.includes(base64(each))) || assertion.test(text)
      ? [where]
      : [],
  );
}

/** All files in a folder. */
const filesIn = (root: string): [string, string][] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "latin1")]);

test("no secret, token or assertion can be read anywhere, for any command of Pulumi and pulumi-dt, and after any failure", async () => {
  world = await startWorld({ log: (line) => log.push(line) });
  const { cloud, admin, projects, settings } = world;
  const [, project] = projects;
  const byHand = cloud.accounts.create({ project, displayName: "By hand" });
  const adopted = cloud.credentials(byHand.name);
  const own = world.identity({ [project]: "project.admin" });
  const {
    DT_API_KEY_ID: keyId,
    DT_API_KEY_SECRET: keySecret,
    DT_OIDC_EMAIL: email,
    ...environment
  } = settings;
  const stack = await engine.stack({
    files: { "index.js": program },
    env: {
      ...environment,
      ...{
        DT_RETRY_DELAY: "0.05",
        DT_REQUEST_TIMEOUT: "5",
        DT_RATE_LIMIT: "off",
        DT_JOURNAL: scratchFolder("journal"),
      },
      ...{ OWN_KEY_ID: own.keyId, OWN_KEY_SECRET: own.secret, OWN_EMAIL: own.email, OWN_URL: world.url },
      ...{ OWN_TOKEN_ENDPOINT: world.tokenEndpoint, ADOPTED: adopted.secret },
    },
    config: { "dt:keyId": keyId, "dt:email": email },
    secrets: { "dt:keySecret": keySecret },
  });
  const given = { project, byHand: byHand.name, keyId: adopted.keyId, round: "1", more: false };
  const declare = (changes: object) => stack.write("given.json", JSON.stringify({ ...given, ...changes }));
  const see = async (what: string, work: Promise<{ exitCode: number; stdout: string; stderr: string }>) => {
    const { exitCode, stdout, stderr } = await work;
    seen.set(what, [stdout, stderr].join("\n"));
    await noteCanaries();
    return exitCode;
  };
  const pulumi = (...args: string[]) => see(`pulumi ${args.join(" ")}`, stack.run(...args));
  const reports = folder();
  const ours = (args: string[], input = "") =>
    see(`pulumi-dt ${args.join(" ")}`, cli(args, { env: { ...settings }, input }));

  declare({});
  expect(await pulumi("preview", "--diff")).toBe(0);
  expect(await pulumi("up", "--yes", "--diff")).toBe(0);
  declare({ round: "2" });
  expect(await pulumi("preview", "--json", "--show-secrets")).toBe(0);
  expect(await pulumi("up", "--yes", "--skip-preview", "--show-full-output")).toBe(0);
  for (const args of [
    ["preview", "--json", "--refresh"],
    ["refresh", "--yes", "--diff"],
    ["stack", "export"],
    ["stack", "history", "--json"],
    ["stack", "output", "--json"],
    ["stack", "--show-urns"],
    ["config", "--json"],
  ])
    expect(await pulumi(...args)).toBe(0);

  // A gateway that echoes the request, and malformed answers.
  const token = (await world.secrets()).at(-1)!;
  const echo = `<pre>Authorization: Bearer ${token}\nBasic ${base64(`${admin.keyId}:${admin.secret}`)}\n${admin.secret}</pre>`;
  const keys = { method: "POST", path: "/v2/projects/**/keys" };
  const faults = [
    {
      ...keys,
      effect: { kind: "respond", status: 400, body: { error: echo, code: 400, help: admin.secret } },
    },
    { ...keys, effect: { kind: "respond", status: 502, body: echo } },
    {
      ...keys,
      effect: { kind: "respond", status: 200, when: "afterCommit", body: { id: 7, secret: [admin.secret] } },
    },
    { ...keys, effect: { kind: "truncate", bytes: 60 } },
    { ...keys, effect: { kind: "drop", when: "afterCommit" } },
    {
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: "invalid_grant", error_description: echo } },
    },
  ] as const;
  declare({ round: "2", more: true });
  for (const [index, fault] of faults.entries()) {
    world.faults.add({ ...fault, times: 1 });
    const exitCode = await see(`up with fault ${index}`, stack.up("--diff"));
    if (index === 0) expect(exitCode).not.toBe(0);
    world.faults.clear();
  }
  declare({ round: "3", more: true });
  world.onRequest({ ...keys, when: "afterCommit", times: 1 }, () => killProviders(stack.folder));
  expect(await see("up with its provider killed", stack.up())).not.toBe(0);
  expect(await see("up after that", stack.up())).toBe(0);

  const state = await stack.run("stack", "export");
  const formats = ["json", "sarif", "junit", "markdown", "issue", "github"];
  const files = formats.flatMap((format) => ["--out", `${format}=${join(reports, format)}`]);
  expect(await ours(["drift", "--state", "-", ...files], state.stdout)).toBe(2);
  const page = join(reports, "report.html");
  expect(await ours(["report", "--state", "-", "--html", page], state.stdout)).toBe(0);
  expect(await ours(["export", "--project", project])).toBe(0);
  expect(await ours(["whoami"])).toBe(0);
  expect(await ours(["guard", "--json"], seen.get("pulumi preview --json --refresh"))).toBe(0);
  const wrong = { serviceAccount: { ...admin, secret: own.secret } };
  expect(await ours(["verify"], JSON.stringify(wrong))).not.toBe(0);
  expect(readdirSync(reports)).toHaveLength(formats.length + 1);
  expect(await pulumi("destroy", "--yes", "--diff")).toBe(0);

  const { DT_JOURNAL: journal = "", PULUMI_HOME: home = "" } = stack.env;
  const found = leaks([
    ...seen,
    ...filesIn(dirname(home)),
    ...filesIn(journal),
    ...filesIn(reports),
    ["the emulator's log", log.join("\n")],
  ]);
  tally({ group: "real engine: leaks", passed: found.length === 0, secretsLeaked: found.length });
  expect(found).toEqual([]);
  // The search finds secrets that are really there.
  expect(leaks([["here", `x${base64(admin.secret)}x`]])).toEqual(["here"]);
});
