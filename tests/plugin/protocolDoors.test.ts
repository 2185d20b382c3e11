import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { startEmulator, type Emulator } from "../../emulator";
import { resources } from "../../provider/resources/all";
import { secret, startPlugin, unknown, type PluginProcess } from "../engine/harness/plugin";
import type { Properties } from "../engine/harness/protocol";
import { startProvider, type ProviderProcess } from "../engine/harness/providerProcess";

jest.setTimeout(600_000);

type Kind = keyof typeof resources;

const emulator: Promise<Emulator> = startEmulator();
let plugin: PluginProcess;
let dynamic: ProviderProcess;
beforeAll(async () => {
  const env = { ...(await emulator).settings, DT_RATE_LIMIT: "off" };
  [plugin, dynamic] = await Promise.all([startPlugin({ env, config: {} }), startProvider({ env })]);
});
afterAll(async () => (await emulator).close());

/** The two doors of one resource. */
function doorsOf(kind: Kind) {
  const ours = plugin.resource(kind);
  const __urn = ours.urn.replace("disruptive:index:", "pulumi-nodejs:dynamic/dt:");
  return { ours, theirs: dynamic.resource(kind.charAt(0).toLowerCase() + kind.slice(1)), __urn };
}

const visible = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith("__")));

/** Without the marks of secrets. */
const plain = (properties: Properties): Properties =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value
        ? (value as unknown as Properties).value
        : value,
    ]),
  );

const marked = (properties: Properties, secrets: readonly string[]): Properties =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, secrets.includes(name) ? secret(value) : value]),
  );

/** What both doors say of declared inputs. */
async function check(kind: Kind, given: Properties, secrets: readonly string[], isNew: boolean) {
  const { ours, theirs, __urn } = doorsOf(kind);
  const olds = { project: "projects/p" };
  const [mine, other] = await Promise.all([
    ours.check(marked(given, secrets), isNew ? undefined : olds),
    theirs.check({ ...given, __urn }, isNew ? undefined : olds),
  ]);
  expect({ ...mine, inputs: plain(mine.inputs) }).toEqual({
    inputs: visible(other.inputs),
    failures: other.failures.map(({ reason }) => reason),
  });
  const hidden = secrets.filter((name) => (given[name] ?? "") !== "" && (mine.inputs[name] ?? "") !== "");
  for (const name of hidden) expect(mine.inputs[name]).toHaveProperty("value");
  return mine;
}

const messageOf = (error: unknown): { error: string } => ({ error: (error as Error).message });

/** What the engine concludes from each door's answer. */
async function diff(kind: Kind, id: string, state: Properties, olds: Properties, news: Properties) {
  const { ours, theirs, __urn } = doorsOf(kind);
  const mine = await ours
    .diff(id, { ...state, __urn: ours.urn }, news, { oldInputs: olds })
    .then(
      ({ changes, replaces, deleteBeforeReplace }) => ({ changes, replaces, deleteBeforeReplace }),
      messageOf,
    );
  const other = await theirs.diff(id, { ...plain(state), __urn }, { ...plain(news), __urn }).then(
    ({ changes, replaces, deleteBeforeReplace }) => ({
      // Without an answer, the engine compares the inputs itself.
      changes: changes ?? !isDeepStrictEqual(plain(olds), plain(news)),
      replaces,
      deleteBeforeReplace,
    }),
    messageOf,
  );
  expect(mine).toEqual(other);
}

const text = fc.oneof(fc.constantFrom("", " ", "a", "b"), fc.string({ maxLength: 6 }));
const anything = fc.oneof(
  fc.constant(unknown),
  fc.constant(null),
  fc.integer({ min: -2, max: 99 }),
  fc.boolean(),
  text,
  fc.array(fc.oneof(text, fc.constant(unknown), fc.integer()), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("a", "b.c", 'd"'), fc.oneof(text, fc.constant(unknown), fc.boolean()), {
    maxKeys: 2,
  }),
);

