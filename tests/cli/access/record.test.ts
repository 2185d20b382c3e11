import Ajv from "ajv/dist/2020";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessRecord } from "../../../cli/access/record";
import { cli, folder, matching } from "../command";
import { startCompany, type Company } from "../company";
import { exported } from "../state";

let company: Company;
beforeEach(async () => (company = await startCompany()));
const at = folder();

/** Runs a command about the company's stack. */
function run(...args: string[]) {
  const { world, stack, baseline } = company;
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "baseline.json"), JSON.stringify(baseline));
  const [command = "", ...options] = args;
  return cli([command, "--state", "-", "--baseline", join(at, "baseline.json"), ...options], {
    env: { ...world.settings },
    input: JSON.stringify(exported(stack)),
  });
}

async function recordOf(...args: string[]): Promise<AccessRecord> {
  const { stdout, stderr, exitCode } = await run("report", "--json", ...args);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout) as AccessRecord;
}

test("The record has the same findings, counts, decisions and coverage as drift has for one state.", async () => {
  const [record, drift] = await Promise.all([recordOf(), run("drift", "--format", "json")]);
  const { findings, accepted, staleDecisions, coverage, summary } = JSON.parse(drift.stdout) as AccessRecord;
  expect(record).toMatchObject({ findings, accepted, staleDecisions, coverage });
  expect(record.summary.counts).toEqual(summary.counts);
  expect(record.summary).toMatchObject({ result: summary.result, accepted: summary.accepted });
  expect(record.summary.undeclared).toBe(summary.counts.unmanaged);
  // It also shows the key of the undeclared account, and counts it nowhere.
  const stray = record.members.find(({ displayName }) => displayName.startsWith("stray"));
  expect(record.keys.find(({ account }) => account === stray!.account)?.standing).toBe("unchecked");
  expect(findings.length).toBeGreaterThan(5);
});

test("Each undeclared membership has exactly one entry that says so, and nothing else does.", async () => {
  const { access, findings } = await recordOf();
  const undeclared = access.filter(({ standing }) => standing === "undeclared");
  const expected = findings.filter(({ class: name, kind }) => name === "unmanaged" && kind === "membership");
  expect(undeclared.map(({ place, member }) => `${place}/members/${member}`).sort()).toEqual(
    expected.map(({ id }) => id).sort(),
  );
});

test("The record fits the schema that the command prints, with and without changes.", async () => {
  const { stdout } = await cli(["report", "--print-schema"]);
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(stdout) as object);
  const file = join(at, "first.json");
  await run("report", "--json", file, "--domain", "example.com");
  for (const record of [JSON.parse(readFileSync(file, "utf8")) as object, await recordOf("--since", file)]) {
    validate(record);
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...(await recordOf()), more: 1 })).toBe(false);
  // It names people and what they can access.
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("The record is the same twice, apart from its time.", async () => {
  const [first, second] = [await recordOf(), await recordOf()];
  expect({ ...second, asOf: first.asOf }).toEqual(first);
});

