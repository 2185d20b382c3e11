import type { EmulatorOptions, Unknowns } from "../../../../emulator";
import { noteFound } from "../../../../provider/api/http/recentlyCreated";
import type { Handler, Properties } from "../../stack";
import { failureOf, printed, startWorld, type Configuration, type World } from "../../world";

/** A prefix of project names that differs in every world, because a process remembers its own creations. */
let inWorld = "";
let worlds = 0;

const nameOf = (project: number): string => `projects/${inWorld}${project}`;

/**
 * Twenty projects, and the calls of one resource in its own session.
 *
 * @param roles of the identity that it runs as, in the first projects; the administrator's by default
 */
async function manyProjects(options: EmulatorOptions = {}, roles?: readonly string[]) {
  inWorld = `w${++worlds}p`;
  const world = await startWorld({
    ...options,
    seed: {
      organizations: [
        {
          displayName: "Company",
          projects: Array.from({ length: 20 }, (_, index) => ({
            id: `${inWorld}${index}`,
            displayName: `P${index}`,
          })),
        },
      ],
      users: [{ email: "known@example.com" }],
    },
  });
  const granted = Object.fromEntries((roles ?? []).map((role, index) => [nameOf(index), role]));
  const login = roles === undefined ? world.admin : world.identity(granted);
  const settings: Configuration = { ...world.settingsOf(login), "dt:retryDelay": "0.02" };
  return { world, handler: world.stack(settings).handlers.projectRoleBinding };
}

interface Wanted {
  project: string;
  member: string;
  role: string;
  adopt?: true;
}
const grant = (project: number, member = "known@example.com", role = "roles/project.user"): Wanted => ({
  project: nameOf(project),
  member,
  role,
});
const inAll = (member?: string): Wanted[] =>
  Array.from({ length: 20 }, (_, project) => grant(project, member));

interface Made {
  id: string;
  outs: Properties;
}
const urn = ({ project, member }: Wanted) => ({
  __urn: `urn:pulumi:test::test::binding::${project}-${member}`,
});

const create = (handler: Handler, wanted: readonly Wanted[]): Promise<PromiseSettledResult<Made>[]> =>
  Promise.allSettled(wanted.map((each) => handler.create({ ...each, ...urn(each) })));
async function created(handler: Handler, wanted: readonly Wanted[]): Promise<Made[]> {
  return (await create(handler, wanted)).map(fulfilled);
}
function fulfilled<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
/** Removes bindings that have existed for a while. */
function remove(handler: Handler, made: readonly Made[]): Promise<PromiseSettledResult<void>[]> {
  made.forEach(({ id }) => noteFound(id));
  return removeAtOnce(handler, made);
}
const removeAtOnce = (handler: Handler, made: readonly Made[]): Promise<PromiseSettledResult<void>[]> =>
  Promise.allSettled(made.map(({ id, outs }) => handler.delete(id, outs)));

const writes = (world: World) => world.writes().filter((call) => call !== "POST oauth2/token");
const batches = (world: World) => writes(world).filter((call) => call.includes(":batch"));
const membersIn = (world: World) =>
  world.cloud.members.list().filter(({ name }) => name.startsWith("projects/"));
const reasonOf = (outcome: PromiseSettledResult<unknown>): string =>
  outcome.status === "rejected" ? (outcome.reason as Error).message : "";

