import { startWorld, type World } from "../provider/world";
import { cli, containing, matching } from "./command";
import { asDynamic, throughPlugin } from "./doors";

let world: World;
let project: string;
beforeAll(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
});

interface State {
  readonly id?: string;
  readonly inputs?: object;
  readonly outputs?: object;
  readonly [more: string]: unknown;
}
interface Report {
  readonly exitCode: number;
  readonly lockouts: { readonly message: string }[];
  readonly renames: {
    readonly outcome: string;
    readonly option: string;
    readonly message: string;
    readonly advice: string;
  }[];
  readonly warnings: string[];
  readonly unread: string[];
}

const dynamic = "pulumi-nodejs:dynamic/dt";
const plugin = "disruptive:index";
const urnOf = (type: string, name: string) => `urn:pulumi:test::access::${type}::${name}`;
const root = urnOf("pulumi:pulumi:Stack", "access-test");

/** A step in the form of `pulumi preview --json`. */
function step(op: string, type: string, name: string, { old, now }: { old?: State; now?: State }) {
  const urn = urnOf(type, name);
  const state = (each: State) => ({ urn, type: type.split("$").at(-1), parent: root, ...each });
  return { op, urn, ...(old ? { oldState: state(old) } : {}), ...(now ? { newState: state(now) } : {}) };
}
const gone = (kind: string, name: string, old: State, door = dynamic) =>
  step("delete", `${door}:${kind}`, name, { old });
const fresh = (kind: string, name: string, now: State, door = dynamic) =>
  step("create", `${door}:${kind}`, name, { now });
const preview = (steps: object[], config: object = {}) =>
  JSON.stringify({ config, steps, changeSummary: { delete: steps.length } });

async function guard(input: string, ...args: string[]): Promise<Report> {
  const run = await cli(["guard", "--json", ...args], { env: { ...world.settings }, input });
  expect(run).toMatchObject({ stderr: "" });
  return JSON.parse(run.stdout) as Report;
}

const us = () => world.admin.email;
const ourMembership = (role = "roles/project.admin"): State => ({
  id: `${project}/members/${world.admin.name.split("/").at(-1)!}`,
  inputs: { project, member: us(), role },
});
const account = (id: string, email: string): State => ({
  id,
  inputs: { project, displayName: "ERP" },
  outputs: { email },
});
const erp = () => `${project}/serviceaccounts/erp`;
const erpEmail = "erp@p.serviceaccount.d21s.com";
const jane = (): State => ({
  id: `${project}/members/1`,
  inputs: { project, member: "jane@example.com", role: "roles/project.user" },
});

/** A report without the aliases in YAML, which only resources of the plugin get. */
const withoutYaml = ({ renames, ...report }: Report): Report => ({
  ...report,
  renames: renames.map((rename) => ({ ...rename, advice: rename.advice.replace(/ \(in YAML: .*\)$/, "") })),
});

