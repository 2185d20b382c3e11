import { execa } from "execa";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { startEmulator, type Emulator } from "../../emulator";
import * as engine from "../engine/harness/cli";
import { scratchFolder } from "../engine/harness/scratch";
import { standInComments, standInGh, standInGitLab, type Issue } from "./trackers";
import { complaintsOfGitHub, runJob, runScript, type Job, type StepRun } from "./workflow";

jest.setTimeout(300_000);

const examples = resolve(__dirname, "../../examples/ci");
const read = (file: string): string => readFileSync(join(examples, file), "utf8");

describe("The workflow is valid for its system:", () => {
  test.each(["github-drift.yml", "github-preview.yml"])("%s, with GitHub's own parser.", async (file) => {
    expect(await complaintsOfGitHub(read(file))).toEqual([]);
    expect(await complaintsOfGitHub(read(file).replace("runs-on:", "run-on:"))).not.toEqual([]);
  });

  test("gitlab-ci.yml, with the schema that gitlab-ci-local checks.", async () => {
    const judge = async (text: string) => {
      const folder = scratchFolder("gitlab");
      writeFileSync(join(folder, ".gitlab-ci.yml"), text);
      await execa("git", ["init", "-q"], { cwd: folder });
      await execa("git", ["remote", "add", "origin", "git@gitlab.example:group/access.git"], { cwd: folder });
      const tool = join(resolve(__dirname, "../.."), "node_modules/.bin/gitlab-ci-local");
      return execa(tool, ["--list-json"], { cwd: folder, reject: false, all: true, env: { HOME: folder } });
    };
    const good = await judge(read("gitlab-ci.yml"));
    expect({ text: good.all, exitCode: good.exitCode }).toMatchObject({ exitCode: 0 });
    expect(good.stdout).toContain("access-drift");
    const bad = await judge(read("gitlab-ci.yml").replace("when: always", "when: sometimes"));
    expect(bad.exitCode).not.toBe(0);
  });
});

