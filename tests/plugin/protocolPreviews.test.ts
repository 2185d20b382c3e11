import { startEmulator, type Emulator } from "../../emulator";
import { resources } from "../../provider/resources/all";
import { projectNamed } from "../engine/access";
import { startEngineRecorder } from "../engine/harness/engineRecorder";
import { secret, startPlugin, unknown, type PluginProcess } from "../engine/harness/plugin";
import type { Properties } from "../engine/harness/protocol";

jest.setTimeout(240_000);

type Kind = keyof typeof resources;

let emulator: Emulator;
let plugin: PluginProcess;
let project: string;
let organization: string;
beforeAll(async () => {
  emulator = await startEmulator();
  project = projectNamed(emulator, "Production");
  organization = emulator.cloud.organizations.list()[0]!.name;
  plugin = await startPlugin({ env: { ...emulator.settings, DT_RATE_LIMIT: "off" }, config: {} });
});
afterAll(() => emulator.close());

let count = 0;

/** Creates a thing as a program declares it. */
async function make(kind: Kind, declared: Properties) {
  const resource = plugin.resource(kind, `thing-${++count}`);
  const { inputs, failures } = await resource.check(declared);
  expect(failures).toEqual([]);
  return { resource, declared, inputs, ...(await resource.create(inputs)) };
}

const outputsOf = (kind: Kind): string[] => Object.keys(resources[kind].outputs);

const plain = (value: unknown): unknown => (value as { value?: unknown } | undefined)?.value ?? value;

const unknownIn = (kind: Kind, state: Properties): string[] =>
  outputsOf(kind).filter((name) => plain(state[name]) === unknown);

test.each(Object.keys(resources) as Kind[])(
  "the preview of a new %s has its inputs, and knows no output",
  async (kind) => {
    const resource = plugin.resource(kind);
    const { id, state } = await resource.create(
      { project: "projects/p", mode: secret("report") },
      { preview: true },
    );
    expect(id).toBe("");
    expect(state).toMatchObject({ project: "projects/p", mode: secret("report") });
    expect(unknownIn(kind, state)).toEqual(outputsOf(kind));
  },
);

const account = () => make("ServiceAccount", { project, displayName: "a" });
const key = async (inputs: Properties = {}) =>
  make("ServiceAccountKey", { serviceAccount: (await account()).id, ...inputs });

async function retirement() {
  const { state, id } = await key();
  const serviceAccount = id.split("/keys/")[0];
  return make("KeyRetirement", {
    ...{ serviceAccount, keyId: state.keyId, createTime: state.createTime, overlap: "24h" },
    ...{ previousKeyId: "", deliveredKeyIds: [state.keyId] },
  });
}

const binding = (member: string) => make("ProjectRoleBinding", { project, member, role: "project.user" });

/** A person whose membership gets another address. */
async function movedPerson(kind: "ProjectRoleBinding" | "OrgAdminBinding", inputs: Properties) {
  const member = `person-${++count}@example.com`;
  const made = await make(kind, { ...inputs, member });
  emulator.cloud.members.update(made.id, { email: `new-${member}`, status: "ACCEPTED" });
  return { ...made, change: { member: `new-${member}` } };
}

const rotated = [
  ...["keyId", "secret", "createTime", "credentials", "generation", "rotationWaits"],
  ...["previousKeyId", "previousSecret", "rotateAt", "retireAt"],
];
const delivered = ["confirmedKeyId", "retireAt", "retiredKeyId"];

type Made = Awaited<ReturnType<typeof make>> & { change?: Properties };
const updates: [Kind, string, () => Promise<Made>, Properties, string[]][] = [
  ["ServiceAccount", "displayName", account, { displayName: "b" }, ["updateTime"]],
  ["ServiceAccount", "enableBasicAuth", account, { enableBasicAuth: true }, ["updateTime"]],
  ["ServiceAccount", "allowLockout", account, { allowLockout: true }, []],
  ["ServiceAccountKey", "rotateAfter", key, { rotateAfter: "90d" }, ["rotateAt"]],
  ["ServiceAccountKey", "overlap", key, { overlap: "2h" }, ["retireAt"]],
  ["ServiceAccountKey", "retirement", key, { retirement: "atOnce" }, []],
  ["ServiceAccountKey", "allowLockout", key, { allowLockout: true }, []],
  ["ServiceAccountKey", "first rotationTriggers", key, { rotationTriggers: { incident: "1" } }, []],
  [
    "ServiceAccountKey",
    "rotationTriggers",
    () => key({ rotationTriggers: { incident: "1" } }),
    { rotationTriggers: { incident: "2" } },
    rotated,
  ],
  ["KeyRetirement", "overlap", retirement, { overlap: "2h" }, delivered],
  [
    "ProjectRoleBinding",
    "role",
    async () => binding((await account()).state.email as string),
    { role: "project.admin" },
    [],
  ],
  [
    "ProjectRoleBinding",
    "the role of an invitation",
    () => binding("invited@example.com"),
    { role: "project.admin" },
    ["memberId", "status", "displayName", "email"],
  ],
  [
    "ProjectRoleBinding",
    "member",
    () => movedPerson("ProjectRoleBinding", { project, role: "project.user" }),
    {},
    ["email"],
  ],
  ["OrgAdminBinding", "member", () => movedPerson("OrgAdminBinding", { organization }), {}, ["email"]],
  [
    "OrgAdminBinding",
    "allowLockout",
    () => make("OrgAdminBinding", { organization, member: "boss@example.com" }),
    { allowLockout: true },
    [],
  ],
  [
    "ProjectAccess",
    "members",
    () => make("ProjectAccess", { project, members: [] }),
    { members: ["a@b.example"] },
    [],
  ],
  [
    "OrganizationAccess",
    "ignore",
    () => make("OrganizationAccess", { organization, members: [] }),
    { ignore: ["*"] },
    [],
  ],
];