describe("granting", () => {
  test("bindings that are created together need one call, and send one mail to each person", async () => {
    const { world, handler } = await manyProjects();
    const wanted = [...inAll("new@example.com"), ...inAll()];
    const made = await created(handler, wanted);
    expect(writes(world)).toEqual(["POST projects/-/members:batchCreate"]);
    expect(made.map(({ id }) => id.split("/members/")[0])).toEqual(wanted.map(({ project }) => project));
    expect(made[0]?.outs).toMatchObject({
      member: "new@example.com",
      status: "PENDING",
      accountType: "USER",
    });
    expect(world.cloud.mails.map(({ to, scopes }) => [to, scopes.length])).toEqual([
      ["new@example.com", 20],
      ["known@example.com", 20],
    ]);
  });

  test("a single binding uses a call for one", async () => {
    const { world, handler } = await manyProjects();
    await created(handler, [grant(3)]);
    expect(writes(world)).toEqual([`POST ${nameOf(3)}/members`]);
  });

  test.each([8, 64])("%p at the same time, as many as the engine sends, share a batch", async (parallel) => {
    const { world, handler } = await manyProjects();
    const queue = Array.from({ length: 400 }, (_, index) =>
      grant(index % 20, `person-${Math.floor(index / 20)}@example.com`),
    );
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await created(handler, [next]);
        await new Promise(setImmediate);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    expect(membersIn(world)).toHaveLength(400);
    expect(writes(world).length).toBeLessThanOrEqual((400 / parallel) * 2 + 5);
  });

  const existing: Partial<Unknowns>[] = (["409", "skipped", "perItem"] as const).flatMap(
    (batchExistingMember) => [
      { batchExistingMember },
      ...(["fewerMembers", "batchErrors", "firstError"] as const).flatMap((batchFailureFormat) => [
        { batchExistingMember, batchAtomic: false, batchFailureFormat },
        { batchExistingMember, batchAtomic: false, batchFailureFormat, memberCreateTime: "null" as const },
      ]),
    ],
  );
  test.each(existing)(
    "only those that are already members get an error that says so: %j",
    async (unknowns) => {
      const { world, handler } = await manyProjects({ unknowns });
      const present = world.cloud.members.create({
        scope: nameOf(7),
        email: "known@example.com",
        roles: ["roles/project.user"],
      });
      if (unknowns.memberCreateTime === undefined)
        world.cloud.members.update(present.name, { createTime: "2024-05-01T00:00:00.000000Z" });
      const outcomes = await create(handler, inAll());
      expect(reasonOf(outcomes[7]!)).toContain(
        `known@example.com is already a member of ${nameOf(7)}, as project.user`,
      );
      // Without times nothing tells which members a failed call created, so the user is asked.
      const isUntold = unknowns.batchFailureFormat === "firstError" && unknowns.memberCreateTime === "null";
      const failed = outcomes.filter(({ status }) => status === "rejected");
      if (isUntold) expect(failed.map(reasonOf).join("\n")).toContain("set adopt: true");
      else expect(failed).toHaveLength(1);
      expect(membersIn(world)).toHaveLength(20);

      const said = await printed(async () => {
        const [adopted] = await created(handler, [
          { ...grant(7), adopt: true },
          { ...grant(8), adopt: true },
        ]);
        expect(adopted?.id).toBe(present.name);
      });
      expect(said).toContain(`adopted the membership of known@example.com in ${nameOf(7)}`);
    },
  );

  const failures: Partial<Unknowns>[] = [
    {},
    ...(["fewerMembers", "batchErrors", "firstError"] as const).map((batchFailureFormat) => ({
      batchAtomic: false,
      batchFailureFormat,
    })),
    { batchMixedEmails: "400" },
    { batchLimit: 3 },
  ];
  test.each(failures)(
    "each bad one gets the error that its own call would give, and the good ones are created: %j",
    async (unknowns) => {
      const { world, handler } = await manyProjects({ unknowns });
      const bad = [
        grant(1, `c0@${inWorld}0.serviceaccount.d21s.com`),
        { ...grant(2), project: "projects/nowhere" },
        grant(3, "third@example.com", "roles/project.emperor"),
      ];
      const outcomes = await create(handler, [...inAll("new@example.com"), ...bad, ...inAll()]);
      expect(outcomes.slice(20, 23).map(reasonOf)).toEqual([
        expect.stringMatching(/^POST projects\/w\d+p1\/members: 400 no such service account/),
        expect.stringMatching(/^POST projects\/nowhere\/members: 404 /),
        expect.stringMatching(/^POST projects\/w\d+p3\/members: 400 no such role/),
      ]);
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(3);
      expect(membersIn(world)).toHaveLength(40);
    },
  );

  test.each(["403", "404", "400", "501"] as const)(
    "an API that answers batches with %s gets single calls, and soon receives only those",
    async (batchSupported) => {
      const { world, handler } = await manyProjects({ unknowns: { batchSupported } });
      const [first, ...others] = Array.from({ length: 12 }, (_, round) =>
        inAll(`person-${round}@example.com`),
      );
      await created(handler, first!);
      for (const wanted of others) await created(handler, wanted);
      expect(membersIn(world)).toHaveLength(240);
      expect(batches(world).length).toBeLessThanOrEqual(batchSupported === "400" ? 4 : 1);
      world.requests.clear();
      await created(handler, inAll("last@example.com"));
      expect(batches(world)).toEqual([]);
    },
  );

  test("the limits on items and on emails are learned", async () => {
    const { world, handler } = await manyProjects({ unknowns: { batchLimit: 10, batchMixedEmails: "400" } });
    const wanted = (round: number) => [
      ...inAll(`a-${round}@example.com`),
      ...inAll(`b-${round}@example.com`),
    ];
    for (let round = 0; round < 3; round++) await created(handler, wanted(round));
    world.requests.clear();
    await created(handler, wanted(3));
    expect(writes(world)).toEqual(Array(4).fill("POST projects/-/members:batchCreate"));
    expect(membersIn(world)).toHaveLength(160);
  });

  test("a bad item does not stop the use of batches", async () => {
    const { world, handler } = await manyProjects();
    for (let round = 0; round < 2; round++) {
      await create(handler, [
        ...inAll(`a-${round}@example.com`),
        { ...grant(2), project: "projects/nowhere" },
      ]);
    }
    world.requests.clear();
    await created(handler, inAll());
    expect(writes(world)).toEqual(batches(world));
  });

  test("a binding that is declared twice is created once, and the second gets an error that says so", async () => {
    const { world, handler } = await manyProjects();
    for (const unknowns of [
      {},
      { batchAtomic: false },
      { batchAtomic: false, batchFailureFormat: "firstError" },
    ]) {
      Object.assign(world.unknowns, unknowns);
      const member = `twice-${membersIn(world).length}@example.com`;
      const outcomes = await create(handler, [...inAll(member), grant(3, member)]);
      expect(reasonOf(outcomes[20]!)).toContain(`${member} is already a member of ${nameOf(3)}`);
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
      // And in another batch, at about the same time.
      expect(reasonOf((await create(handler, [grant(3, member), grant(4, `b-${member}`)]))[0]!)).toContain(
        "already",
      );
    }
  });

  const lost: [string, Parameters<World["faults"]["add"]>[0]["effect"]][] = [
    ["is lost after the change", { kind: "drop", when: "afterCommit" }],
    ["is lost before the change", { kind: "drop", when: "beforeCommit" }],
    ["is a 503 after the change", { kind: "respond", status: 503, when: "afterCommit" }],
    ["is a 503 before the change", { kind: "respond", status: 503 }],
    ["is cut", { kind: "truncate", bytes: 300 }],
    ["is empty", { kind: "respond", status: 200, when: "afterCommit" }],
    ["is a proxy's page", { kind: "respond", status: 200, body: "<html>", when: "afterCommit" }],
    ["tells of nobody", { kind: "respond", status: 200, body: { members: [] }, when: "afterCommit" }],
  ];
  test.each(lost)(
    "if the answer to a batch %s, each binding is created exactly once",
    async (_what, effect) => {
      const { world, handler } = await manyProjects();
      world.faults.add({ method: "POST", path: "/v2/projects/-/members:batchCreate", effect });
      const made = await created(handler, inAll("new@example.com"));
      expect(
        membersIn(world)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(made.map(({ id }) => id).sort());
      const committed = world.requests.filter(
        ({ path, method }) => method === "POST" && path.startsWith("/v2/projects/"),
      );
      // Existing members are looked up before anything is repeated.
      expect(committed.length).toBeLessThanOrEqual(22);
    },
  );

  test.each([
    ["not made", undefined],
    ["made", "afterCommit"],
  ] as const)(
    "an API that fails at every batch, with the members %s, gets a call for each, and each reports its own error",
    async (_what, when) => {
      const { world, handler } = await manyProjects();
      world.faults.add({
        method: "POST",
        path: "/v2/projects/-/members:batchCreate",
        effect: { kind: "respond", status: 500, ...(when === undefined ? {} : { when }) },
        times: "untilCleared",
      });
      for (let round = 0; round < 4; round++) {
        const bad = grant(1, `c${round}@${inWorld}0.serviceaccount.d21s.com`);
        const outcomes = await create(handler, [...inAll(`person-${round}@example.com`), bad]);
        expect(reasonOf(outcomes.pop()!)).toContain("400 no such service account");
        outcomes.forEach(fulfilled);
      }
      expect(membersIn(world)).toHaveLength(80);
      expect(batches(world)).toHaveLength(3);
    },
  );

  test("a lost batch does not adopt a binding that another person created before", async () => {
    const { world, handler } = await manyProjects();
    const present = world.cloud.members.create({
      scope: nameOf(7),
      email: "known@example.com",
      roles: ["roles/project.user"],
    });
    world.cloud.members.update(present.name, { createTime: "2024-05-01T00:00:00.000000Z" });
    world.faults.add({
      method: "POST",
      path: "/v2/projects/-/members:batchCreate",
      effect: { kind: "drop", when: "beforeCommit" },
    });
    const outcomes = await create(handler, inAll());
    expect(reasonOf(outcomes[7]!)).toContain("already a member");
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });

  test("accounts that are not known everywhere yet are waited for, and batches stay in use", async () => {
    const { world, handler } = await manyProjects({ unknowns: { propagationAccountMs: 600 } });
    const stack = world.stack({ ...world.settingsOf(), "dt:retryDelay": "0.02" });
    await stack.up({ erp: ["serviceAccount", { project: nameOf(0), displayName: "ERP" }] });
    await created(handler, inAll(String(stack.made.erp!.outs.email)));
    expect(membersIn(world)).toHaveLength(20);
    world.requests.clear();
    await created(handler, inAll());
    expect(writes(world)).toEqual(["POST projects/-/members:batchCreate"]);
  });

  test("two sessions share no batch", async () => {
    const { world, handler } = await manyProjects();
    const stranger = world.stack(world.settingsOf(world.identity({}))).handlers.projectRoleBinding;
    const [made, refused] = await Promise.all([
      create(handler, inAll()),
      create(stranger, inAll("b@example.com")),
    ]);
    expect(made.every(({ status }) => status === "fulfilled")).toBe(true);
    for (const outcome of refused) expect(reasonOf(outcome)).toContain("403");
  });

  test("without the right to grant in one project, that one fails and the others are created", async () => {
    const { world, handler } = await manyProjects({}, [
      ...Array<string>(19).fill("project.admin"),
      "project.user",
    ]);
    const outcomes = await create(handler, inAll());
    expect(outcomes.map(({ status }) => status).indexOf("rejected")).toBe(19);
    expect(reasonOf(outcomes[19]!)).toContain(
      `needs the role project.admin in ${nameOf(19)} (permission membership.create)`,
    );
    expect(world.cloud.members.list(nameOf(0))).toHaveLength(2);
  });
});

describe("revoking", () => {
  test("bindings that are removed together need one call, and checks that they are deleted", async () => {
    const { world, handler } = await manyProjects();
    const made = [await created(handler, inAll()), await created(handler, inAll("new@example.com"))];
    world.requests.clear();
    for (const each of made) (await remove(handler, each)).forEach(fulfilled);
    expect(membersIn(world)).toEqual([]);
    expect(writes(world)).toEqual(Array(2).fill("POST projects/-/members:batchDelete"));
  });

  test("invitations that may have been accepted need one list for each project, in any order, and nobody keeps access", async () => {
    const { world, handler } = await manyProjects({ unknowns: { memberIdChangesOnAccept: true } });
    const people = Array.from({ length: 10 }, (_, index) => `person-${index}@example.com`);
    const made = (await Promise.all(people.map((member) => created(handler, inAll(member))))).flat();
    for (const { id } of made) noteFound(id);
    world.cloud.acceptInvitation(people[3]!);
    world.requests.clear();
    const queue = [...made].sort((left, right) =>
      String(left.outs.__urn) < String(right.outs.__urn) ? -1 : 1,
    );
    const work = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        (await remove(handler, [next])).forEach(fulfilled);
        await new Promise(setImmediate);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(membersIn(world)).toEqual([]);
    // For each project: one read of a member, one list, and one check that a batch really deletes.
    expect(world.calls().length).toBeLessThan(3 * 20 + made.length / 4);
  });

  test("a person who accepts an invitation while the others are being removed is removed, too", async () => {
    const { world, handler } = await manyProjects({ unknowns: { memberIdChangesOnAccept: true } });
    const people = ["a@example.com", "b@example.com", "c@example.com"];
    const made = await created(
      handler,
      people.map((member) => grant(3, member)),
    );
    for (const each of made.slice(0, 2)) (await remove(handler, [each])).forEach(fulfilled);
    world.cloud.acceptInvitation(people[2]!);
    (await remove(handler, made.slice(2))).forEach(fulfilled);
    expect(membersIn(world)).toEqual([]);
  });

  test("a single binding uses a call for one", async () => {
    const { world, handler } = await manyProjects();
    const made = await created(handler, [grant(3)]);
    (await remove(handler, made)).forEach(fulfilled);
    expect(writes(world)).toEqual([`POST ${nameOf(3)}/members`, `DELETE ${made[0]!.id}`]);
  });

  const partly: Partial<Unknowns>[] = [
    {},
    ...(["fewerMembers", "batchErrors", "firstError"] as const).map((batchFailureFormat) => ({
      batchAtomic: false,
      batchFailureFormat,
    })),
    { successWithoutBody: "204" },
    { batchLimit: 4 },
    { batchSupported: "403" },
    { batchSupported: "501" },
  ];
  test.each(partly)(
    "one that must not be removed is told apart from the removed ones, even if the API says nothing: %j",
    async (unknowns) => {
      const { world, handler } = await manyProjects({ unknowns }, Array<string>(20).fill("project.admin"));
      const made = await created(handler, inAll());
      // A person takes our right away in one project.
      const ours = world.cloud.members
        .list(nameOf(5))
        .find(({ accountType }) => accountType === "SERVICE_ACCOUNT")!;
      world.cloud.members.update(ours.name, { roles: ["roles/project.user"] });
      const outcomes = await remove(handler, made);
      expect(outcomes.map(({ status }) => status).indexOf("rejected")).toBe(5);
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
      expect(reasonOf(outcomes[5]!)).toContain("403");
      expect(
        membersIn(world)
          .filter(({ email }) => email === "known@example.com")
          .map(({ name }) => name),
      ).toEqual([made[5]!.id]);
    },
  );

  test.each(["404", "skipped"] as const)(
    "a member that is already removed is not a failure if a batch answers it with %s",
    async (batchDeleteMissing) => {
      const { world, handler } = await manyProjects({ unknowns: { batchDeleteMissing } });
      const made = await created(handler, inAll());
      world.cloud.members.delete(made[4]!.id);
      world.cloud.members.delete(made[9]!.id);
      (await remove(handler, made)).forEach(fulfilled);
      expect(membersIn(world)).toEqual([]);
    },
  );

  test.each(["afterCommit", "beforeCommit"] as const)(
    "nobody keeps access after an answer that is lost %s",
    async (when) => {
      const { world, handler } = await manyProjects();
      const made = await created(handler, inAll());
      world.faults.add({
        method: "POST",
        path: "/v2/projects/-/members:batchDelete",
        effect: { kind: "drop", when },
      });
      (await remove(handler, made)).forEach(fulfilled);
      expect(membersIn(world)).toEqual([]);
    },
  );

  test("a member that is too new to be seen everywhere is not skipped", async () => {
    const unknowns = { propagationMemberMs: 500, batchDeleteMissing: "skipped" } as const;
    const { world, handler } = await manyProjects({ unknowns });
    const made = await created(handler, inAll());
    (await removeAtOnce(handler, made)).forEach(fulfilled);
    expect(membersIn(world)).toEqual([]);
  });

  test("nobody waits to see a member that was just removed, even if the server's clock says that it is new", async () => {
    const { world } = await manyProjects();
    const { projectRoleBinding: handler } = world.stack().handlers;
    const made = await created(handler, inAll());
    world.clock.advance(12_000);
    await handler.read(made[0]!.id, made[0]!.outs);
    world.onRequest({ method: "POST", path: "/v2/projects/-/members:batchDelete" }, () =>
      world.clock.advance(-5000),
    );
    world.requests.clear();
    (await removeAtOnce(handler, made)).forEach(fulfilled);
    expect(membersIn(world)).toEqual([]);
    expect(writes(world)).toEqual(["POST projects/-/members:batchDelete"]);
    // The call, a list before it and after it, a read of one project, and two of our permissions.
    expect(world.calls()).toHaveLength(6);
  });

  test("the identity of this run is kept, before any request is sent, and the others are removed", async () => {
    const { world, handler } = await manyProjects({}, ["project.admin", "project.admin"]);
    const made = await created(handler, [
      grant(0),
      grant(1),
      grant(0, "b@example.com"),
      grant(1, "b@example.com"),
    ]);
    const own = world.cloud.members.list(nameOf(0))[0]!;
    const ours = {
      id: own.name,
      outs: { ...made[0]!.outs, member: own.email.toLowerCase(), memberId: own.name.split("/")[3] },
    };
    const outcomes = await remove(handler, [ours, ...made]);
    expect(reasonOf(outcomes[0]!)).toContain("the identity this run logs in as");
    outcomes.slice(1).forEach(fulfilled);
    expect(membersIn(world).map(({ email }) => email)).toEqual([own.email, own.email]);
    expect(await failureOf(remove(handler, [ours]).then(([outcome]) => fulfilled(outcome!)))).toBeInstanceOf(
      Error,
    );
  });

  test("a member that is already removed does not stop the use of batches", async () => {
    const { world, handler } = await manyProjects();
    const [first, second] = [await created(handler, inAll()), await created(handler, inAll("b@example.com"))];
    world.cloud.members.delete(first[4]!.id);
    (await remove(handler, first)).forEach(fulfilled);
    world.requests.clear();
    (await remove(handler, second)).forEach(fulfilled);
    expect(writes(world)).toEqual(["POST projects/-/members:batchDelete"]);
  });

  test("one that may no longer be removed is an error, if the answer says so beside a success", async () => {
    const unknowns = { batchAtomic: false, batchFailureFormat: "batchErrors" } as const;
    const { world, handler } = await manyProjects({ unknowns }, Array<string>(20).fill("project.admin"));
    const [first, second] = [await created(handler, inAll()), await created(handler, inAll("b@example.com"))];
    (await remove(handler, first)).forEach(fulfilled);
    const ours = world.cloud.members
      .list(nameOf(5))
      .find(({ accountType }) => accountType === "SERVICE_ACCOUNT")!;
    world.cloud.members.update(ours.name, { roles: ["roles/project.user"] });
    const outcomes = await remove(handler, second);
    expect(outcomes.map(({ status }) => status).indexOf("rejected")).toBe(5);
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(reasonOf(outcomes[5]!)).toContain("403");
  });

  test("an administrator that the API keeps is an error, even among others and without a message", async () => {
    const unknowns = { batchAtomic: false, lastProjectAdminRemoval: "400" } as const;
    const { world, handler } = await manyProjects({ unknowns });
    const others = await created(handler, inAll());
    (await remove(handler, others)).forEach(fulfilled);
    const made = await created(handler, [
      grant(6, undefined, "roles/project.admin"),
      ...inAll("b@example.com"),
    ]);
    const outcomes = await remove(handler, made);
    expect(reasonOf(outcomes[0]!)).toContain("the last administrator cannot be removed");
    expect(membersIn(world).map(({ name }) => name)).toEqual([made[0]!.id]);
  });
});
