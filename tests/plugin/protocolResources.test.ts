import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed, writesTo } from "../engine/access";
import { secret, startPlugin, unknown, type PluginProcess } from "../engine/harness/plugin";
import { partialFailureOf, type Properties } from "../engine/harness/protocol";

jest.setTimeout(240_000);

let emulator: Emulator;
let plugin: PluginProcess;
let project: string;
let organization: string;
beforeAll(async () => {
  emulator = await startEmulator();
  project = projectNamed(emulator, "Production");
  organization = emulator.cloud.organizations.list()[0]!.name;
  plugin = await startPlugin({
    env: { ...emulator.settings, DT_RATE_LIMIT: "off", DT_RETRY_DELAY: "0.1" },
    config: {},
  });
});
afterAll(() => emulator.close());
afterEach(() => emulator.faults.clear());

let count = 0;

async function make(kind: string, declared: Properties) {
  const resource = plugin.resource(kind, `thing-${++count}`);
  const { inputs, failures } = await resource.check(declared);
  expect(failures).toEqual([]);
  return { resource, declared, inputs, ...(await resource.create(inputs)) };
}
const account = (displayName: unknown = "a") => make("ServiceAccount", { project, displayName });
const binding = (member: string) => make("ProjectRoleBinding", { project, member, role: "project.user" });

describe("check", () => {
  test("normalises inputs, adds defaults, and drops what is not for users", async () => {
    const declared = {
      project: project.slice("projects/".length),
      displayName: "a",
      adopt: null,
      __internal: "x",
    };
    expect(await plugin.resource("ServiceAccount").check(declared)).toEqual({
      inputs: { project, displayName: "a", enableBasicAuth: false },
      failures: [],
    });
  });

  test("says what is wrong without a secret, and names no property", async () => {
    const { failures } = await plugin
      .resource("ServiceAccountKey")
      .check({ serviceAccount: "x", secret: secret({ hush: "hush" }), seceret: "hush" });
    expect(failures.join("\n")).not.toContain("hush");
    expect(failures).toEqual([
      `serviceAccount must be a service account's id, "projects/P/serviceaccounts/S", not "x"`,
      "secret must be a string",
      expect.stringMatching(/^seceret is not an input of this resource; its inputs are /),
    ]);
  });

  test("refuses two resources that declare the same thing, until one of them declares another", async () => {
    const [first, second] = ["one", "two"].map((name) => plugin.resource("ProjectRoleBinding", name));
    const declared = { project, member: "Twice@example.com", role: "project.user" };
    expect((await first!.check(declared)).failures).toEqual([]);
    expect((await first!.check({ ...declared, role: "project.admin" })).failures).toEqual([]);
    expect((await second!.check({ ...declared, member: unknown })).failures).toEqual([]);
    expect((await second!.check({ ...declared, member: " twice@example.com" })).failures).toEqual([
      `two resources declare the same thing, ${project}/members/twice@example.com: ProjectRoleBinding "one" and ProjectRoleBinding "two". Each would remove it from the other, so keep only one of them`,
    ]);
    expect((await first!.check({ ...declared, member: "other@example.com" })).failures).toEqual([]);
    expect((await second!.check(declared)).failures).toEqual([]);
  });
});

describe("secrets", () => {
  test("an input that is secret anywhere inside stays secret, in every answer", async () => {
    const rotationTriggers = { incident: secret("hush"), other: "1" };
    const displayName = secret("hush hush");
    const { resource, inputs, id, state } = await account(displayName);
    expect([inputs, state]).toMatchObject([{ displayName }, { displayName }]);
    const preview = await resource.create(inputs, { preview: true });
    expect(preview.state).toMatchObject({ displayName, project });
    const read = await resource.read(id, state, { inputs });
    expect(read).toMatchObject({ inputs: { displayName }, state: { displayName } });
    const updated = await resource.update(id, state, { ...inputs, enableBasicAuth: true });
    expect(updated).toMatchObject({ displayName, enableBasicAuth: true });
    const key = await plugin.resource("ServiceAccountKey").check({ serviceAccount: id, rotationTriggers });
    expect(key.inputs).toMatchObject({ rotationTriggers: secret({ incident: "hush", other: "1" }) });
    expect(JSON.stringify([key.inputs.serviceAccount, state.email])).not.toContain(
      "4dabf18193072939515e22adb298388d",
    );
  });

  test("the secrets of a key are always secret, but not an empty text", async () => {
    const { resource, id, state, inputs } = await make("ServiceAccountKey", {
      serviceAccount: (await account()).id,
    });
    expect(state).toMatchObject({
      secret: secret(expect.any(String)),
      credentials: secret(expect.any(String)),
      previousSecret: "",
    });
    const read = await resource.read(id, state, { inputs });
    expect(read.state).toEqual(state);
    expect(read.inputs).toEqual(inputs);
    expect(JSON.stringify(read.inputs)).not.toContain((state.secret as Properties).value);
  });
});