test.each(updates)(
  "the preview of a changed %s (%s) knows what stays",
  async (kind, _what, prepare, changes, moves) => {
    const { resource, declared, inputs, id, state, change = changes } = await prepare();
    const { inputs: news, failures } = await resource.check({ ...declared, ...change }, inputs);
    expect(failures).toEqual([]);
    const difference = await resource.diff(id, state, news);
    expect(difference).toMatchObject({ changes: true, replaces: [] });
    const preview = await resource.update(id, state, news, { preview: true });
    expect(unknownIn(kind, preview).sort()).toEqual([...moves].sort());
    expect(preview).toMatchObject(news);
    // The engine takes these outputs to be the same after the update, too.
    const moving = [...moves, ...Object.keys(change)];
    expect(difference.stables.filter((name) => moving.includes(name))).toEqual([]);

    const after = await resource.update(id, state, news);
    const known = Object.keys(after).filter((name) => plain(preview[name]) !== unknown);
    for (const name of known) expect([name, after[name]]).toEqual([name, preview[name]]);
    for (const name of difference.stables) expect([name, after[name]]).toEqual([name, state[name]]);
    expect(await resource.diff(id, after, news)).toMatchObject({ changes: false, details: {}, replaces: [] });
  },
);

test("while an input is not known, the preview of an update knows no output", async () => {
  const { resource, declared, inputs, id, state } = await binding("somebody@example.com");
  const { inputs: news, failures } = await resource.check({ ...declared, role: unknown }, inputs);
  expect(failures).toEqual([]);
  expect(news).toMatchObject({ role: unknown });
  expect(await resource.diff(id, state, news)).toMatchObject({
    changes: true,
    details: { role: "UPDATE" },
    replaces: [],
  });
  const preview = await resource.update(id, state, news, { preview: true });
  expect(preview).toMatchObject({ role: unknown, project });
  expect(unknownIn("ProjectRoleBinding", preview)).toEqual(outputsOf("ProjectRoleBinding"));
});

test("an unknown value inside of a list or a map, of a known type, or in a secret is unknown as well", async () => {
  const boolean = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
  const declared = { project, displayName: "a", enableBasicAuth: boolean };
  expect(await plugin.resource("ServiceAccount").check(declared)).toEqual({
    inputs: { ...declared, enableBasicAuth: unknown },
    failures: [],
  });
  const nested = { serviceAccount: secret(unknown), rotationTriggers: { a: unknown } };
  const checked = await plugin.resource("ServiceAccountKey").check(nested);
  expect(checked.failures).toEqual([]);
  expect(checked.inputs).toMatchObject(nested);
});

test("an incomplete thing needs an update, whose preview knows no output", async () => {
  const { resource, inputs, id, state } = await account();
  const half = { ...state, incomplete: "the name is missing" };
  expect(await resource.diff(id, half, inputs)).toEqual({
    changes: true,
    diffs: [],
    details: {},
    replaces: [],
    stables: expect.any(Array) as string[],
    deleteBeforeReplace: false,
  });
  expect(unknownIn("ServiceAccount", await resource.update(id, half, inputs, { preview: true }))).toEqual(
    outputsOf("ServiceAccount"),
  );
  const { incomplete, ...whole } = await resource.update(id, half, inputs);
  expect(incomplete).toBeUndefined();
  expect(whole).toMatchObject({ displayName: "a", email: state.email });
});

test("a due rotation is an update without a changed input, and a notice says why", async () => {
  const { declared, inputs, id, state } = await key({ rotateAfter: "90d" });
  const engine = await startEngineRecorder();
  const later = await startPlugin({
    env: {
      ...emulator.settings,
      DT_RATE_LIMIT: "off",
      DT_AS_OF: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    },
    engine: engine.address,
    config: {},
  });
  const resource = later.resource("ServiceAccountKey", `thing-${count}`);
  // In a refresh, the inputs come from the state. Then a rotation that is due is not drift.
  expect(await resource.diff(id, state, inputs)).toMatchObject({ changes: false });
  expect(engine.logged).toEqual([]);
  const { inputs: news } = await resource.check(declared, inputs);
  expect(await resource.diff(id, state, news)).toMatchObject({ changes: true, diffs: [], details: {} });
  expect(engine.logged).toEqual([
    { severity: "INFO", urn: resource.urn, message: expect.stringContaining("is replaced") as string },
  ]);
  const preview = await resource.update(id, state, news, { preview: true });
  expect(unknownIn("ServiceAccountKey", preview).sort()).toEqual([...rotated].sort());
  expect(preview).toMatchObject({
    email: state.email,
    secret: secret(unknown),
    credentials: secret(unknown),
  });
});