describe("Its commands, as written, on a real stack:", () => {
  let emulator: Emulator;
  let stack: engine.CliStack;
  let env: Record<string, string>;
  let reader: { email: string; keyId: string; secret: string };
  let project: string;

  const program = (deletesUs = false) => `
const dt = require("pulumi-dt");
const account = new dt.ServiceAccount("account", { project: "${project}", displayName: "ERP" });
new dt.ProjectRoleBinding("reader", { project: "${project}", member: "${reader.email}", role: "project.user", adopt: true });
${deletesUs ? "" : `new dt.ServiceAccountKey("ours", { serviceAccount: "${emulator.admin.name}", adopt: "${emulator.admin.keyId}" });`}
`;

  beforeAll(async () => {
    emulator = await startEmulator();
    const [home, first] = emulator.cloud.projects.list();
    project = first!.name;
    const account = emulator.cloud.accounts.create({ project: home!.name, displayName: "Drift" });
    // Least privilege: it only reads, and only in the declared projects.
    for (const scope of [project, home!.name])
      emulator.cloud.members.create({ scope, email: account.email, roles: ["roles/project.user"] });
    reader = emulator.cloud.credentials(account.name);
    stack = await engine.stack({
      files: { "index.js": program() },
      packageJson: { main: "index.js" },
      env: { ...emulator.settings },
    });
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    // This test does not need the content of the home project.
    const baseline = { version: 1, ignored: [{ pattern: `${home!.name}/**`, reason: "the home of all" }] };
    stack.write("dt-baseline.json", JSON.stringify(baseline));
    env = Object.fromEntries(
      Object.entries(stack.env).filter(([name]) => !/^DT_(API_KEY|OIDC_EMAIL)/.test(name)),
    );
    env = { ...env, HOME: stack.folder, DT_RATE_LIMIT: "off" };
  });
  afterAll(() => emulator.close());

  const drifted = () => emulator.cloud.accounts.update(account(), { displayName: "?" });
  const mended = () => emulator.cloud.accounts.update(account(), { displayName: "ERP" });
  const account = () => emulator.cloud.accounts.list(project)[0]!.name;
  const refused = () =>
    emulator.faults.add({
      path: `/v2/${project}/members`,
      effect: { kind: "respond", status: 403 },
      times: "untilCleared",
    });

  const values = () => ({
    "vars.PULUMI_STACK": "test",
    "secrets.DT_READER_KEY_ID": reader.keyId,
    "secrets.DT_READER_KEY_SECRET": reader.secret,
    "secrets.DT_READER_EMAIL": reader.email,
    "vars.DT_DEPLOYER_EMAIL": emulator.admin.email,
    "vars.DT_DEPLOYER_KEY_ID": emulator.admin.keyId,
    "github.token": "a token",
    "github.repository": "company/access",
  });
  const job = (file: string): Job =>
    Object.values((parse(read(file)) as { jobs: Record<string, Job> }).jobs)[0]!;

  /** Runs several nights. Each returns its issues and its verdict. */
  async function nights(
    night: () => Promise<{ exitCode: number; text: string }>,
    issues: () => Issue[],
  ): Promise<void> {
    const expectNight = async (exitCode: number, open: number, all: number) => {
      const run = await night();
      const now = issues();
      expect({
        text: run.text,
        exitCode: run.exitCode,
        open: now.filter(({ isOpen }) => isOpen).length,
        all: now.length,
      }).toMatchObject({ exitCode, open, all });
    };
    await expectNight(0, 0, 0);
    drifted();
    await expectNight(2, 1, 1);
    await expectNight(2, 1, 1);
    expect(issues()[0]!.body).toContain("displayName");
    refused();
    mended();
    await expectNight(3, 1, 1);
    expect(issues()[0]!.body).toContain("403");
    emulator.faults.clear();
    await expectNight(0, 0, 1);
    emulator.faults.add({
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
      times: "untilCleared",
    });
    // An error is neither drift nor the end of drift, so the issues stay as they are.
    await expectNight(1, 0, 1);
    emulator.faults.clear();
    drifted();
    await expectNight(2, 1, 2);
    mended();
    await expectNight(0, 0, 2);
  }

  test("GitHub's night opens one issue, updates it, closes it, and only reads the cloud.", async () => {
    const gh = standInGh(scratchFolder("gh"));
    const writesBefore = writes();
    let last: StepRun[] = [];
    let summary = "";
    await nights(async () => {
      const result = await runJob(job("github-drift.yml"), {
        cwd: stack.folder,
        env: { ...env, PATH: `${gh.folder}${delimiter}${env.PATH!}` },
        values: values(),
      });
      last = result.runs;
      summary ||= result.summary;
      return {
        exitCode: last.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
        text: last.map(({ text }) => text).join("\n"),
      };
    }, gh.issues);
    expect(last.map(({ step }) => step.name)).toEqual([
      "Look for drift",
      "Open, update or close the issue",
      "Verdict",
    ]);
    expect(summary).toContain("## Access drift");
    for (const file of ["drift.json", "drift.sarif", "drift.xml"])
      expect(existsSync(join(stack.folder, file))).toBe(true);
    expect(writes()).toEqual(writesBefore);
  });

  test("GitLab's night does the same.", async () => {
    const gitlab = await standInGitLab();
    copyFileSync(join(examples, "drift-issue.mjs"), join(stack.folder, "drift-issue.mjs"));
    const { "access-drift": night } = parse(read("gitlab-ci.yml")) as Record<string, { script: string[] }>;
    const { "vars.PULUMI_STACK": STACK } = values();
    const given = {
      STACK,
      DT_API_KEY_ID: reader.keyId,
      DT_API_KEY_SECRET: reader.secret,
      DT_OIDC_EMAIL: reader.email,
      CI_API_V4_URL: gitlab.url,
      CI_PROJECT_ID: "7",
      DRIFT_ISSUE_TOKEN: gitlab.token,
    };
    await nights(
      () => runScript(night!.script, { cwd: stack.folder, env: { ...env, ...given } }),
      () => gitlab.issues,
    );
    gitlab.close();
  });

  test("A preview is shown and reviewed in one comment, and fails if it would lock out the deploying account, on GitHub and GitLab.", async () => {
    const before = writes();
    const tracker = await standInComments();
    const { url, token, comments } = tracker;
    mkdirSync(join(stack.folder, ".github/workflows"), { recursive: true });
    for (const folder of [stack.folder, join(stack.folder, ".github/workflows")])
      copyFileSync(join(examples, "review-comment.mjs"), join(folder, "review-comment.mjs"));
    const github = async (deployer = emulator.admin) => {
      const { runs, summary } = await runJob(job("github-preview.yml"), {
        cwd: stack.folder,
        env: { ...env, GITHUB_API_URL: url, GITHUB_REPOSITORY: "company/access" },
        values: {
          ...values(),
          "github.token": token,
          "github.event.pull_request.number": "5",
          "vars.DT_DEPLOYER_EMAIL": deployer.email,
          "vars.DT_DEPLOYER_KEY_ID": deployer.keyId,
        },
      });
      expect(summary).toContain("Previewing update");
      return { exitCode: runs.at(-1)!.exitCode, text: runs.map(({ text }) => text).join("\n") };
    };
    const { "access-preview": preview } = parse(read("gitlab-ci.yml")) as Record<
      string,
      { script: string[] }
    >;
    const login = {
      DT_API_KEY_ID: reader.keyId,
      DT_API_KEY_SECRET: reader.secret,
      DT_OIDC_EMAIL: reader.email,
    };
    const gitlab = (deployer = emulator.admin) => {
      const { email: DT_DEPLOYER_EMAIL, keyId: DT_DEPLOYER_KEY_ID } = deployer;
      const given = { STACK: "test", ...login, DT_DEPLOYER_EMAIL, DT_DEPLOYER_KEY_ID };
      const where = { CI_API_V4_URL: url, CI_PROJECT_ID: "7", CI_MERGE_REQUEST_IID: "5" };
      return runScript(preview!.script, {
        cwd: stack.folder,
        env: { ...env, ...given, ...where, REVIEW_COMMENT_TOKEN: token },
      });
    };
    const unset = { ...emulator.admin, email: "", keyId: "" };
    for (const pipeline of [github, gitlab]) {
      rmSync(join(stack.folder, "review.md"), { force: true });
      comments.length = 100;
      stack.write("index.js", program());
      expect(await pipeline()).toMatchObject({
        exitCode: 0,
        text: expect.stringContaining("nobody is locked out") as string,
      });
      expect(comments.slice(100)).toEqual([expect.stringContaining("no access changes")]);
      stack.write("index.js", program(true));
      expect(await pipeline()).toMatchObject({
        exitCode: 2,
        text: expect.stringContaining("LOCK-OUT") as string,
      });
      // One comment, which is updated.
      expect(comments.slice(100)).toEqual([expect.stringContaining("1 lock-out")]);
      rmSync(join(stack.folder, "review.md"));
      // A repository without the variables.
      expect(await pipeline(unset)).toMatchObject({
        exitCode: 1,
        text: expect.stringContaining("--email is empty: in CI, set the variable") as string,
      });
      expect(comments).toHaveLength(101);
    }
    tracker.close();
    expect(writes()).toEqual(before);
  });

  const writes = (): number =>
    emulator.requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/v2/")).length;
});
