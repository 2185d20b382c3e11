import Ajv from "ajv/dist/2020";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startWorld, type World } from "../provider/world";
import { openBrowser } from "./browser";
import { openReport, violations } from "./reportPage";
import { cli, containing, folder, matching, type Run } from "./command";

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
});

type Properties = Record<string, unknown>;

/** A step in the form of `pulumi preview --json`. */
const step = (op: string, kind: string, name: string, before?: Properties, after?: Properties) => {
  const type = `pulumi-nodejs:dynamic/dt:${kind}`;
  const urn = `urn:pulumi:test::access::${type}::${name}`;
  const state = (given: Properties) => ({ urn, type, ...given });
  return {
    op,
    urn,
    ...(before === undefined ? {} : { oldState: state(before) }),
    ...(after === undefined ? {} : { newState: state(after) }),
  };
};
const preview = (...steps: object[]) =>
  JSON.stringify({ config: {}, steps, changeSummary: { create: steps.length } });

/** A membership that a preview removes. */
const leaving = (member: string, more: Properties = {}) =>
  step("delete", "ProjectRoleBinding", member, {
    id: `${project}/members/1`,
    inputs: { project, member, role: "roles/project.user" },
    outputs: { memberId: "1", email: member, role: "roles/project.user", ...more },
  });
/** A membership that a preview adds. */
const coming = (member: string, role = "project.user", more: Properties = {}) =>
  step("create", "ProjectRoleBinding", member, undefined, {
    inputs: { project, member, role: `roles/${role}`, ...more },
  });

const review = (input: string, ...args: string[]): Promise<Run> =>
  cli(["review", ...args], { env: { ...world.settings }, input });

test("JSON follows its schema, with everything in it that a review can say.", async () => {
  const account = `${project}/serviceaccounts/abc`;
  const email = "abc@x.serviceaccount.d21s.com";
  const all = preview(
    coming("ann@example.com", "project.admin", { expires: "2031-01-31" }),
    leaving("bob@example.com"),
    step("create", "Project", "client", undefined, {
      inputs: { organization: world.organization, displayName: "Client B" },
    }),
    step("delete", "ServiceAccount", "erp", {
      id: account,
      inputs: { displayName: "ERP" },
      outputs: { email },
    }),
    step("delete", "ServiceAccountKey", "erp", { id: `${account}/keys/k1`, outputs: { keyId: "k1", email } }),
    step(
      "update",
      "ProjectAccess",
      "list",
      {
        id: project,
        inputs: { project, mode: "enforce" },
        outputs: { sighting: { names: { "zoe@example.org": `${project}/members/9` } } },
      },
      { id: project, inputs: { project, mode: "enforce" } },
    ),
    step("delete", "OrgAdminBinding", "us", {
      id: `${world.organization}/members/${world.admin.name.split("/").at(-1)!}`,
      inputs: { organization: world.organization, member: world.admin.email },
    }),
  );
  const { stdout: schema } = await cli(["review", "--print-schema"]);
  const validate = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);
  for (const args of [[], ["--offline"]]) {
    const run = await review(all, "--json", ...args);
    expect(run).toMatchObject({ exitCode: 2, stderr: "" });
    const document = JSON.parse(run.stdout) as { access: object[] };
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document.access[0]).toMatchObject({
      member: { email: "ann@example.com" },
      place: { displayName: args.length === 0 ? matching(/./) : "" },
      until: "2031-02-01T00:00:00.000Z",
    });
    expect(document).toMatchObject({
      lockouts: [{ isAllowed: false }],
      projects: [{ change: "created" }],
      accounts: [{ change: "deleted" }],
      keys: [{ change: "deleted" }],
    });
    validate({ ...document, surprise: 1 });
    expect(validate.errors).not.toBeNull();
  }
});

