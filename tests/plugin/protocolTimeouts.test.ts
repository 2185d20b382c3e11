import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed } from "../engine/access";
import { startPlugin, type PluginProcess } from "../engine/harness/plugin";

jest.setTimeout(240_000);

let emulator: Emulator;
let project: string;
beforeAll(async () => {
  emulator = await startEmulator();
  project = projectNamed(emulator, "Production");
});
afterAll(() => emulator.close());
afterEach(() => emulator.faults.clear());

const start = (deadline: string): Promise<PluginProcess> =>
  startPlugin({
    env: { ...emulator.settings, DT_RATE_LIMIT: "off", DT_RETRY_DELAY: "0.1", DT_DEADLINE: deadline },
    config: {},
  });

let count = 0;
async function binding(plugin: PluginProcess) {
  const member = `person-${++count}@example.com`;
  const resource = plugin.resource("ProjectRoleBinding", member);
  const { inputs } = await resource.check({ project, member, role: "project.user" });
  return { resource, inputs, news: { ...inputs, role: "roles/project.admin" } };
}

/** Delays each answer. */
const slow = (ms: number, path = "/v2/**") =>
  emulator.faults.add({ path, effect: { kind: "latency", ms }, times: "untilCleared" });

/** Asks once to wait for some seconds. */
const waitFor = (seconds: number, path: string) =>
  emulator.faults.add({ path, effect: { kind: "respond", status: 429, retryAfter: { seconds } } });

test.each(["create", "update", "delete", "read"])(
  "a timeout of the resource is shorter than the deadline in a %s, and the message names customTimeouts",
  async (operation) => {
    const plugin = await start("300");
    const { resource, inputs, news } = await binding(plugin);
    const made = operation === "create" ? { id: "", state: {} } : await resource.create(inputs);
    const { id, state } = made;
    slow(60_000);
    const options = { timeout: 0.5 };
    const calls: Record<string, () => Promise<unknown>> = {
      create: () => resource.create(inputs, options),
      update: () => resource.update(id, state, news, options),
      delete: () => resource.delete(id, state, options),
      read: () => resource.read(id, state, { inputs, ...options }),
    };
    const begun = Date.now();
    await expect(calls[operation]!()).rejects.toThrow(/ 0\.5 s \(customTimeouts\)/);
    expect(Date.now() - begun).toBeLessThan(15_000);
  },
);

test("a timeout of the resource may be longer than the deadline", async () => {
  const plugin = await start("1");
  const { resource, inputs, news } = await binding(plugin);
  await plugin.invoke("whoAmI");
  slow(1200, "/v2/projects/**");
  await expect(resource.create(inputs)).rejects.toThrow(/ 1 s \(DT_DEADLINE\)/);
  const { resource: patient, inputs: others } = await binding(plugin);
  const { id, state } = await patient.create(others, { timeout: 60 });
  const after = await patient.update(id, state, { ...others, role: news.role }, { timeout: 60 });
  expect(after).toMatchObject({ role: "roles/project.admin" });
  await patient.read(id, after, { timeout: 60 });
  await patient.delete(id, after, { timeout: 60 });
});

test("advice about too little time names customTimeouts, too", async () => {
  const plugin = await startPlugin({ env: { ...emulator.settings, DT_RATE_LIMIT: "1/60" }, config: {} });
  await plugin.resource("ServiceAccount").read(emulator.cloud.accounts.list()[0]!.name);
  const read = plugin
    .resource("ServiceAccount")
    .read(`${project}/serviceaccounts/none`, undefined, { timeout: 0.5 });
  await expect(read).rejects.toThrow(
    /not sent within 0\.5 s \(customTimeouts\); too many requests wait for the rate limit: raise customTimeouts, or lower --parallel$/,
  );
});

test("a short timeout of one resource does not end the others that are written with it", async () => {
  const plugin = await start("300");
  const [short, ...others] = [await binding(plugin), await binding(plugin), await binding(plugin)];
  await plugin.invoke("whoAmI");
  emulator.requests.clear();
  waitFor(2, "/v2/projects/-/members:batchCreate");
  const first = short.resource.create(short.inputs, { timeout: 1 }).catch(() => undefined);
  await Promise.all(others.map(({ resource, inputs }) => resource.create(inputs)));
  await first;
  expect(emulator.requests.filter(({ path }) => path.endsWith(":batchCreate"))).toHaveLength(2);
});
