import { startWorld, type World } from "../provider/world";
import { cli as command } from "../cli/command";
import * as engine from "./harness/cli";

jest.setTimeout(300_000);

let world: World;
let stack: engine.CliStack;
let program: (isWhole: boolean) => string;

/** Another account. The stack uses it through an explicit provider, and the update would remove some of its access. */
beforeAll(async () => {
  world = await startWorld();
  const [, project, other] = world.projects as [string, string, string];
  const { name, email } = world.cloud.accounts.create({ project: other, displayName: "B's Pulumi" });
  world.cloud.members.create({ scope: world.organization, email, roles: ["roles/organization.admin"] });
  const b = world.cloud.credentials(name);
  program = (isWhole) => `
const dt = require("pulumi-dt"), pulumi = require("@pulumi/pulumi");
const provider = new dt.Provider("b", ${JSON.stringify({
    email: b.email,
    keyId: b.keyId,
    keySecret: b.secret,
    apiUrl: world.url,
    tokenEndpoint: world.tokenEndpoint,
  })});
const erp = new dt.ServiceAccount("erp", { project: "${project}", displayName: "ERP" });
${
  isWhole
    ? `const lone = new dt.ServiceAccount("lone", { project: "${project}", displayName: "lone" });
new dt.ProjectRoleBinding("us", { project: "${other}", member: pulumi.secret("${world.admin.email}"), role: "project.admin" }, { deletedWith: lone });
new dt.ProjectRoleBinding("b", { project: "${project}", member: "${b.email}", role: "project.admin" }, { provider });`
    : ""
}`;
  stack = await engine.stack({
    files: { "index.js": program(true) },
    packageJson: { main: "index.js" },
    env: { ...world.settings },
  });
  const { text, exitCode } = await stack.up();
  expect({ text, exitCode }).toMatchObject({ exitCode: 0 });
  stack.write("index.js", program(false));
});

/** Runs guard on the real preview. */
async function guard(preview: string[] = [], args: string[] = []) {
  const { stdout: input } = await stack.run("preview", "--json", ...preview);
  const { exitCode, stdout, stderr } = await command(["guard", ...args], {
    env: { ...world.settings },
    input,
  });
  return { exitCode, text: stdout + stderr };
}

test("Guard uses the identity of an explicit provider if the preview shows it, and otherwise asks for it; deletedWith does not count as a removal.", async () => {
  const unseen = await guard();
  expect(unseen.exitCode).toBe(3);
  expect(unseen.text).toContain('the identity of the provider "b", which this preview does not show');
  const seen = await guard(["--show-sames"]);
  expect(seen.exitCode).toBe(2);
  expect(seen.text.match(/LOCK-OUT: .*/g)).toEqual([
    expect.stringMatching(/delete .*::b takes the identity/),
  ]);
  expect(await guard([], ["--email", ""])).toMatchObject({ exitCode: 1 });
});

test("The event stream gives the same result, except that it lacks deletedWith, and that a failed preview is an error.", async () => {
  stack.env.PULUMI_ENABLE_STREAMING_JSON_PREVIEW = "true";
  const { exitCode, text } = await guard();
  expect({ exitCode, lockouts: text.match(/LOCK-OUT: .*/g) }).toEqual({
    exitCode: 2,
    lockouts: [expect.stringMatching(/::(b|us) takes the identity/), expect.stringMatching(/::(b|us) takes/)],
  });
  stack.write("index.js", 'throw new Error("broken")');
  expect(await guard()).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining("the preview failed") as string,
  });
  delete stack.env.PULUMI_ENABLE_STREAMING_JSON_PREVIEW;
});