describe("diff", () => {
  test("shows each place that differs, in Pulumi's property paths", async () => {
    const triggers = {
      plain: "1",
      "with.dot": "1",
      'with"quote': "1",
      "with[bracket]": "1",
      gone: "1",
      same: "1",
      "": "1",
    };
    const { resource, id, state, inputs, declared } = await make("ServiceAccountKey", {
      serviceAccount: (await account()).id,
      rotationTriggers: triggers,
    });
    const kept = Object.keys(triggers).filter((name) => name !== "gone");
    const rest = Object.fromEntries(kept.map((name) => [name, name === "same" ? "1" : "2"]));
    const { inputs: news } = await resource.check(
      { ...declared, rotationTriggers: { ...rest, added: "2" } },
      inputs,
    );
    expect(await resource.diff(id, state, news)).toMatchObject({
      changes: true,
      diffs: ["rotationTriggers"],
      replaces: [],
      details: {
        "rotationTriggers.plain": "UPDATE",
        'rotationTriggers["with.dot"]': "UPDATE",
        'rotationTriggers["with\\"quote"]': "UPDATE",
        'rotationTriggers["with[bracket]"]': "UPDATE",
        'rotationTriggers[""]': "UPDATE",
        "rotationTriggers.gone": "DELETE",
        "rotationTriggers.added": "ADD",
      },
    });
    const odd = { ...news, rotationTriggers: { ...triggers, "dot.and\\": "2" } };
    expect((await resource.diff(id, state, odd)).details).toEqual({ rotationTriggers: "UPDATE" });
    expect((await resource.diff(id, state, { ...news, rotationTriggers: undefined })).details).toEqual({
      rotationTriggers: "DELETE",
    });
  });

  test("shows the items of a list by index", async () => {
    const { resource, id, state, inputs } = await make("ProjectAccess", {
      project,
      members: ["a@x.example", "c@x.example"],
    });
    const longer = { ...inputs, members: ["a@x.example", "b@x.example", "c@x.example"] };
    expect((await resource.diff(id, state, longer)).details).toEqual({
      "members[1]": "UPDATE",
      "members[2]": "ADD",
    });
    expect((await resource.diff(id, state, { ...inputs, members: ["a@x.example"] })).details).toEqual({
      "members[1]": "DELETE",
    });
  });

  test("marks what replaces the thing", async () => {
    const other = projectNamed(emulator, "Staging");
    const { resource, id, state, inputs } = await account();
    expect(await resource.diff(id, state, { ...inputs, project: other, displayName: "b" })).toEqual({
      changes: true,
      diffs: ["project", "displayName"],
      details: { project: "UPDATE_REPLACE", displayName: "UPDATE" },
      replaces: ["project"],
      stables: [],
      deleteBeforeReplace: false,
    });
  });

  test("shows nothing for an input that only counts at the creation", async () => {
    const { resource, id, state, inputs } = await account();
    const difference = await resource.diff(id, state, { ...inputs, adopt: "somebody" });
    expect(difference).toMatchObject({ changes: false, diffs: [], details: {} });
  });

  test("ignores the paths of ignoreChanges, which the engine leaves to it in a refresh", async () => {
    const key = await make("ServiceAccountKey", {
      serviceAccount: (await account()).id,
      rotationTriggers: { a: "1", "b.c": "1", d: "1" },
    });
    const news = { ...key.inputs, overlap: "2h", rotationTriggers: { a: "2", "b.c": "2", d: "2" } };
    const diff = async (...ignoreChanges: string[]) => {
      const options = { oldInputs: key.inputs, ignoreChanges };
      const { changes, details } = await key.resource.diff(key.id, key.state, news, options);
      return [changes, Object.keys(details).sort()];
    };
    const [a, bc, d] = ["rotationTriggers.a", 'rotationTriggers["b.c"]', "rotationTriggers.d"];
    expect(await diff()).toEqual([true, ["overlap", a, d, bc].sort()]);
    expect(await diff("overlap")).toEqual([true, [a, d, bc].sort()]);
    expect(await diff("overlap", "rotationTriggers.a", bc)).toEqual([true, [d]]);
    expect(await diff("overlap", "rotationTriggers.*")).toEqual([false, []]);
    expect(await diff("overlap", "rotationTriggers")).toEqual([false, []]);
    expect(await diff("*")).toEqual([false, []]);
    expect(await diff("rotationTriggers.nothing", "nothing[0].x", "[")).toEqual([
      true,
      ["overlap", a, d, bc].sort(),
    ]);

    // A refresh shows how the program's inputs differ from the cloud.
    const { resource, inputs, id, state } = await account();
    emulator.cloud.accounts.update(id, { displayName: "drifted" });
    const read = await resource.read(id, state, { inputs });
    expect(read.inputs).toMatchObject({ displayName: "drifted" });
    const inRefresh = { oldInputs: read.inputs, ignoreChanges: ["displayName"] };
    expect(await resource.diff(id, read.state, inputs)).toMatchObject({ changes: true });
    expect(await resource.diff(id, read.state, inputs, inRefresh)).toMatchObject({
      changes: false,
      details: {},
    });
    // An ignored replacement is none, either.
    const moved = { ...inputs, project: projectNamed(emulator, "Staging") };
    const ignored = { oldInputs: inputs, ignoreChanges: ["project"] };
    expect(await resource.diff(id, state, moved, ignored)).toMatchObject({ changes: false, replaces: [] });
  });

  test("an engine that sends no old inputs sends a state, which has them", async () => {
    const { resource, inputs, id, state } = await account();
    const news = { ...inputs, displayName: "b" };
    expect(await resource.diff(id, state, news, { ignoreChanges: ["displayName"] })).toMatchObject({
      changes: false,
    });
  });
});