test("A place whose members these credentials can't read is told from the preview, and named.", async () => {
  world.faults.add({
    path: `/v2/${project}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  const { stdout, exitCode } = await review(preview(leaving("bob@example.com")));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/gone +bob@example.com .*user → no access/);
  expect(stdout).toContain(`who has access to ${project} now`);
});

test("What an explicit provider declares is read with the login that --credentials names.", async () => {
  const other = await startWorld();
  const [, theirs] = other.projects as [string, string];
  other.cloud.members.create({ scope: theirs, email: "carl@example.com", roles: ["roles/project.admin"] });
  const [member] = other.cloud.members.list(theirs).filter(({ email }) => email === "carl@example.com");
  const provider = "urn:pulumi:test::access::pulumi:providers:pulumi-nodejs::company-b";
  const change = step("delete", "ProjectRoleBinding", "carl", {
    id: member!.name,
    inputs: { project: theirs, member: "carl@example.com", role: "roles/project.user" },
    outputs: { role: "roles/project.user", email: "carl@example.com" },
    provider: `${provider}::1`,
  });
  const type = "pulumi:providers:pulumi-nodejs";
  const input = preview({ op: "same", urn: provider, newState: { urn: provider, type } }, change);
  const { email, keyId, secret } = other.admin;
  const file = join(folder(), "b.json");
  const { url: apiUrl, tokenEndpoint } = other;
  writeFileSync(
    file,
    JSON.stringify({ apiUrl, serviceAccount: { email, keyId, secret, algorithm: "HS256", tokenEndpoint } }),
  );
  const read = await review(input, "--credentials", `company-b=${file}`);
  expect(read.stdout).toMatch(/carl@example.com .*admin → no access/);
  const alone = await review(input);
  expect(alone.stdout).toMatch(/carl@example.com .*user → no access/);
  expect(alone.stdout).toContain(`who has access to ${theirs} now`);
  expect(await review(input, "--credentials", "company-c=x.json")).toMatchObject({
    exitCode: 1,
    stderr: containing('the state has the providers "company-b"'),
  });
});

test("Foreign text can't become markup, a command or a secret in any format.", async () => {
  const evil = "<img src=x onerror=alert(1)> | [a](http://x) @all \u001b[31m ::error::boo";
  const input = preview(leaving("bob@example.com", { displayName: evil }));
  const files = folder();
  await review(input, "--offline", "--out", join(files, "r.md"), "--out", join(files, "r.html"));
  const [markdown, html] = ["r.md", "r.html"].map((name) => readFileSync(join(files, name), "utf8"));
  for (const text of [markdown, html]) {
    expect(text).not.toContain("<img");
    expect(text).not.toContain("\u001b");
    expect(text).toContain("&lt;img");
  }
  expect(markdown).not.toMatch(/@all|\]\(/);
  const github = await review(input, "--offline", "--format", "github");
  expect(github.stdout).not.toMatch(/^::error::boo/m);
});

test("Without credentials, the removal of an administrator is shown, and who is left is not known.", async () => {
  const admin = step("delete", "OrgAdminBinding", "bob", {
    id: `${world.organization}/members/7`,
    inputs: { organization: world.organization, member: "bob@example.com" },
  });
  const args = ["review", "--email", "pulumi@example.com", "--key-id", "k1"];
  expect(await cli(args, { input: preview(admin) })).toMatchObject({
    exitCode: 3,
    stdout: containing("who administers it could not be read: the review does not ask the cloud"),
    stderr: "",
  });
});

test("A member that may come from a new account, as a streamed preview leaves open, is named.", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const account = step("create", "ServiceAccount", "erp", undefined, {
    inputs: { project, displayName: "ERP" },
  });
  const binding = (member: string) =>
    step(
      "update",
      "ProjectRoleBinding",
      "erp-reads",
      {
        id: `${project}/members/1`,
        inputs: { project, member: "x@y.serviceaccount.d21s.com", role: "roles/project.user" },
      },
      { id: `${project}/members/1`, inputs: { project, member, role: "roles/project.user" } },
    );
  const doubt = 'whether "erp-reads" still names the same member';
  expect((await review(preview(account, binding(unknown)))).stdout).toContain(doubt);
  for (const quiet of [preview(binding(unknown)), preview(account, binding("[secret]"))])
    expect((await review(quiet)).stdout).not.toContain(doubt);
});

test("A preview without any change, and without a resource, is a review that says so.", async () => {
  const run = await review(JSON.stringify({ steps: null, changeSummary: {} }));
  expect(run).toMatchObject({ exitCode: 0, stdout: containing("no access changes") });
});

test("A long review fits a comment: its lists are folded, and what does not fit is counted.", async () => {
  const some = preview(...Array.from({ length: 40 }, (_, index) => coming(`p${index}@example.com`)));
  const { stdout } = await review(some, "--format", "markdown", "--offline");
  expect(stdout).toMatch(/\*\*40 get new or broader access\*\*/);
  expect(stdout).toMatch(/<details><summary>⚠ Access \(40\)<\/summary>/);
  const many = preview(...Array.from({ length: 2000 }, (_, index) => coming(`person-${index}@example.com`)));
  const long = await review(many, "--format", "markdown", "--offline");
  expect(long.stdout.length).toBeLessThan(65_536);
  expect(long.stdout).toMatch(/\+\d+ more/);
});

test("Wrong input and wrong options are errors in one line, with exit code 1, which no risk has.", async () => {
  const one = preview(coming("ann@example.com"));
  const cases: [string, string[], RegExp][] = [
    ["{}", [], /not the output of `pulumi preview --json`/],
    [one, ["--fail-on", "everything"], /--fail-on.*lockout,admin,external,broadening,key/],
    [one, ["--fail-on", "external"], /--domain/],
    [one, ["--format", "pdf"], /--format is one of table, json, markdown, github, html/],
    [one, ["--out", "review.pdf"], /--out review.pdf: say the format/],
    [one, ["no-such-file.json"], /no-such-file.json: there is no such file/],
  ];
  for (const [input, args, message] of cases) {
    const run = await review(input, ...args);
    expect(run).toMatchObject({ exitCode: 1, stdout: "", stderr: matching(message) });
    expect(run.stderr.trim().split("\n")).toHaveLength(1);
  }
  expect(await review(one, "--fail-on", "broadening")).toMatchObject({ exitCode: 2 });
  expect(await review(one, "--fail-on", "none")).toMatchObject({ exitCode: 0, stdout: containing("▲ new") });
});

test("The page has no violation that axe can find, at three widths, in the dark and on paper, and asks nobody.", async () => {
  const files = folder();
  const file = join(files, "r.html");
  await review(
    preview(coming("ann@example.com", "project.admin"), leaving("bob@example.com")),
    "--out",
    file,
  );
  const text = readFileSync(file, "utf8");
  const browser = await openBrowser();
  try {
    const looks = [390, 800, 1440].flatMap((width) => [
      { colorScheme: "light" as const, viewport: { width, height: 900 } },
      { colorScheme: "dark" as const, viewport: { width, height: 900 } },
    ]);
    for (const look of looks) {
      const { page, asked, complaints } = await openReport(browser, text, { folder: files, ...look });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      await page.emulateMedia({ media: "print" });
      expect(await violations(page)).toEqual([]);
      expect([...asked, ...complaints]).toEqual([]);
      await page.close();
    }
  } finally {
    await browser.close();
  }
});
