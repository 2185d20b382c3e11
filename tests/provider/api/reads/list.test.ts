import * as v from "valibot";
import { listAll } from "../../../../provider/api/reads/list";
import { notSeen } from "../../../../provider/api/http/errors";
import { connect, type Api } from "../../../../provider/api/http/client";
import { findMemberByEmail, listMembers } from "../../../../provider/api/reads/memberLists";
import { listKeys, listServiceAccounts } from "../../../../provider/api/reads/accountLists";
import { readSettings } from "../../../../provider/session/settings";
import { failureOf, startWorld, type World } from "../../world";

let world: World;
let api: Api;
let project: string;
beforeAll(async () => {
  world = await startWorld();
  const settings = world.settingsOf();
  api = await connect(readSettings((key) => settings[key], {}));
  [, project] = world.projects;
  for (let number = 0; number < 2500; number++)
    world.cloud.members.create({
      scope: project,
      email: `Person${number}@example.com`,
      roles: ["roles/project.user"],
    });
});
beforeEach(() => {
  world.requests.clear();
  world.faults.clear();
});

test("2,500 members are all read, a hundred at a time, each once", async () => {
  const members = await listMembers(api, project);
  expect(members).toHaveLength(2500);
  expect(new Set(members.map(({ name }) => name)).size).toBe(2500);
  expect(world.calls()).toEqual(Array<string>(25).fill(`GET ${project}/members`));
  const pages = world.requests.filter(({ path }) => path.endsWith("/members"));
  expect(pages.map(({ query }) => query.pageSize)).toEqual(Array<string>(25).fill("100"));
});

test("one of them is found by email, whatever its case", async () => {
  const found = await findMemberByEmail(api, project, "person2499@example.com");
  expect(found?.email).toBe("Person2499@example.com");
  expect(await findMemberByEmail(api, project, "person@example.com")).toBeUndefined();
});

test("callers that share a request each get the fields that they ask for", async () => {
  const read = <const S extends v.GenericSchema>(item: S) => listAll(api, "projects", "projects", item);
  const names = v.object({ name: v.string() });
  const titles = v.object({ displayName: v.string() });
  const [first, second] = await Promise.all([read(names), read(titles)]);
  expect(world.calls()).toEqual(["GET projects"]);
  expect(first[0]).toEqual({ name: expect.stringMatching(/^projects\//) as string });
  expect(second[0]).toEqual({ displayName: expect.stringMatching(/./) as string });
});

test("empty lists are not an error", async () => {
  const { name } = world.cloud.accounts.create({ project });
  expect(await listKeys(api, name)).toEqual([]);
  expect(await listMembers(api, world.projects[2]!)).toEqual([]);
  expect((await listServiceAccounts(api, project)).map((account) => account.name)).toEqual([name]);
});

test.each([
  [
    "refused",
    { kind: "respond", status: 400, body: { error: "expired pageToken" } },
    "400 expired pageToken",
  ],
  [
    "forbidden meanwhile",
    { kind: "respond", status: 404, body: { error: "not found" } },
    `404 not found; ${notSeen("EMAIL")}`,
  ],
  [
    "without its list",
    { kind: "respond", status: 200, body: { nextPageToken: "" } },
    "200 malformed answer: members is missing",
  ],
  ["with no body", { kind: "respond", status: 200 }, "200 malformed answer: the body is missing"],
  [
    "with a member that is none",
    {
      kind: "respond",
      status: 200,
      body: { members: [{ name: "projects/p/members/m" }], nextPageToken: "" },
    },
    "200 malformed answer: members.0.roles is missing",
  ],
] as const)("a list whose third page is %s is an error, never half a list", async (_what, effect, said) => {
  world.faults.add({ path: `/v2/${project}/members`, skip: 2, effect });
  expect((await failureOf(listMembers(api, project))).message).toBe(
    `GET ${project}/members: ${said.replace("EMAIL", world.admin.email)}`,
  );
});

test("a page that fails for a moment is requested again, and the list is complete", async () => {
  const effect = { kind: "respond", status: 503 } as const;
  world.faults.add({ path: `/v2/${project}/members`, skip: 12, effect });
  expect(await listMembers(api, project)).toHaveLength(2500);
  expect(world.calls()).toHaveLength(26);
});

test("a repeated page token ends the list with an error instead of an endless loop", async () => {
  const body = { members: [], nextPageToken: "again" };
  world.faults.add({
    path: `/v2/${project}/members`,
    times: "untilCleared",
    effect: { kind: "respond", status: 200, body },
  });
  expect((await failureOf(listMembers(api, project))).message).toBe(
    `GET ${project}/members: the list has no end: the same page token came twice`,
  );
  expect(world.calls()).toHaveLength(2);
});