const mostly = <Value>(valid: readonly Value[], ...odd: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...valid) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );

/** The values that are mostly valid, by the input's name. */
function valuesIn(cloud: Emulator["cloud"], kind: Kind): Record<string, fc.Arbitrary<unknown>> {
  const projects = cloud.projects
    .list()
    .slice(0, 2)
    .map(({ name }) => name);
  const organization = cloud.organizations.list()[0]!.name;
  const accounts = cloud.accounts.list().map(({ name }) => name);
  const emails = [...cloud.accounts.list().map(({ email }) => email), "a@x.example", " B@X.example"];
  const keys = cloud.keys.list().map(({ name }) => name.split("/").at(-1));
  const adopted = {
    Project: mostly([...projects, undefined], "Nobody"),
    ServiceAccount: mostly(emails, "nobody"),
    ServiceAccountKey: fc.constantFrom(...keys, "none"),
  };
  const time = fc.constantFrom("2020-01-01T00:00:00Z", new Date().toISOString(), "2099-01-01T00:00:00Z");
  const key = fc.constantFrom("k1", "k2", ...keys);
  return {
    project: mostly([...projects, projects[0]!.split("/")[1]!], "Display Name"),
    organization: fc.constantFrom(organization, organization.split("/")[1]!, "organizations/none"),
    labels: fc.dictionary(fc.constantFrom("a", "b.c"), mostly<unknown>(["x", "1"], {}), { maxKeys: 2 }),
    location: mostly<unknown>(
      [undefined, {}, { latitude: 1, longitude: 2 }, { timeLocation: "UTC" }],
      { latitude: 91 },
      "Oslo",
    ),
    deletion: fc.constantFrom("empty", "retain"),
    displayName: fc.oneof({ weight: 6, arbitrary: fc.constantFrom("a", "b") }, text),
    adopt: kind in adopted ? adopted[kind as keyof typeof adopted] : fc.boolean(),
    expires: mostly([undefined, "2020-01-31", "2099-01-31", "2030-01-31T10:00:00+01:00"], "soon"),
    member: mostly(emails, "nobody"),
    role: mostly(
      ["project.user", "roles/project.admin", "custom.role"],
      "project.devloper",
      "organization.admin",
    ),
    serviceAccount: fc.constantFrom(...accounts, "projects/p/serviceaccounts/none"),
    rotationTriggers: fc.dictionary(fc.constantFrom("a", "b.c"), fc.oneof(text, fc.integer(), fc.boolean()), {
      maxKeys: 2,
    }),
    rotateAfter: mostly(["90d", "30d"], "2h", "0s", "soon"),
    overlap: mostly(["24h", "2h", "0"], "90d", "soon"),
    retirement: fc.constantFrom("automatic", "afterDelivery", "atOnce"),
    secret: text,
    members: fc.array(mostly(emails, "nobody"), { maxLength: 3 }),
    mode: fc.constantFrom("report", "enforce"),
    ignore: fc.array(mostly(["*@x.example", "a"], ""), { maxLength: 2 }),
    keyId: key,
    previousKeyId: fc.oneof(fc.constant(""), key),
    createTime: time,
    deliveredKeyIds: fc.array(key, { maxLength: 2 }),
    enableBasicAuth: fc.boolean(),
    allowLockout: fc.boolean(),
    rotationWaits: fc.boolean(),
  };
}