describe("Guard finds the same in previews of dynamic resources and of the plugin's:", () => {
  const cases: Record<string, () => object[]> = {
    "the account, a key and a membership of the identity are deleted, and it is demoted": () => [
      gone("ServiceAccount", "us", account(world.admin.name, us())),
      gone("ServiceAccountKey", "us", {
        id: `${world.admin.name}/keys/${world.admin.keyId}`,
        outputs: { keyId: world.admin.keyId },
      }),
      gone("ProjectRoleBinding", "us", ourMembership()),
      step("update", `${dynamic}:ProjectRoleBinding`, "demoted", {
        old: ourMembership(),
        now: ourMembership("roles/project.user"),
      }),
    ],
    "the last administrators are removed, and an account of the plan comes, by its secret email": () => [
      ...world.cloud.members.list(world.organization).map(({ name, email }) =>
        gone("OrgAdminBinding", email, {
          id: name,
          inputs: { organization: world.organization, member: email },
        }),
      ),
      fresh("OrgAdminBinding", "bot", {
        inputs: { organization: world.organization, member: "[secret]" },
        propertyDependencies: { member: [urnOf(`${dynamic}:ServiceAccountKey`, "bot")] },
      }),
    ],
    "the identity's role changes from one secret to another": () => [
      step("update", `${dynamic}:ProjectRoleBinding`, "us", {
        old: ourMembership("[secret]"),
        now: ourMembership("[secret]"),
      }),
    ],
    "resources of each kind are renamed": () => [
      gone("ServiceAccount", "a", account(erp(), erpEmail)),
      fresh("ServiceAccount", "b", { inputs: { project, displayName: "ERP" } }),
      gone("ServiceAccountKey", "a", { id: `${erp()}/keys/k`, outputs: { keyId: "k" } }),
      fresh("ServiceAccountKey", "b", { inputs: { serviceAccount: erp() } }),
      gone("ProjectRoleBinding", "a", jane()),
      fresh("ProjectRoleBinding", "b", { inputs: jane().inputs! }),
      gone("OrgAdminBinding", "a", {
        id: `${world.organization}/members/1`,
        inputs: { organization: world.organization, member: "jane@example.com" },
      }),
      fresh("OrgAdminBinding", "b", {
        inputs: { organization: world.organization, member: "jane@example.com", adopt: true },
      }),
      gone("ProjectAccess", "a", { id: project, inputs: { project } }),
      fresh("ProjectAccess", "b", { inputs: { project } }),
    ],
  };
  test.each(Object.entries(cases))("%s.", async (_, steps) => {
    const input = preview(steps());
    const expected = await guard(input);
    const { lockouts, renames, warnings, unread } = expected;
    expect([...lockouts, ...renames, ...warnings, ...unread]).not.toEqual([]);
    expect(withoutYaml(asDynamic(await guard(throughPlugin(input))))).toEqual(expected);
  });

  test("resources of the vendor's own provider, whose package is dt, are nobody's.", async () => {
    const steps = [step("delete", "dt:index/projectMember:ProjectMember", "us", { old: ourMembership() })];
    expect(await guard(preview(steps))).toMatchObject({ exitCode: 0, lockouts: [] });
  });
});

describe("The identity of the plugin", () => {
  const email = "b@p2.serviceaccount.d21s.com";
  const removes = (provider?: string) =>
    gone(
      "ServiceAccount",
      "b",
      { ...account("projects/p2/serviceaccounts/b", email), provider: `${provider ?? ""}::u` },
      plugin,
    );
  const providerOf = (name: string, op: string, states: { old?: object; now?: object }) =>
    step(op, "pulumi:providers:disruptive", name, {
      ...(states.old ? { old: { id: "u", inputs: { keySecret: "[secret]", ...states.old } } } : {}),
      ...(states.now ? { now: { id: "u", inputs: { keySecret: "[secret]", ...states.now } } } : {}),
    });
  const ours = { email, keyId: "kb" };
  const others = { email: "c@p2.serviceaccount.d21s.com", keyId: "kc" };

  test.each([
    ["in its part of the configuration", { "disruptive:email": email, "disruptive:keyId": "kb" }, 2],
    ["in what the dynamic resources of a mixed stack have", { "dt:email": email, "dt:keyId": "kb" }, 2],
    [
      "in its part, if the dynamic resources have another one",
      { "disruptive:email": email, "dt:email": "x@y" },
      2,
    ],
    ["in neither", {}, 0],
    ["in a secret", { "disruptive:email": "[secret]" }, 3],
  ])("is looked for %s.", async (_, config, exitCode) => {
    expect(await guard(preview([removes()], config))).toMatchObject({ exitCode });
  });

  test.each([
    ["is in an explicit provider's inputs", "company-b", "same", { old: ours, now: ours }, 2],
    ["is in them before the update, for deletions", "company-b", "update", { old: ours, now: others }, 2],
    ["is not another provider's", "company-b", "same", { old: others, now: others }, 0],
    ["is a secret there", "company-b", "same", { old: { email: "[secret]" }, now: { email: "[secret]" } }, 3],
    ["is in a default provider's inputs, for `pulumi destroy`", "default", "delete", { old: ours }, 2],
    ["is in a default provider's new inputs", "default_0_1_0", "update", { old: others, now: ours }, 2],
    ["is no longer in a default provider's old inputs", "default", "update", { old: ours, now: others }, 0],
    ["is a secret in a default provider", "default", "delete", { old: { email: "[secret]" } }, 3],
  ])("%s.", async (_, name, op, states, exitCode) => {
    const urn = urnOf("pulumi:providers:disruptive", name);
    expect(await guard(preview([providerOf(name, op, states), removes(urn)]))).toMatchObject({ exitCode });
  });

  test("logs in with Basic authentication if the configuration or its provider says so.", async () => {
    const id = "projects/p2/serviceaccounts/b";
    const state = (enableBasicAuth: boolean): State => ({
      id,
      inputs: { enableBasicAuth },
      outputs: { email },
    });
    const off = step("update", `${plugin}:ServiceAccount`, "b", { old: state(true), now: state(false) });
    const args = ["--email", email];
    expect(await guard(preview([off]), ...args)).toMatchObject({ exitCode: 0 });
    const said = { exitCode: 2, lockouts: [{ message: containing("switches off Basic authentication") }] };
    expect(await guard(preview([off], { "disruptive:auth": "basic" }), ...args)).toMatchObject(said);
    const b = providerOf("company-b", "same", { old: { auth: "basic" }, now: { auth: "basic" } });
    expect(await guard(preview([b, off]), ...args)).toMatchObject(said);
  });
});

