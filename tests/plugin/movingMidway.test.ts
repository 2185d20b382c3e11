import { rmSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { cli as command } from "../cli/command";
import { accessIn, projectNamed, writesTo } from "../engine/access";
import * as engine from "../engine/harness/cli";
import { doors, type Door } from "../engine/harness/doors";
import { killProviders } from "../faults/engine/processes";

jest.setTimeout(600_000);

let emulator: Emulator;
let place: { project: string; organization: string; account: string };
beforeEach(async () => {
  emulator = await startEmulator();
  const project = projectNamed(emulator, "Production");
  const account = emulator.cloud.accounts.create({ project, displayName: "Gateway" }).name;
  place = { project, organization: emulator.cloud.organizations.list()[0]!.name, account };
});
afterEach(() => emulator.close());

/** @param more further arguments of the memberships */
const programOf = (door: Door, more: object = {}): string => `${door.script}
const { project, organization, account } = ${JSON.stringify(place)};
const more = ${JSON.stringify(more)};
declare("ServiceAccount", "erp", { project, displayName: "ERP" });
declare("ServiceAccountKey", "gateway", { serviceAccount: account });
declare("ProjectRoleBinding", "jane", { project, member: "jane@example.com", role: "project.user", ...more });
declare("OrgAdminBinding", "boss", { organization, member: "boss@example.com", ...more });
`;

async function must(running: Promise<engine.CliRun>): Promise<engine.CliRun> {
  const run = await running;
  expect({ text: run.text, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
  return run;
}

/** Runs `up`, and kills the command and its provider when the API has created all four things and answered nothing. */
async function crashInCreation(stack: engine.CliStack): Promise<void> {
  const running = stack.start("up", "--yes", "--skip-preview", "--non-interactive");
  let created = 0;
  let isDead: () => void = () => undefined;
  const dead = new Promise<void>((resolve) => (isDead = resolve));
  const stop = emulator.onRequest({ method: "POST", path: "/v2/**", when: "afterCommit" }, async () => {
    if (++created === 4) {
      running.kill("SIGKILL");
      await killProviders(stack.folder).finally(isDead);
    }
    await dead;
  });
  await running;
  await dead;
  stop();
  // A killed command leaves these. A person would run `pulumi cancel`.
  const backend = stack.env.PULUMI_BACKEND_URL!.slice("file://".length);
  rmSync(join(backend, ".pulumi/locks"), { recursive: true, force: true });
}

/** The outcomes of the renames that `guard` finds in a preview, by resource. */
async function guard(stack: engine.CliStack): Promise<Record<string, string>> {
  const { stdout: input } = await must(stack.run("preview", "--json"));
  const { stdout } = await command(["guard", "--json"], { env: { ...emulator.settings }, input });
  const { renames } = JSON.parse(stdout) as { renames: { resource: string; outcome: string }[] };
  return Object.fromEntries(renames.map(({ resource, outcome }) => [resource, outcome]));
}

describe.each([
  ["dynamic resources to the plugin", doors[0][1], doors[1][1]],
  ["the plugin to dynamic resources", doors[1][1], doors[0][1]],
])("a program that moves from %s", (_name, from, to) => {
  test("finds what an interrupted run created before the move, and without aliases keeps the memberships only", async () => {
    const stack = await engine.stack({
      files: { "index.js": programOf(from) },
      env: { ...emulator.settings, DT_RETRY_DELAY: "0.05" },
    });
    await crashInCreation(stack);
    const made = accessIn(emulator);

    stack.write("index.js", programOf(to));
    const { text } = await must(stack.up());
    const [lost] = made.keys.filter(({ name }) => name.startsWith(place.account));
    // The API shows a key's secret only once, so the run creates another key and names the lost one.
    expect(text).toContain(lost!.name);
    const { accounts, members } = accessIn(emulator);
    expect({ accounts, members }).toEqual({ accounts: made.accounts, members: made.members });
    await must(stack.preview("--refresh", "--expect-no-changes"));

    stack.write("index.js", programOf(from));
    const refused = { jane: "refused", boss: "refused" };
    const renewed = { erp: "lost", gateway: "lost" };
    expect(await guard(stack)).toEqual({ ...renewed, ...refused });
    stack.write("index.js", programOf(from, { adopt: true }));
    expect(await guard(stack)).toMatchObject(renewed);
    emulator.requests.clear();
    await must(stack.up());
    expect(accessIn(emulator).members).toEqual(members);
    expect(writesTo(emulator)).toEqual([
      "DELETE /v2/projects/*/serviceaccounts/*",
      "DELETE /v2/projects/*/serviceaccounts/*/keys/*",
      "POST /v2/projects/*/serviceaccounts",
      "POST /v2/projects/*/serviceaccounts/*/keys",
    ]);
    await must(stack.preview("--refresh", "--expect-no-changes"));
    await must(stack.destroy());
    expect(JSON.stringify(accessIn(emulator))).not.toMatch(/jane@|boss@|ERP/);
  });
});