/** Outputs as an earlier run may have recorded them. */
const outputsOf: Record<Kind, fc.Arbitrary<Properties>> = {
  Project: fc.constant({ organizationDisplayName: "Example Company", inventory: false }),
  ServiceAccount: fc.constant({
    email: "a@p.serviceaccount.example",
    createTime: "2020-01-01T00:00:00Z",
    updateTime: "",
  }),
  ServiceAccountKey: fc.record({
    keyId: fc.constantFrom("k1", "k2"),
    secret: fc.constantFrom("", "hush"),
    email: fc.constant("a@p.serviceaccount.example"),
    previousKeyId: fc.constantFrom("", "k0"),
    createTime: fc.constantFrom("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"),
    rotateAt: fc.constantFrom("", "2020-01-02T00:00:00Z"),
    retireAt: fc.constantFrom("", "2020-01-02T00:00:00Z"),
    generation: fc.constantFrom(1, 2),
  }),
  KeyRetirement: fc.record({
    confirmedKeyId: fc.constantFrom("", "k1", "k2"),
    retireAt: fc.constant(""),
    retiredKeyId: fc.constantFrom("", "k1"),
  }),
  ProjectRoleBinding: fc.record({
    memberId: fc.constant("m"),
    status: fc.constantFrom("PENDING", "ACCEPTED"),
    email: fc.constant("a@x.example"),
    expired: fc.boolean(),
  }),
  OrgAdminBinding: fc.record({
    memberId: fc.constant("m"),
    status: fc.constantFrom("PENDING", "ACCEPTED"),
    email: fc.constant("a@x.example"),
    expired: fc.boolean(),
  }),
  ProjectAccess: fc.record({ undeclared: fc.constantFrom({}, { "x@x.example": "project.user" }) }),
  OrganizationAccess: fc.record({ undeclared: fc.constantFrom({}, { "x@x.example": "organization.admin" }) }),
};

const idOf = (kind: Kind, state: Properties): string => {
  const place = String(state.project ?? state.organization ?? state.serviceAccount);
  const ids: Record<Kind, string> = {
    Project: "projects/p",
    ServiceAccount: `${place}/serviceaccounts/s`,
    ServiceAccountKey: `${place}/keys/k1`,
    KeyRetirement: `${place}/keys:retirement`,
    ProjectRoleBinding: `${place}/members/m`,
    OrgAdminBinding: `${place}/members/m`,
    ProjectAccess: place,
    OrganizationAccess: place,
  };
  return ids[kind];
};

test.each(Object.keys(resources) as Kind[])(
  "whatever is declared and recorded, both doors plan the same: %s",
  async (kind) => {
    const { cloud, url } = await emulator;
    const values = valuesIn(cloud, kind);
    const names = Object.keys(resources[kind].check);
    const required = Object.fromEntries(names.map((name) => [name, values[name] ?? anything]));
    const odd = fc.record(
      { ...Object.fromEntries(names.map((name) => [name, anything])), rolee: text },
      { requiredKeys: [] },
    );
    const declared = fc.record(required, { requiredKeys: [] });
    const run = fc.record({
      before: fc.oneof({ weight: 4, arbitrary: fc.record(required) }, declared),
      changes: declared,
      changed: fc.subarray(names),
      oddities: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: odd }),
      secrets: fc.subarray(names, { maxLength: 2 }),
      outputs: outputsOf[kind],
      incomplete: fc.option(fc.constant("half made"), { nil: undefined, freq: 4 }),
      isNew: fc.boolean(),
    });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        run,
        async ({ before, changes, changed, oddities, secrets, outputs, incomplete, isNew }) => {
          const first = await check(kind, before, secrets, isNew);
          const after = Object.fromEntries(changed.map((name) => [name, changes[name]]));
          const second = await check(kind, { ...before, ...after, ...oddities }, secrets, false);
          if (first.failures.length + second.failures.length > 0) return;
          // A refresh records what it finds as inputs, too.
          const olds = "undeclared" in outputs ? { ...first.inputs, ...outputs } : first.inputs;
          if (JSON.stringify(olds).includes(unknown)) return;
          const state = { ...olds, ...outputs, apiUrl: url, incomplete };
          compared++;
          await diff(kind, idOf(kind, plain(olds)), state, olds, second.inputs);
        },
      ),
      { numRuns: 120 },
    );
    expect(compared).toBeGreaterThan(15);
  },
);