describe("read", () => {
  test("refreshes, and finds that a thing is gone", async () => {
    const { resource, inputs, id, state } = await account();
    expect(await resource.read(id, state, { inputs })).toEqual({ id, state, inputs });
    emulator.cloud.accounts.delete(id);
    // A 404 is believed only after the time that a new thing may need to appear.
    emulator.clock.advance(60_000);
    const old = { ...state, madeAt: "2020-01-01T00:00:00Z" };
    expect(await resource.read(id, old, { inputs })).toEqual({ id: "", state: {}, inputs: {} });
  });

  const bindingOf = async () => {
    const made = await binding(`import-${++count}@example.com`);
    const place = project.slice("projects/".length);
    const address = String(made.state.email);
    return {
      ...made,
      ids: [
        made.id,
        `${place}/${address}`,
        `${project}/${address}`,
        `${project}/members/${address.toUpperCase()}`,
      ],
    };
  };
  const adminOf = async () => {
    const made = await make("OrgAdminBinding", { organization, member: `boss-${++count}@example.com` });
    const place = organization.slice("organizations/".length);
    return { ...made, ids: [made.id, `${place}/${String(made.state.email)}`] };
  };
  const accountIds = async () => {
    const made = await account();
    return { ...made, ids: [made.id, String(made.state.email)] };
  };
  const keyOf = async () => {
    const owner = await account();
    const made = await make("ServiceAccountKey", { serviceAccount: owner.id });
    return { ...made, ids: [made.id, `${String(owner.state.email)}/${String(made.state.keyId)}`] };
  };
  const listOf = (kind: string, input: "project" | "organization") => async () => {
    const place = { project, organization }[input];
    const made = await make(kind, { [input]: place, members: [] });
    return { ...made, ids: [place, place.split("/")[1]!] };
  };

  test.each([
    ["ServiceAccount", accountIds],
    ["ServiceAccountKey", keyOf],
    ["ProjectRoleBinding", bindingOf],
    ["OrgAdminBinding", adminOf],
    ["ProjectAccess", listOf("ProjectAccess", "project")],
    ["OrganizationAccess", listOf("OrganizationAccess", "organization")],
  ])("imports a %s by each of its ids, and the imported inputs need no change", async (kind, prepare) => {
    const { ids, id, inputs } = await prepare();
    const imported = count;
    for (const given of ids) {
      const resource = plugin.resource(kind, `thing-${imported}`);
      const found = await resource.read(given);
      expect(found.id).toBe(id);
      if (!kind.endsWith("Access")) expect(found.inputs).toEqual(inputs);
      expect(found.state).toMatchObject(found.inputs);
      const { inputs: news, failures } = await resource.check(found.inputs, found.inputs);
      expect(failures).toEqual([]);
      expect(news).toEqual(found.inputs);
      expect(await resource.diff(found.id, found.state, news)).toMatchObject({ changes: false, details: {} });
    }
  });

  test("a lookup of what another resource declares is no second declaration", async () => {
    const declared = { project, member: "shared@example.com", role: "project.user" };
    const { name } = emulator.cloud.members.create({
      scope: project,
      email: declared.member,
      roles: ["roles/project.user"],
    });
    await plugin.resource("ProjectRoleBinding", "lookup").read(name);
    expect((await plugin.resource("ProjectRoleBinding", "own").check(declared)).failures).toEqual([]);
  });

  test.each([
    [
      "ServiceAccount",
      "garbage",
      /^the id must be `projects\/P\/serviceaccounts\/S` or `EMAIL`.*, not "garbage"$/,
    ],
    ["ServiceAccountKey", "projects/p/serviceaccounts/s", /^the id must be .*`EMAIL\/K`/],
    ["ProjectRoleBinding", "projects/p", /^the id must be `projects\/ID\/members\/M`, or `ID\/EMAIL`/],
    ["OrgAdminBinding", "a/b/c/d@example.com", /^the id must be `organizations\/ID\/members\/M`/],
    ["ProjectAccess", "organizations/o", /^the id must be `projects\/ID` or `ID`/],
    ["KeyRetirement", "x", /can't be imported, because it is not a thing in the cloud: declare it$/],
  ])("says which ids a %s can have, instead of '%s'", async (kind, id, message) => {
    emulator.requests.clear();
    await expect(plugin.resource(kind).read(id)).rejects.toThrow(message);
    expect(emulator.requests).toEqual([]);
  });

  test("an import of something that does not exist is an error, and not a thing that is gone", async () => {
    const missing = {
      ServiceAccount: `${project}/serviceaccounts/none`,
      ProjectRoleBinding: `${project}/none@example.com`,
    };
    await expect(plugin.resource("ServiceAccount").read(missing.ServiceAccount)).rejects.toThrow(
      /does not exist, as .* sees it$/,
    );
    await expect(plugin.resource("ProjectRoleBinding").read(missing.ProjectRoleBinding)).rejects.toThrow(
      /has no member none@example\.com, as .* sees it$/,
    );
  });
});

test("a list of members does not make its project new, so a 404 in there is believed at once", async () => {
  await make("ProjectAccess", { project, members: [] });
  emulator.requests.clear();
  const missing = `${project}/serviceaccounts/missing`;
  await expect(plugin.resource("ServiceAccount").read(missing)).rejects.toThrow("does not exist");
  expect(emulator.requests.filter(({ path }) => path.endsWith("/missing"))).toHaveLength(1);
});

describe("a partial failure", () => {
  test("is recorded with the marks of its secrets, and the next update goes on", async () => {
    const owner = await account();
    const resource = plugin.resource("ServiceAccountKey", "half");
    const { inputs } = await resource.check({ serviceAccount: owner.id, retirement: "afterDelivery" });
    emulator.faults.add({
      method: "POST",
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
      times: "untilCleared",
    });
    const { id, properties, reasons } = await partialFailureOf(resource.create(inputs));
    emulator.faults.clear();
    expect(properties).toMatchObject({
      ...inputs,
      incomplete: reasons[0],
      secret: secret(expect.any(String)),
      credentials: secret(expect.any(String)),
      previousSecret: "",
      __urn: resource.urn,
    });
    expect(reasons).toEqual([expect.stringContaining("log in")]);
    expect(reasons[0]).not.toContain((properties.secret as Properties).value);
    expect(await resource.diff(id, properties, inputs)).toMatchObject({ changes: true, replaces: [] });
    const after = await resource.update(id, properties, inputs);
    expect(after).toMatchObject({ keyId: properties.keyId, secret: properties.secret });
    expect(after).not.toHaveProperty("incomplete");
  });
});

test("a state that a dynamic resource wrote is one of the plugin's", async () => {
  const { resource, inputs, id, state } = await account();
  const { __urn, ...rest } = state;
  const moved = {
    ...rest,
    __provider: "exports.handler = …",
    __urn: String(__urn).replace("disruptive:index:", "pulumi-nodejs:dynamic/dt:"),
  };
  expect(await resource.diff(id, moved, inputs)).toMatchObject({
    changes: false,
    stables: expect.not.arrayContaining(["__urn"]) as unknown,
  });
  expect((await resource.read(id, moved, { inputs })).inputs).toEqual(inputs);
  const after = await resource.update(id, moved, { ...inputs, displayName: "b" });
  // The dynamic resources need their text in the state, so that a stack can move back.
  const __provider = `exports.handler = () => require("pulumi-dt/provider").serviceAccount;`;
  expect(after).toMatchObject({ displayName: "b", __urn, __provider });
});

test("a deletion removes the thing, and one that is gone already is a success", async () => {
  const { resource, id, state } = await binding("leaving@example.com");
  emulator.requests.clear();
  await resource.delete(id, state);
  expect(writesTo(emulator)).toHaveLength(1);
  await resource.delete(id, { ...state, madeAt: "2020-01-01T00:00:00Z" });
  expect(emulator.cloud.members.list(project).map(({ name }) => name)).not.toContain(id);
});