test("With an earlier record, the report says first what changed since then.", async () => {
  const { world, stack, production, staging, development } = company;
  const { cloud } = world;
  const file = join(at, "before.json");
  await run("report", "--json", file);
  expect((await recordOf("--since", file)).changes).toMatchObject({ access: [], keys: [], accounts: [] });

  const { bobInProduction, annInProduction, cleoInStaging, erp, key } = stack.made;
  cloud.members.update(bobInProduction!.id, { roles: ["roles/project.admin"] });
  cloud.members.update(annInProduction!.id, { roles: ["roles/project.user"] });
  cloud.members.delete(cleoInStaging!.id);
  cloud.members.create({ scope: production, email: "dan@example.com", roles: ["roles/project.user"] });
  cloud.accounts.create({ project: development, displayName: "Newcomer" });
  cloud.accounts.update(erp!.id, { displayName: "ERP 2" });
  const rotated = cloud.keys.create({ account: erp!.id });
  const previous = key!.outs.keyId;
  cloud.keys.delete(key!.id);
  key!.outs.keyId = rotated.id;

  const { changes } = await recordOf("--since", file);
  expect(
    changes!.access.map(({ change, email, place, before, after }) => [change, email, place, before, after]),
  ).toEqual([
    ["new", "dan@example.com", production, "", "roles/project.user"],
    ["broader", "bob@example.com", production, "roles/project.developer", "roles/project.admin"],
    ["narrower", "ann@example.com", production, "roles/project.admin", "roles/project.user"],
    ["gone", "cleo@example.com", staging, "roles/project.developer", ""],
  ]);
  expect(changes!.keys).toEqual([
    {
      change: "rotated",
      key: `${erp!.id}/keys/${rotated.id}`,
      account: erp!.id,
      previous: `${erp!.id}/keys/${String(previous)}`,
    },
  ]);
  expect(
    changes!.accounts.map(({ change, displayName, before }) => [change, displayName, before]).sort(),
  ).toEqual([
    ["new", "Newcomer", ""],
    ["renamed", "ERP 2", "Erp"],
  ]);
  const { stdout } = await run("report", "--since", file);
  expect(stdout.indexOf("What changed since")).toBeGreaterThan(0);
  expect(stdout.indexOf("What changed since")).toBeLessThan(stdout.indexOf("What is not as declared"));
  expect(stdout).toMatch(/broader: <b>Bob Example<\/b> in Plant Oslo: developer → admin/);
});

describe("A file that is not an earlier record of this stack is refused in one sentence:", () => {
  const files: Record<string, (record: AccessRecord) => string> = {
    "no JSON": () => "<!doctype html>",
    "drift's JSON": () => '{"schemaVersion":1,"findings":[]}',
    "a later format": (record) => JSON.stringify({ ...record, $schema: "urn:pulumi-dt:report:2" }),
    "another stack": (record) => JSON.stringify({ ...record, stack: "dev" }),
    "another cloud": (record) => JSON.stringify({ ...record, apiUrl: "https://other.example/v2" }),
    "a damaged file": (record) => JSON.stringify({ ...record, access: [{}] }),
  };
  const messages: Record<string, RegExp> = {
    "no JSON": /it is not an access report: give a file that `pulumi-dt report --json FILE` wrote/,
    "drift's JSON": /it is not an access report/,
    "a later format":
      /it is in another format \(urn:pulumi-dt:report:2\): use the version of pulumi-dt that wrote it/,
    "another stack": /it is a report of the stack access\/dev, not of access\/test/,
    "another cloud": /it is a report of https:\/\/other.example\/v2, not of http:\/\/127/,
    "a damaged file": /it is damaged at access.0.member: /,
  };
  test("all of them.", async () => {
    const record = await recordOf();
    for (const [name, write] of Object.entries(files)) {
      const file = join(at, "foreign.json");
      writeFileSync(file, write(record));
      const { exitCode, stdout, stderr } = await run("report", "--since", file);
      expect({ name, exitCode, stdout }).toEqual({ name, exitCode: 1, stdout: "" });
      expect(stderr.trim().split("\n")).toEqual([matching(messages[name]!)]);
    }
    const missing = await run("report", "--since", join(at, "none.json"));
    expect(missing.stderr).toMatch(/^.*none\.json: there is no such file\n$/);
  });
});

test("A wrong option is named.", async () => {
  const refused = async (...args: string[]) => (await run("report", ...args)).stderr.trim();
  expect(await refused("--key-age", "soon")).toMatch(/--key-age must be a duration such as "90d"/);
  expect(await refused("--within", "2 weeks")).toMatch(/--within must be a duration/);
  expect(await refused("--domain", "ann@example.com")).toMatch(
    /--domain is a mail domain, such as example.com/,
  );
  expect(await refused("--group-by", "colour")).toMatch(
    /--group-by "colour": no project of this report has this label; there are env/,
  );
  expect(await refused("--html", "--json")).toMatch(/give a file to one of them/);
});
