import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { readlink } from "node:fs/promises";
import { join } from "node:path";
import { startProvider } from "../../engine/harness/providerProcess";
import { scratchFolder } from "../../engine/harness/scratch";
import { failureOf, startWorld, type World } from "../world";

jest.setTimeout(240_000);

let world: World;
let other: ChildProcess;
beforeAll(async () => {
  world = await startWorld();
  other = spawn("sleep", ["600"]);
  await once(other, "spawn");
});
afterAll(() => void other.kill("SIGKILL"));

/** The mark as `processMark.ts` computes it. Linux only. */
function markOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]!;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return createHash("sha256").update(`${boot} ${ticks}`).digest("hex").slice(0, 16);
}

/** The intent of another process. */
const begin = (about: object) => ({
  ...{ event: "begin", entry: randomUUID(), apiUrl: world.url, pid: other.pid, run: "another" },
  ...{ startedAt: Date.now() - 1000, ahead: 0, before: [] },
  ...about,
});

/** Writes a journal for the state that a provider works for. */
async function plant(journal: string, provider: number, lines: readonly object[]): Promise<void> {
  const folder = await readlink(`/proc/${provider}/cwd`);
  const hash = createHash("sha256")
    .update(JSON.stringify([folder, ""]))
    .digest("hex");
  const text = lines.map((line) => `${JSON.stringify({ ...line, place: hash.slice(0, 16) })}\n`).join("");
  writeFileSync(join(journal, `2026-01-01T00-00-00.000Z-1-${randomUUID()}.jsonl`), text, { mode: 0o600 });
}

/** A machine with a journal that says that another process is creating an account, and may have created it. */
async function machine(intent: { mark?: string; made?: string }) {
  const [project] = world.projects;
  const displayName = `ERP ${randomUUID()}`;
  const urn = `urn:pulumi:s::p::pulumi-nodejs:dynamic/dt:ServiceAccount::${randomUUID()}`;
  const journal = scratchFolder("journal");
  const entry = randomUUID();
  const begun = begin({
    ...{ entry, urn, kind: "serviceAccount", parent: project, label: displayName },
    ...(intent.mark === undefined ? {} : { mark: intent.mark }),
  });
  const make = () => world.cloud.accounts.create({ project, displayName }).name;
  const made = intent.made === undefined ? undefined : make();
  const lines = [begun, ...(made === undefined ? [] : [{ event: "made", entry, name: made }])];
  const provider = await startProvider({
    config: world.settingsOf(),
    env: { DT_JOURNAL: journal, DT_RETRY_DELAY: "0.05", DT_DEADLINE: "4" },
  });
  await plant(journal, provider.pid, lines);
  const create = () =>
    provider.resource("serviceAccount").create({ project, displayName, enableBasicAuth: false, __urn: urn });
  const accounts = () =>
    world.cloud.accounts
      .list(project)
      .filter((account) => account.displayName === displayName)
      .map(({ name }) => name);
  return { provider, create, make, made, accounts };
}

test("a resource that a killed process has created is found again at once, although a younger process has its id", async () => {
  const { provider, create, made } = await machine({ mark: "0123456789abcdef", made: "yes" });
  const { id } = await create();
  expect(id).toBe(made);
  expect(provider.printed).toContain(`found service account ${made} again`);
  expect(provider.printed).not.toContain("waiting");
});

test.each([
  ["that tells its process", () => markOf(other.pid!)],
  ["of an earlier version", () => undefined],
])(
  "nothing is created while another process may still be creating it, by a line %s",
  async (_which, mark) => {
    const known = mark();
    const { provider, create, accounts } = await machine(known === undefined ? {} : { mark: known });
    const { message } = await failureOf(create());
    expect(message).toMatch(
      new RegExp(
        `process ${other.pid}, the provider of an earlier run, may still be creating "ERP .*" in ${world.projects[0]} \\(since .*\\), so this run creates nothing\\. Wait until that process has ended, or end it \\(kill ${other.pid}\\), then run again`,
      ),
    );
    expect(provider.printed).toContain("waiting for an interrupted run");
    expect(accounts()).toEqual([]);
  },
);

test("a resource that a process has created without ending is adopted after a read", async () => {
  const { provider, create, make } = await machine({ mark: markOf(other.pid!) });
  const creation = create();
  const name = make();
  expect((await creation).id).toBe(name);
  expect(provider.printed).toContain(`${name} was created at that time with this name. This run treats it`);
});

test("a resource that a process has created and still works on is named, and no second one is created", async () => {
  const { create, made, accounts } = await machine({ mark: markOf(other.pid!), made: "yes" });
  const { message } = await failureOf(create());
  expect(message).toContain(`has created ${made} and is still working on it`);
  expect(accounts()).toEqual([made]);
});

test.each(["serviceAccountKey", "projectRoleBinding"] as const)(
  "no %s is created while another process may still be creating it",
  async (type) => {
    const [project] = world.projects;
    const account = world.cloud.accounts.create({ project }).name;
    const member = `${randomUUID()}@example.com`;
    const urn = `urn:pulumi:s::p::pulumi-nodejs:dynamic/dt:${type}::${randomUUID()}`;
    const journal = scratchFolder("journal");
    const about = {
      serviceAccountKey: { kind: "key", parent: account, label: "" },
      projectRoleBinding: { kind: "member", parent: project, label: `${member} as roles/project.user` },
    }[type];
    const inputs = {
      serviceAccountKey: { serviceAccount: account, overlap: "24h", retirement: "automatic" },
      projectRoleBinding: { project, member, role: "roles/project.user" },
    }[type];
    const provider = await startProvider({
      config: world.settingsOf(),
      env: { DT_JOURNAL: journal, DT_RETRY_DELAY: "0.05", DT_DEADLINE: "4" },
    });
    await plant(journal, provider.pid, [begin({ urn, mark: markOf(other.pid!), ...about })]);
    const { message } = await failureOf(provider.resource(type).create({ ...inputs, __urn: urn }));
    expect(message).toContain(`process ${other.pid}, the provider of an earlier run, may still be creating`);
    expect(world.cloud.keys.list(account)).toEqual([]);
    expect(world.cloud.members.list(project).map(({ email }) => email)).not.toContain(member);
  },
);
