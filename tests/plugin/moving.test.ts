import * as pulumi from "@pulumi/pulumi";
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

test("a stack that the plugin created moves under explicit providers and components, and back", async () => {
  const { email, keyId, secret } = emulator.admin;
  const login = { email, keyId, keySecret: secret };
  const before = accessIn(emulator);
  // Only the explicit provider can log in.
  const env = { DT_API_URL: emulator.url, DT_OIDC_TOKEN_ENDPOINT: emulator.tokenEndpoint };
  const { project, organization } = wanted;
  const declare = (door: Door, isMoving: boolean, role = "project.user") => {
    if (isMoving) moveEverything(door);
    const { apiUrl, tokenEndpoint } = { apiUrl: emulator.url, tokenEndpoint: emulator.tokenEndpoint };
    const provider = door.provider("own", { ...login, apiUrl, tokenEndpoint });
    const account = door.declare("ServiceAccount", "erp", { project, displayName: "ERP" }, { provider });
    const key = door.declare("ServiceAccountKey", "erp", { serviceAccount: account.id }, { provider });
    const team = new pulumi.ComponentResource("test:index:Team", "team", {}, { providers: [provider] });
    const grant = { project, member: account.email, role };
    door.declare("ProjectRoleBinding", "erp", grant, { parent: team });
    door.declare("OrgAdminBinding", "boss", { organization, member: "boss@example.com" }, { parent: team });
    const { createTime, previousKeyId } = key;
    const retired = { serviceAccount: account.id, keyId: key.keyId, createTime, previousKeyId };
    door.declare("KeyRetirement", "erp", retired, { provider });
    door.declare(
      "ProjectAccess",
      "list",
      { project, members: [account.email], ignore: ["**"] },
      { provider },
    );
    const admins = { organization, members: wanted.admins };
    door.declare("OrganizationAccess", "admins", admins, { parent: team });
    return { credentials: key.credentials };
  };

  const stack = await engine.stack({ env, program: () => declare(plugin, false) });
  await stack.up();
  const quiet = accessIn(emulator);
  const move = async (door: Door) => {
    stack.program = () => declare(door, true);
    emulator.requests.clear();
    // Only the providers themselves change.
    expect((await stack.up()).changes).toEqual({ create: 1, delete: 1 });
    expect(writesTo(emulator)).toEqual([]);
    expect(accessIn(emulator)).toEqual(quiet);
    expect([await recorded(stack, dynamic), await recorded(stack, plugin)]).toEqual(
      door === dynamic ? [7, 0] : [0, 7],
    );
    stack.program = () => declare(door, false);
    expect((await stack.preview({ refresh: true, expectNoChanges: true })).changes).toEqual({});
  };
  await move(dynamic);
  await move(plugin);
  stack.program = () => declare(dynamic, true, "project.developer");
  expect((await stack.up()).changes).toEqual({ create: 1, delete: 1, update: 1 });
  await stack.destroy();
  expect(accessIn(emulator)).toEqual(before);
});