describe("A stack that moves from one door to the other", () => {
  const kinds: [kind: string, old: () => State, inputs: () => object, outcome: string][] = [
    ["ServiceAccount", () => account(erp(), erpEmail), () => ({ project, displayName: "ERP" }), "lost"],
    [
      "ServiceAccountKey",
      () => ({ id: `${erp()}/keys/k`, outputs: { keyId: "k" } }),
      () => ({ serviceAccount: erp() }),
      "lost",
    ],
    [
      "KeyRetirement",
      () => ({ id: `${erp()}/keys:retirement`, inputs: { serviceAccount: erp() } }),
      () => ({ serviceAccount: erp() }),
      "renewed",
    ],
    ["ProjectRoleBinding", jane, () => jane().inputs!, "refused"],
    [
      "OrgAdminBinding",
      () => ({ id: "organizations/o/members/1", inputs: { member: "jane@example.com" } }),
      () => ({ organization: "organizations/o", member: "jane@example.com", adopt: true }),
      "kept",
    ],
    ["ProjectAccess", () => ({ id: project }), () => ({ project }), "renewed"],
    ["OrganizationAccess", () => ({ id: "organizations/o" }), () => ({ organization: "o" }), "renewed"],
  ];
  const directions: [string, from: string, to: string, what: string][] = [
    ["to the plugin", dynamic, plugin, "a resource of the plugin"],
    ["back", plugin, dynamic, "a dynamic resource"],
  ];

  describe.each(directions)("%s", (_, from, to, what) => {
    test.each(kinds)(
      "without an alias is told to give %s the old type.",
      async (kind, old, inputs, outcome) => {
        const steps = [gone(kind, "x", old(), from), fresh(kind, "x", { inputs: inputs() }, to)];
        expect(await guard(preview(steps))).toMatchObject({
          exitCode: outcome === "lost" ? 2 : 0,
          renames: [
            {
              outcome,
              option: `aliases: [{ type: "${from}:${kind}" }]`,
              message: matching(new RegExp(`^${kind} "x" is ${what} now: `)),
              // An alias in YAML is a URN, and only resources of the plugin can be declared in YAML.
              advice:
                to === plugin
                  ? containing(` (in YAML: aliases: ["${urnOf(`${from}:${kind}`, "x")}"])`)
                  : matching(/^[^(]*$/),
            },
          ],
        });
      },
    );
  });

  test("with aliases has no finding.", async () => {
    const same = step("same", `${plugin}:ServiceAccount`, "erp", {
      old: { ...account(erp(), erpEmail), type: `${dynamic}:ServiceAccount` },
      now: account(erp(), erpEmail),
    });
    expect(await guard(preview([same]))).toMatchObject({
      exitCode: 0,
      renames: [],
      warnings: [],
      unread: [],
    });
  });

  test("and renames or moves a resource at once is told both.", async () => {
    const created = (parent: string) => [
      gone("ProjectRoleBinding", "x", jane()),
      fresh("ProjectRoleBinding", "y", { inputs: jane().inputs!, parent }, plugin),
    ];
    const type = `type: "${dynamic}:ProjectRoleBinding"`;
    expect((await guard(preview(created(root)))).renames).toMatchObject([
      {
        option: `aliases: [{ name: "x", ${type} }]`,
        message: matching(/"x" is "y", a resource of the plugin now/),
      },
    ]);
    const team = urnOf("my:index:Team", "team");
    expect((await guard(preview(created(team)))).renames).toMatchObject([
      { option: `aliases: [{ name: "x", ${type}, parent: pulumi.rootStackResource }]` },
    ]);
  });

  test("out of a component of pulumi-dt, or with a component of its own that is renamed, gets the whole URN.", async () => {
    const inside = (type: string, name: string, parent: string, door: string) => {
      const binding = jane();
      const where = `${type}$${door}:ProjectRoleBinding`;
      return door === dynamic
        ? step("delete", where, name, { old: { ...binding, parent } })
        : step("create", where, name, { now: { inputs: binding.inputs!, parent } });
    };
    const grant = urnOf("dt:index:AccessGrant", "all");
    const left = inside("dt:index:AccessGrant", "all-p", grant, dynamic);
    const plain = fresh("ProjectRoleBinding", "all-p", { inputs: jane().inputs! }, plugin);
    expect((await guard(preview([left, plain]))).renames).toMatchObject([
      { option: `aliases: ["${left.urn}"]` },
    ]);

    const teams = ["support", "sales"].map((name) => urnOf("my:index:Team", name)) as [string, string];
    const old = inside("my:index:Team", "support-jane", teams[0], dynamic);
    const steps = [
      step("delete", "my:index:Team", "support", { old: { id: "" } }),
      step("create", "my:index:Team", "sales", { now: {} }),
      old,
      inside("my:index:Team", "sales-jane", teams[1], plugin),
    ];
    expect((await guard(preview(steps))).renames).toMatchObject([{ option: `aliases: ["${old.urn}"]` }]);
  });

  test("keeps what both doors hold: a deletion at one door is not a loss if the other has the same thing, or imports it.", async () => {
    const key: State = {
      id: `${world.admin.name}/keys/first`,
      inputs: { serviceAccount: world.admin.name },
      outputs: { keyId: world.admin.keyId },
    };
    const leaving = [gone("ProjectRoleBinding", "us", ourMembership()), gone("ServiceAccountKey", "us", key)];
    const held = [
      step("same", `${plugin}:ProjectRoleBinding`, "us", { old: ourMembership(), now: ourMembership() }),
      step("same", `${plugin}:ServiceAccountKey`, "us", { old: key, now: key }),
    ];
    const imported = [
      step("import", `${plugin}:ProjectRoleBinding`, "us", {
        now: { ...ourMembership(), id: "", importID: ourMembership().id },
      }),
      step("import", `${plugin}:ServiceAccountKey`, "us", {
        now: { inputs: key.inputs!, importID: `${world.admin.name}/keys/${world.admin.keyId}` },
      }),
    ];
    expect((await guard(preview(leaving))).lockouts).toHaveLength(2);
    expect(await guard(preview([...leaving, ...held]))).toMatchObject({ exitCode: 0, lockouts: [] });
    expect(await guard(preview([...leaving, ...imported]))).toMatchObject({ exitCode: 0, lockouts: [] });
  });
});
