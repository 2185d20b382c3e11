import { startWorld, type World } from "../provider/world";
import { type Run, cli, containing, matching } from "./command";

let world: World;
let project: string;
beforeEach(async () => {
  world = await startWorld();
  [, project] = world.projects as [string, string];
});

interface State {
  id: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** A step in the form of `pulumi preview --json`. */
const step = (op: string, type: string, oldState?: State, newState?: State) => {
  const token = `pulumi-nodejs:dynamic/dt:${type}`;
  const urn = `urn:pulumi:test::access::${token}::${oldState?.id.split("/").at(-1) ?? "new"}`;
  return {
    op,
    urn,
    ...(oldState ? { oldState: { urn, type: token, ...oldState } } : {}),
    ...(newState ? { newState: { urn, type: token, ...newState } } : {}),
  };
};
const preview = (...steps: object[]) =>
  JSON.stringify({ config: {}, steps, changeSummary: { delete: steps.length } });

const guard = (input: string, ...args: string[]): Promise<Run> =>
  cli(["guard", ...args], { env: { ...world.settings }, input });

const ourId = () => world.admin.name.split("/").at(-1)!;
const binding = (scope: string, id: string, member: string, more: object = {}): State => ({
  id: `${scope}/members/${id}`,
  inputs: { member, role: "roles/project.admin", ...more },
});
const account = (name: string, email: string, more: object = {}): State => ({
  id: name,
  inputs: { ...more },
  outputs: { email },
});
const key = (name: string, keyId: string, previousKeyId = ""): State => ({
  id: name,
  outputs: { keyId, previousKeyId, email: "x@y" },
});
const admins = () => world.cloud.members.list(world.organization);
/** Pulumi's identity can read the organization, but does not administer it. */
function weOnlyLook(): void {
  world.unknowns.organizationViewerRole = true;
  const ours = admins().find(({ email }) => email === world.admin.email)!;
  world.cloud.members.update(ours.name, { roles: ["roles/organization.viewer"] });
}
const removal = ({ name, email }: { name: string; email: string }, more: object = {}) =>
  step("delete", "OrgAdminBinding", {
    id: name,
    inputs: { organization: world.organization, member: email, ...more },
  });

describe("A lock-out, exit code 2:", () => {
  const cases: Record<string, () => object[]> = {
    "the account that Pulumi runs as is deleted": () => [
      step("delete", "ServiceAccount", account(world.admin.name, world.admin.email)),
    ],
    "or replaced": () => [
      step("delete-replaced", "ServiceAccount", account(world.admin.name, world.admin.email.toUpperCase())),
    ],
    "the project of that account is deleted": () => [
      step("delete", "Project", { id: world.admin.name.split("/serviceaccounts/")[0]!, inputs: {} }),
    ],
    "the key that it logs in with is deleted": () => [
      step(
        "delete",
        "ServiceAccountKey",
        key(`${world.admin.name}/keys/${world.admin.keyId}`, world.admin.keyId),
      ),
    ],
    "that key is the previous one of a resource that is deleted": () => [
      step(
        "delete",
        "ServiceAccountKey",
        key(`${world.admin.name}/keys/first`, "successor", world.admin.keyId),
      ),
    ],
    "its membership of a project is deleted": () => [
      step("delete", "ProjectRoleBinding", binding(project, ourId(), world.admin.email)),
    ],
    "its membership is deleted, and the email is a secret": () => [
      step("delete", "ProjectRoleBinding", binding(project, ourId(), "[secret]")),
    ],
    "its membership of an organization is deleted": () => [
      removal(admins().find(({ email }) => email === world.admin.email)!),
    ],
    "it is demoted": () => [
      step(
        "update",
        "ProjectRoleBinding",
        binding(project, ourId(), world.admin.email),
        binding(project, ourId(), world.admin.email, { role: "roles/project.user" }),
      ),
    ],
    "it gets a role that nobody knows": () => [
      step(
        "update",
        "ProjectRoleBinding",
        binding(project, ourId(), world.admin.email),
        binding(project, ourId(), world.admin.email, { role: "roles/project.new" }),
      ),
    ],
    "all administrators go together": () => admins().map((admin) => removal(admin)),
    "the last administrators are accounts that are deleted": () => {
      const ada = admins().find(({ email }) => email !== world.admin.email)!;
      world.cloud.members.delete(ada.name);
      const robot = world.cloud.accounts.create({ project, displayName: "robot" });
      const member = world.cloud.members.create({
        scope: world.organization,
        email: robot.email,
        roles: ["roles/organization.admin"],
      });
      weOnlyLook();
      return [
        step("delete", "ServiceAccount", account(robot.name, robot.email)),
        step("same", "OrgAdminBinding", {
          id: member.name,
          inputs: { organization: world.organization, member: robot.email },
        }),
      ];
    },
  };
  test.each(Object.entries(cases))("%s", async (_, steps) => {
    const run = await guard(preview(...steps()));
    expect(run).toMatchObject({ exitCode: 2, stdout: matching(/^LOCK-OUT: /) });
    expect(world.writes()).toEqual([]);
  });
});

describe("Not a lock-out, exit code 0:", () => {
  const cases: Record<string, () => object[]> = {
    "nothing of ours is touched": () => [
      step("same", "ServiceAccount", account(world.admin.name, world.admin.email)),
      {
        op: "delete",
        urn: "urn:pulumi:a::b::aws:s3:Bucket::c",
        oldState: { type: "aws:s3:Bucket", id: "x" },
      },
    ],
    "others' access goes": () => [
      step("delete", "ProjectRoleBinding", binding(project, "1", "jane@example.com")),
      step(
        "delete",
        "ServiceAccount",
        account(`${project}/serviceaccounts/s`, "s@p.serviceaccount.d21s.com"),
      ),
      step("delete", "ServiceAccountKey", key("x/keys/k", "k")),
    ],
    "it is promoted": () => [
      step(
        "update",
        "ProjectRoleBinding",
        binding(project, ourId(), world.admin.email, { role: "roles/project.user" }),
        binding(project, ourId(), world.admin.email),
      ),
    ],
    "one of two administrators goes": () => [
      removal(admins().find(({ email }) => email !== world.admin.email)!),
    ],
    "the resource says that it may happen": () => [
      step("delete", "ServiceAccount", account(world.admin.name, world.admin.email, { allowLockout: true })),
    ],
    "a service account comes before the last administrators go": () => {
      weOnlyLook();
      const ada = admins().find(({ email }) => email === "ada@example.com")!;
      const robot = {
        id: "",
        inputs: { organization: world.organization, member: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      };
      return [removal(ada), step("create", "OrgAdminBinding", undefined, robot)];
    },
  };
  test.each(Object.entries(cases))("%s", async (_, steps) => {
    expect(await guard(preview(...steps()))).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

test("A person who replaces the last administrator causes a warning, because an invitation may have to be accepted first.", async () => {
  weOnlyLook();
  const person = { id: "", inputs: { organization: world.organization, member: "new@example.com" } };
  const steps = [
    removal(admins().find(({ email }) => email === "ada@example.com")!),
    step("create-replacement", "OrgAdminBinding", undefined, person),
  ];
  expect(await guard(preview(...steps))).toMatchObject({
    exitCode: 0,
    stdout: matching(/^warning: .*new@example.com/),
  });
});

test("Administrators who can't be read leave the answer open, exit code 3; a lock-out elsewhere is worse.", async () => {
  world.faults.add({
    path: `/v2/${world.organization}/members`,
    effect: { kind: "respond", status: 403 },
    times: "untilCleared",
  });
  const ada = removal(admins().find(({ email }) => email === "ada@example.com")!);
  expect(await guard(preview(ada))).toMatchObject({
    exitCode: 3,
    stdout: matching(/^could not read: /),
  });
  expect(
    await guard(preview(ada, step("delete", "ServiceAccount", account(world.admin.name, world.admin.email)))),
  ).toMatchObject({ exitCode: 2 });
});

test("A list without any administrator also leaves the answer open.", async () => {
  const ada = removal(admins().find(({ email }) => email === "ada@example.com")!);
  world.faults.add({
    path: `/v2/${world.organization}/members`,
    effect: { kind: "respond", status: 200, body: { members: [], nextPageToken: "" } },
  });
  expect(await guard(preview(ada))).toMatchObject({
    exitCode: 3,
    stdout: containing("nobody is seen to administer it"),
  });
});

test("A key alone names no account, so the loss for an account stays open, exit code 3, unless the plan says whose key it is.", async () => {
  const { DT_API_KEY_ID } = world.settings;
  const env = { DT_AUTH: "basic", DT_API_KEY_ID };
  const ours = step("delete", "ServiceAccount", account(world.admin.name, world.admin.email));
  const jane = step("delete", "ProjectRoleBinding", binding(project, "9201", "jane@example.com"));
  expect(await cli(["guard"], { env, input: preview(ours) })).toMatchObject({
    exitCode: 3,
    stdout: matching(/^could not read: whether .* belongs to the identity that runs Pulumi/),
  });
  expect(await cli(["guard"], { env, input: preview(jane) })).toMatchObject({ exitCode: 0 });
  const owned = { id: "a/keys/k", outputs: { keyId: DT_API_KEY_ID, email: world.admin.email } };
  const steps = [ours, step("same", "ServiceAccountKey", owned)];
  expect(await cli(["guard"], { env, input: preview(...steps) })).toMatchObject({ exitCode: 2 });
});

test("The identity may also come from the preview's own configuration, or from options, besides the environment.", async () => {
  const email = "s1@p1.serviceaccount.d21s.com";
  const steps = [step("delete", "ServiceAccount", account("projects/p1/serviceaccounts/s1", email))];
  expect(await guard(preview(...steps))).toMatchObject({ exitCode: 0 });
  expect(await guard(preview(...steps), "--email", email)).toMatchObject({ exitCode: 2 });
  const configured = JSON.stringify({
    config: { "dt:email": email, "dt:keySecret": "[secret]" },
    steps,
    changeSummary: {},
  });
  expect(await guard(configured)).toMatchObject({ exitCode: 2 });
  const keyed = preview(
    step("delete", "ServiceAccountKey", key("a/keys/k9", "k9")),
    step("delete", "ServiceAccount", account("projects/p/serviceaccounts/s", "x@y")),
  );
  expect(await guard(keyed, "--key-id", "k9")).toMatchObject({
    exitCode: 2,
    stdout: matching(/deletes key k9[^]*service account that Pulumi logs in as/),
  });
  expect(await cli(["guard"], { input: preview(...steps) })).toMatchObject({
    exitCode: 1,
    stderr: containing("the identity is unknown"),
  });
});

test("Input that is not a preview, or a failed one, is an error, because guard would miss its steps.", async () => {
  const failed = JSON.stringify({
    steps: [],
    changeSummary: {},
    diagnostics: [{ severity: "error", message: "x" }],
  });
  for (const input of ["", "{}", "[]", '{"steps":[]}', '{"a":1}\n{"b":2}', failed])
    expect({ input, ...(await guard(input)) }).toMatchObject({ exitCode: 1, stdout: "" });
});

describe("An empty option, as from a variable that CI does not have, is an error:", () => {
  test.each([
    ["--email", ""],
    ["--key-id", ""],
    ["--email", " "],
    ["--key-id", "[secret]"],
    ["--email", "", "--key-id", ""],
    ["--email", "s@p.serviceaccount.d21s.com", "--key-id", ""],
  ])("%j %j", async (...args) => {
    const ours = step("delete", "ServiceAccount", account(world.admin.name, world.admin.email));
    expect(await guard(preview(ours), ...args)).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: matching(/(--email|--key-id) is (empty|no value): in CI, set the variable/),
    });
  });
});

describe("Facts that the plan does not show leave the answer open, exit code 3:", () => {
  const ofAccount = (keyId: string, more: object = {}) => ({
    id: `${world.admin.name}/keys/${keyId}`,
    outputs: { keyId, previousKeyId: "", email: world.admin.email, ...more },
  });
  const cases: Record<string, [steps: () => object[], said: RegExp, args?: () => string[]]> = {
    "a step that this version does not know": [
      () => [step("evict", "ServiceAccount", account("projects/p/serviceaccounts/s", "s@x"))],
      /what the step "evict" does with s: use a newer version/,
    ],
    "a new administrator whose address is a secret": [
      () => {
        weOnlyLook();
        const { organization } = world;
        const hidden = { id: "", inputs: { organization, member: "[secret]" } };
        const ada = admins().find(({ email }) => email === "ada@example.com")!;
        return [removal(ada), step("create", "OrgAdminBinding", undefined, hidden)];
      },
      /whether the one who comes can administer it at once, since the address is a secret/,
    ],
    "a key of the account that logs in, after a rotation that the state keeps secret": [
      () => [step("delete", "ServiceAccountKey", ofAccount("first", { keyId: "[secret]" }))],
      /first belongs to the key that Pulumi logs in with: give --key-id/,
    ],
    "a key of the account that an option names without its key": [
      () => [
        step("delete", "ServiceAccountKey", {
          id: "projects/p/serviceaccounts/s/keys/k",
          outputs: { keyId: "k", email: "s@p.serviceaccount.d21s.com" },
        }),
      ],
      /k belongs to the key that Pulumi logs in with: give --key-id/,
      () => ["--email", "s@p.serviceaccount.d21s.com"],
    ],
    "an account, where an option names a key without its email": [
      () => [step("delete", "ServiceAccount", account("projects/p/serviceaccounts/s", "s@x"))],
      /s belongs to the identity that runs Pulumi, whose email is not known/,
      () => ["--key-id", "k9"],
    ],
    "a role that changes from one secret to another": [
      () => [
        step(
          "update",
          "ProjectRoleBinding",
          binding(project, ourId(), world.admin.email, { role: "[secret]" }),
          binding(project, ourId(), world.admin.email, { role: "[secret]" }),
        ),
      ],
      /since the new value is a secret/,
    ],
    "a secret member, where our own address does not begin with the account's id": [
      () => [step("delete", "ProjectRoleBinding", binding(project, "77", "[secret]"))],
      /77 belongs to .*, since its address is a secret/,
      () => ["--email", "pulumi@example.com", "--key-id", "k9"],
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [steps, said, args = () => []]) => {
    expect(await guard(preview(...steps()), ...args())).toMatchObject({
      exitCode: 3,
      stdout: matching(said),
    });
  });

  test("an identity in the stack's configuration that is a secret, unless the options name it", async () => {
    const steps = [step("delete", "ServiceAccount", account("projects/p/serviceaccounts/s", "s@x"))];
    const input = JSON.stringify({ config: { "dt:email": "[secret]" }, steps, changeSummary: {} });
    expect(await guard(input)).toMatchObject({
      exitCode: 3,
      stdout: containing("in the stack's configuration, which is a secret"),
    });
    expect(await guard(input, "--email", world.admin.email, "--key-id", "k9")).toMatchObject({ exitCode: 0 });
  });
});

describe("Steps by an explicit provider", () => {
  const urn = "urn:pulumi:test::access::pulumi:providers:pulumi-nodejs::company-b";
  const email = "b@p2.serviceaccount.d21s.com";
  const inputs = { "dt:explicit": "true", "dt:email": email, "dt:keyId": "kb", "dt:keySecret": "[secret]" };
  const provider = (op: string, changes: object = {}) => {
    const state = { urn, type: "pulumi:providers:pulumi-nodejs", id: "u", inputs: { ...inputs, ...changes } };
    return { op, urn, oldState: state, ...(op === "delete" ? {} : { newState: state }) };
  };
  const byProvider = (state: State): State => ({ ...state, provider: `${urn}::u` }) as State;
  const removes = () =>
    step("delete", "ServiceAccount", byProvider(account("projects/p2/serviceaccounts/b", email)));

  test.each(["same", "update", "delete"])(
    "are checked with its identity, if the plan shows the provider: %s",
    async (op) => {
      expect(await guard(preview(provider(op), removes()))).toMatchObject({
        exitCode: 2,
        stdout: matching(/^LOCK-OUT: delete/),
      });
      const key = { ...key2(), outputs: { keyId: "kb", email } };
      expect(
        await guard(preview(provider(op), step("delete", "ServiceAccountKey", byProvider(key)))),
      ).toMatchObject({
        exitCode: 2,
      });
    },
  );
  const key2 = () => ({ id: "projects/p2/serviceaccounts/b/keys/kb" });

  test("leave the answer open if it does not, or if the provider's email is a secret.", async () => {
    expect(await guard(preview(removes()))).toMatchObject({
      exitCode: 3,
      stdout: matching(
        /"company-b", which this preview does not show: run `pulumi preview --json --show-sames`/,
      ),
    });
    expect(await guard(preview(provider("same", { "dt:email": "[secret]" }), removes()))).toMatchObject({
      exitCode: 3,
      stdout: containing('the identity of the provider "company-b", which is a secret'),
    });
    expect(await guard(preview(removes()), "--email", email, "--key-id", "kb")).toMatchObject({
      exitCode: 2,
    });
    const person = byProvider(binding(project, "1", "jane@example.com"));
    expect(await guard(preview(step("delete", "ProjectRoleBinding", person)))).toMatchObject({ exitCode: 0 });
  });
});

describe("A resource that Pulumi only forgets is not a removal:", () => {
  const bucket = {
    op: "delete",
    urn: "urn:pulumi:a::b::aws:s3:Bucket::c",
    oldState: { type: "aws:s3:Bucket", id: "x" },
  };
  const us = (more: object): State => ({ ...binding(project, ourId(), world.admin.email), ...more });
  const cases: Record<string, () => object[]> = {
    retainOnDelete: () => [step("delete", "ProjectRoleBinding", us({ retainOnDelete: true }))],
    "something that was only looked up": () => [step("delete", "ProjectRoleBinding", us({ external: true }))],
    "the same, as Pulumi calls it": () => [step("discard", "ProjectRoleBinding", us({ external: true }))],
    "deletedWith, where the other resource is deleted": () => [
      step("delete", "ProjectRoleBinding", us({ deletedWith: bucket.urn })),
      bucket,
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, steps) => {
    expect(await guard(preview(...steps()))).toMatchObject({ exitCode: 0 });
  });

  test("but deletedWith a resource that stays is a removal, and so is a key that is deleted with its account.", async () => {
    const alone = step("delete", "ProjectRoleBinding", us({ deletedWith: bucket.urn }));
    expect(await guard(preview(alone, { ...bucket, op: "same" }))).toMatchObject({ exitCode: 2 });
    const owner = step("delete", "ServiceAccount", account(world.admin.name, "x@y"));
    const ourKey = {
      ...key(`${world.admin.name}/keys/${world.admin.keyId}`, world.admin.keyId),
      deletedWith: owner.urn,
    };
    expect(await guard(preview(owner, step("delete", "ServiceAccountKey", ourKey)))).toMatchObject({
      exitCode: 2,
      stdout: containing("which Pulumi logs in with"),
    });
  });
});

describe("A streamed preview", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "[secret]",
  };
  const events = (steps: { op: string; urn: string; oldState?: object; newState?: object }[]) => [
    { preludeEvent: { config: { "dt:email": world.admin.email } } },
    { diagnosticEvent: { severity: "debug", message: "x" } },
    ...steps.flatMap(({ op, urn, oldState, newState }) => {
      const metadata = { op, urn, old: oldState ?? null, new: newState ?? null, detailedDiff: null };
      return [
        { resourcePreEvent: { metadata, planning: true } },
        { resOutputsEvent: { metadata, planning: true } },
      ];
    }),
    { summaryEvent: { resourceChanges: { delete: 1 }, isPreview: true, result: "succeeded" } },
    { cancelEvent: {} },
  ];
  const streamOf = (lines: object[]) =>
    lines.map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 1, ...event })}\n`).join("");

  test("is read like the document, with its secrets.", async () => {
    const ours = step("delete", "ProjectRoleBinding", {
      ...binding(project, ourId(), ""),
      inputs: { member: secret, role: "roles/project.admin" },
    });
    expect(await guard(streamOf(events([ours])))).toMatchObject({
      exitCode: 2,
      stdout: matching(/^LOCK-OUT: delete/),
    });
    const jane = step("delete", "ProjectRoleBinding", binding(project, "1", "jane@example.com"));
    expect(await guard(streamOf(events([jane])))).toMatchObject({
      exitCode: 0,
      stdout: "nobody is locked out\n",
    });
  });

  test("that breaks off, that failed, or that is an update's, is an error.", async () => {
    const whole = events([]);
    const summary = (changes: object) => ({
      summaryEvent: { resourceChanges: {}, isPreview: true, result: "succeeded", ...changes },
    });
    const cases: [string, string][] = [
      [streamOf(whole.slice(0, -2)), "ends early"],
      [streamOf(whole).slice(0, -60), "ends early"],
      [streamOf([whole[0]!, summary({ result: "failed" })]), "the preview failed"],
      [streamOf([whole[0]!, { diagnosticEvent: { severity: "error" } }, summary({})]), "the preview failed"],
      [streamOf([whole[0]!, summary({ isPreview: false })]), "the output of an update"],
    ];
    for (const [input, said] of cases)
      expect({ said, ...(await guard(input)) }).toMatchObject({ exitCode: 1, stderr: containing(said) });
  });
});

test("--json prints the same for programs.", async () => {
  const run = await guard(
    preview(step("delete", "ServiceAccount", account(world.admin.name, world.admin.email))),
    "--json",
  );
  expect(JSON.parse(run.stdout)).toMatchObject({
    exitCode: 2,
    lockouts: [{ op: "delete", isAllowed: false }],
    warnings: [],
    unread: [],
  });
});

describe("A rename without an alias", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const named = (op: string, type: string, name: string, state: object) => {
    const token = `pulumi-nodejs:dynamic/dt:${type}`;
    const urn = `urn:pulumi:test::access::${token}::${name}`;
    const parent = "urn:pulumi:test::access::pulumi:pulumi:Stack::access-test";
    return { op, urn, [op === "create" ? "newState" : "oldState"]: { urn, type: token, parent, ...state } };
  };
  const renamesIn = async (steps: object[], ...args: string[]) => {
    const { stdout, exitCode } = await guard(preview(...steps), "--json", ...args);
    const { renames, warnings } = JSON.parse(stdout) as {
      renames: { from: string; to: string; outcome: string }[];
      warnings: string[];
    };
    const last = (urn: string) => urn.split("::").at(-1)!;
    return {
      exitCode,
      renames: renames.map(({ from, to, outcome }) => `${last(from)} -> ${last(to)}: ${outcome}`),
      warnings,
    };
  };
  const erp = "projects/p/serviceaccounts/erp";
  const keyOf = (id: string, keyId = id) => ({ id: `${erp}/keys/${id}`, outputs: { keyId } });

  test("of a retirement of keys, or of a list of members, is a warning, because nothing is deleted for it.", async () => {
    const list = { id: "organizations/o", inputs: { organization: "organizations/o" } };
    const retirement = { id: `${erp}/keys:retirement`, inputs: { serviceAccount: erp } };
    const steps = [
      named("delete", "OrganizationAccess", "a", list),
      named("create", "OrganizationAccess", "b", { ...list, id: "" }),
      named("delete", "KeyRetirement", "c", retirement),
      named("create", "KeyRetirement", "d", { ...retirement, id: "" }),
    ];
    expect(await renamesIn(steps)).toMatchObject({
      exitCode: 0,
      renames: ["a -> b: renewed", "c -> d: renewed"],
    });
  });

  test("of a key is recognized by its present id after a rotation; adopting a key for another resource is not a rename.", async () => {
    const gone = named("delete", "ServiceAccountKey", "old", keyOf("first", "second"));
    const adopting = (adopt: string) =>
      named("create", "ServiceAccountKey", "new", { inputs: { serviceAccount: erp, adopt } });
    expect(await renamesIn([gone, adopting("second")])).toMatchObject({
      exitCode: 0,
      renames: ["old -> new: kept"],
    });
    expect(await renamesIn([gone, adopting("third")])).toMatchObject({ exitCode: 0, renames: [] });
  });

  test("of a key can't be recognized if nothing says whose key it is.", async () => {
    const steps = [
      named("delete", "ServiceAccountKey", "old", keyOf("k")),
      named("create", "ServiceAccountKey", "new", { inputs: { serviceAccount: unknown } }),
    ];
    const { exitCode, renames, warnings } = await renamesIn(steps);
    expect({ exitCode, renames }).toEqual({ exitCode: 0, renames: [] });
    expect(warnings).toEqual([matching(/serviceAccount is a secret, or not known before the update/)]);
  });

  test("of one of two keys of an account names both, and so does one of two accounts with the same name.", async () => {
    const steps = [
      named("delete", "ServiceAccountKey", "a", keyOf("a")),
      named("delete", "ServiceAccountKey", "b", keyOf("b")),
      named("create", "ServiceAccountKey", "c", { inputs: { serviceAccount: erp } }),
    ];
    const run = await guard(preview(...steps));
    expect(run).toMatchObject({ exitCode: 2, stdout: containing('"a" or "b" is "c" now') });
  });

  test("of a member is recognized by any address in the state, in any Unicode spelling, or otherwise by the account's id.", async () => {
    const coming = (member: string) =>
      named("create", "ProjectRoleBinding", "new", { inputs: { project, member } });
    const going = (id: string, member: string, outputs: object = {}) =>
      named("delete", "ProjectRoleBinding", "old", {
        id: `${project}/members/${id}`,
        inputs: { project, member },
        outputs,
      });
    const composed = "Ren\u00e9@example.com";
    for (const steps of [
      [going("1", composed.normalize("NFD")), coming(` ${composed.toUpperCase()}`)],
      [going("1", "jane@old.example", { email: "jane@new.example" }), coming("jane@new.example")],
      [going("erp", "[secret]"), coming("erp@p.serviceaccount.d21s.com")],
    ])
      expect(await renamesIn(steps)).toMatchObject({ renames: ["old -> new: refused"], warnings: [] });
    const bob = [going("1", "jane@example.com"), coming("bob@example.com")];
    expect(await renamesIn(bob)).toMatchObject({ renames: [], warnings: [] });
  });

  test("fails or passes as --fail-on-rename says.", async () => {
    const steps = [
      named("delete", "ServiceAccountKey", "old", keyOf("k")),
      named("create", "ServiceAccountKey", "new", { inputs: { serviceAccount: erp } }),
    ];
    expect(await renamesIn(steps)).toMatchObject({ exitCode: 2, renames: ["old -> new: lost"] });
    expect(await renamesIn(steps, "--fail-on-rename", "none")).toMatchObject({ exitCode: 0 });
    expect(await guard(preview(...steps), "--fail-on-rename", "some")).toMatchObject({
      exitCode: 1,
      stderr: containing("losing, any or none"),
    });
  });
});

test("A membership that another resource of the stack still holds is not lost by a deletion.", async () => {
  const us = binding(project, ourId(), world.admin.email);
  const steps = [
    step("same", "ProjectRoleBinding", us),
    { ...step("delete", "ProjectRoleBinding", us), urn: "urn:pulumi:test::access::x::again" },
  ];
  expect(await guard(preview(...steps))).toMatchObject({ exitCode: 0 });
});

test("A service account that replaces the last administrator can administer at once.", async () => {
  weOnlyLook();
  const ada = admins().find(({ email }) => email === "ada@example.com")!;
  const robot = {
    id: "",
    inputs: { organization: world.organization, member: "s@p.serviceaccount.d21s.com" },
  };
  const [before] = [removal(ada).oldState];
  const steps = [step("replace", "OrgAdminBinding", before, robot)];
  expect(await guard(preview(...steps))).toMatchObject({
    exitCode: 0,
    stdout: "nobody is locked out\n",
  });
});
