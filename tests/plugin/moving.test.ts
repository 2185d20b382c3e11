import { startEmulator, type Emulator } from "../../emulator";
import { accessIn, projectNamed, writesTo } from "../engine/access";
import { dynamic, plugin, type Door } from "../engine/harness/doors";
import * as engine from "../engine/harness/engine";
import { declareDynamic, declarePlugin, movedFrom, moveEverything, type Wanted } from "./movedStack";

jest.setTimeout(600_000);

let emulator: Emulator;
let wanted: Wanted;
beforeEach(async () => {
  emulator = await startEmulator();
  const { email } = emulator.admin;
  wanted = {
    project: projectNamed(emulator, "Production"),
    organization: emulator.cloud.organizations.list()[0]!.name,
    admins: ["ada@example.com", "boss@example.com", email],
    ...{ role: "project.user", round: "1" },
  };
});
afterEach(() => emulator.close());

const reads = () => emulator.requests.filter(({ method }) => method === "GET").length;

/** The resources of this package in the state, by door. */
async function recorded(stack: engine.InlineStack, door: Door): Promise<number> {
  const { deployment } = (await stack.exportState()) as { deployment: { resources: { type: string }[] } };
  const types = new Set(deployment.resources.map(({ type }) => type));
  const prefix = door.typeOf("KeyRetirement").replace("KeyRetirement", "");
  return [...types].filter((type) => type.startsWith(prefix)).length;
}

/** Fails if the program changes anything, in a preview or in the cloud. */
async function isUnchanged(stack: engine.InlineStack, most: number): Promise<void> {
  const before = { access: accessIn(emulator), outputs: await stack.outputs() };
  expect((await stack.preview({ expectNoChanges: true })).changes).toEqual({});
  emulator.requests.clear();
  expect((await stack.up({ expectNoChanges: true })).changes).toEqual({});
  expect(writesTo(emulator)).toEqual([]);
  expect(reads()).toBeLessThanOrEqual(most);
  expect({ access: accessIn(emulator), outputs: await stack.outputs() }).toEqual(before);
  for (const credentials of Object.values(before.outputs) as string[]) {
    const { secret } = (JSON.parse(credentials) as { serviceAccount: { secret: string } }).serviceAccount;
    expect(secret).not.toBe("");
    expect(stack.stateText()).not.toContain(secret);
  }
}

test("a stack of every kind moves to the plugin and back by aliases alone, and stays manageable after each move", async () => {
  const before = accessIn(emulator);
  const stack = await engine.stack({ env: { ...emulator.settings }, program: () => declareDynamic(wanted) });
  await stack.up();
  emulator.requests.clear();
  await stack.up({ expectNoChanges: true });
  const quiet = reads();

  stack.program = () => declarePlugin(wanted, (kind) => movedFrom(plugin, kind));
  await isUnchanged(stack, quiet);
  expect([await recorded(stack, dynamic), await recorded(stack, plugin)]).toEqual([0, 7]);

  stack.program = () => declarePlugin(wanted);
  expect((await stack.preview({ refresh: true, expectNoChanges: true })).changes).toEqual({});
  const keys = () => accessIn(emulator).keys.length;
  const had = keys();
  wanted = { ...wanted, role: "project.developer", round: "2" };
  // Three bindings, two keys, and the retirement of the key without overlap.
  expect((await stack.up()).changes).toEqual({ update: 6 });
  // The key with an overlap keeps its predecessor.
  expect(keys()).toBe(had + 1);

  stack.program = () => {
    moveEverything(dynamic);
    return declareDynamic(wanted);
  };
  await isUnchanged(stack, quiet);
  expect([await recorded(stack, dynamic), await recorded(stack, plugin)]).toEqual([7, 0]);

  stack.program = () => declareDynamic(wanted);
  expect((await stack.preview({ refresh: true, expectNoChanges: true })).changes).toEqual({});
  wanted = { ...wanted, role: "project.admin", round: "3" };
  expect((await stack.up()).changes).toEqual({ update: 6 });
  await stack.destroy();
  expect(accessIn(emulator)).toEqual(before);
});
